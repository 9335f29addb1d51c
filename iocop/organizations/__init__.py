"""Organizations, and dated affiliations that an employer can prove but never own. (Facet: identity)"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    from iocop.organizations import exports, jobs, listeners, models, slots  # noqa: F401 -- they register themselves
    from iocop.organizations.views import organizations

    app.register_blueprint(organizations)
