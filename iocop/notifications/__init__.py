"""The inbox and the plain mail that closes the loop. (Facet: technology)"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    from iocop.notifications import listeners  # noqa: F401 -- it listens from now on
    from iocop.notifications.views import notifications

    app.register_blueprint(notifications)
