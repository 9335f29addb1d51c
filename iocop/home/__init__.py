"""The front page for guests and members, the directory, and how this community works. (Facet: technology)"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    from iocop.home import filters
    from iocop.home.views import home

    filters.init_app(app)
    app.register_blueprint(home)
