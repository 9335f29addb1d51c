"""What every given thing has in common: text, revisions, marks, files, labels, followers. (Facet: portfolio)"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    from iocop.contributions import export, jobs, listeners, models, own_files  # noqa: F401 -- each registers itself
    from iocop.contributions.views import contributions
    from iocop.core import limits

    limits.init_app(app)
    app.register_blueprint(contributions)
