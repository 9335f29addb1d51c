"""The administrator's desk for domains, spaces, offices and the site itself. (Facet: technology)"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    from iocop.admin.views import admin

    app.register_blueprint(admin)
