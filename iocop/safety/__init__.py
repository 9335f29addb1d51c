"""Safe to post: what a text might give away is shown to its author alone, before it is posted. (Facet: structure)"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    from iocop.members.settings_pages import add_settings_page
    from iocop.safety import export, listeners, models  # noqa: F401 -- they register themselves
    from iocop.safety.views import safety

    app.register_blueprint(safety)
    add_settings_page("safety.settings", _l("Safe to post?"), 60)
