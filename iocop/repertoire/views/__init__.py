"""The repertoire's pages; one module a kind of page."""

from flask import Blueprint

repertoire = Blueprint("repertoire", __name__)

from iocop.repertoire.views import (  # noqa: E402 -- their routes join the blueprint
    confirming,  # noqa: F401
    discussion,  # noqa: F401
    distilling,  # noqa: F401
    following,  # noqa: F401
    freshness,  # noqa: F401
    glossary,  # noqa: F401
    history,  # noqa: F401
    keeping,  # noqa: F401
    lineage,  # noqa: F401
    links,  # noqa: F401
    menu,  # noqa: F401
    notes,  # noqa: F401
    queue,  # noqa: F401
    reading,  # noqa: F401
    requests,  # noqa: F401
    resuming,  # noqa: F401
    reviewing,  # noqa: F401
    suggesting,  # noqa: F401
    suggestions,  # noqa: F401
    writing,  # noqa: F401
)
