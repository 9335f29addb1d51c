"""What a community gathered elsewhere, with its authors, licences and history. (Facet: technology)"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    from iocop.imports import bench, cli, events, slots, views  # noqa: F401 -- some register themselves

    app.cli.add_command(cli.imports)
    app.cli.add_command(cli.exports)
    app.register_blueprint(views.imports)
