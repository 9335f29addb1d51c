"""A made-up community to look at and to test against. (Facet: technology)"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    from iocop.demo import cli, views

    app.register_blueprint(views.demo)
    app.cli.add_command(cli.run)
    app.cli.add_command(cli.demo)
