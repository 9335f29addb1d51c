"""Pages about what was given, whatever its kind; the contribution itself is shown by the feature it belongs to."""

from flask import Blueprint

contributions = Blueprint("contributions", __name__)

from iocop.contributions.views import acts, drafts, files, history, marks  # noqa: E402, F401 -- they add their routes
