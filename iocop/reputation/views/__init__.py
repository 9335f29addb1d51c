"""The pages of standing: why, whom to ask, what looked irregular."""

from flask import Blueprint

reputation = Blueprint("reputation", __name__)

from iocop.reputation.views import (  # noqa: E402, F401 -- they add their pages to the blueprint
    asking,
    candidates,
    changing,
    dividing,
    irregularities,
    offering,
    shown,
    standing,
)
