"""Pages about organizations and one's own affiliations."""

from flask import Blueprint

organizations = Blueprint("organizations", __name__)

from iocop.organizations.views import affiliations, care, records, verification  # noqa: E402, F401 -- they add their routes
