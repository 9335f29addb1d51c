"""Curated articles that stay true: proposals, reviews by two organizations, freshness. (Facet: portfolio)"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    from iocop.repertoire import export, jobs, listeners, models, policy, slots  # noqa: F401 -- each registers itself
    from iocop.repertoire.queries import confirmations  # noqa: F401 -- it provides a fact
    from iocop.repertoire.views import repertoire

    app.register_blueprint(repertoire)
