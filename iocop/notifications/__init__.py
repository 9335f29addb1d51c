"""The inbox and the plain mail that closes the loop. (Facet: technology)"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    from iocop.members.settings_pages import add_settings_page
    from iocop.notifications import (  # noqa: F401 -- they register themselves
        asking,
        candidates,
        doubts,
        elections,
        export,
        forgetting,
        irregular,
        jobs,
        levels,
        listeners,
        officers,
        searches,
    )
    from iocop.notifications.views import notifications

    app.register_blueprint(notifications)
    add_settings_page("notifications.settings", _l("Notices"), 50)
