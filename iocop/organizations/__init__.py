"""Organizations, and dated affiliations that an employer can prove but never own. (Facet: identity)"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    from iocop.members.settings_pages import add_settings_page
    from iocop.organizations import exports, jobs, listeners, models, slots  # noqa: F401 -- they register themselves
    from iocop.organizations.views import organizations

    app.register_blueprint(organizations)
    add_settings_page("organizations.mine", _l("Affiliations"), 15)
