"""The pages of elections."""

from flask import Blueprint

elections = Blueprint("elections", __name__)

from iocop.elections.views import (  # noqa: E402, F401 -- they add their pages to the blueprint
    booths,
    complaining,
    desk,
    drafting,
    figures,
    keying,
    plain_ballots,
    polling,
    results,
    rolls,
    ruling,
    shown,
    standing,
)
