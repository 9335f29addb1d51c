"""People who take part: sign-in, sessions, profile, privacy, their own data. (Facet: identity)"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    from iocop.core.login import manager
    from iocop.members import models, services  # noqa: F401 -- its tables join the metadata

    manager.user_loader(services.viewer_with)
