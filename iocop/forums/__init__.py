"""Questions with accepted answers, discussions and announcements. (Facet: portfolio)"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    from iocop.forums import listeners, slots  # noqa: F401 -- they listen and fill from now on
    from iocop.forums.views import forums

    app.register_blueprint(forums)
