"""The repertoire's pages; one module a kind of page."""

from flask import Blueprint

repertoire = Blueprint("repertoire", __name__)

from iocop.repertoire.views import (  # noqa: E402 -- their routes join the blueprint
    discussion,  # noqa: F401
    following,  # noqa: F401
    menu,  # noqa: F401
    reading,  # noqa: F401
)

from iocop.repertoire.views import glossary, requests  # noqa: E402, F401 -- the pages put themselves onto the blueprint
from iocop.repertoire.views import confirming  # noqa: E402, F401 -- likewise
