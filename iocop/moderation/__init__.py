"""Reports, one queue, and rulings with reasons. (Facet: structure)"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    from iocop.moderation import export, listeners, slots  # noqa: F401 -- they register themselves
    from iocop.moderation.views import moderation

    app.register_blueprint(moderation)
