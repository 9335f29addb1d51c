"""Curated articles that stay true: proposals, reviews by two organizations, freshness. (Facet: portfolio)"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    from iocop.repertoire import models, policy  # noqa: F401 -- tables are known, facts provided from now on
    from iocop.repertoire.views import repertoire

    app.register_blueprint(repertoire)
