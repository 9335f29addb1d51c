"""The forums' pages."""

from flask import Blueprint

forums = Blueprint("forums", __name__)

from iocop.forums.views import acts, asking, charters, drafts, lists, merging, tags, topic  # noqa: E402, F401 -- their routes join the blueprint
