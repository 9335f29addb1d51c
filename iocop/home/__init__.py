"""The front page for guests and members, the directory, and how this community works. (Facet: technology)"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    from flask_babel import lazy_gettext as _l

    from iocop.home import filters
    from iocop.home.views import home
    from iocop.members.settings_pages import add_settings_page

    filters.init_app(app)
    app.register_blueprint(home)
    add_settings_page("home.my_domains", _l("Domains"), 15)
