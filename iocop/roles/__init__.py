"""Who holds which office, where, and by which decision. (Facet: structure)"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    from iocop.roles import cli, exports, jobs, listeners, models, slots, start  # noqa: F401 -- they register themselves
    from iocop.roles.views import roles

    app.register_blueprint(roles)
    cli.init_app(app)
