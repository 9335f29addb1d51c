"""Voting without JavaScript, where the rules allow it; and the register of tokens."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Response, render_template, request
from flask_babel import lazy_gettext as _l

from iocop.core.errors import Invalid, Refused
from iocop.core.login import public, viewer
from iocop.core.logs import untraced
from iocop.elections.queries import casting, elections, roll
from iocop.elections.services.plain import cast_plain, new_code
from iocop.elections.views import elections as blueprint

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from iocop.elections.sealing.freezing import Freeze


@blueprint.route("/elections/<int:election_id>/plain", methods=["GET", "POST"])
@untraced
def plain_ballot(election_id: int) -> ResponseReturnValue:
    """Fill in a ballot that the server seals: in shuffled order, once."""
    election = elections.election(election_id)
    freeze = casting.freeze_of(casting.poll_of(election_id))
    if not freeze.plain_ballots:
        raise Refused(_l("This election takes ballots from the booth alone: another device can open it."))
    error, taken, code = "", None, request.form.get("code", "")
    if request.method == "POST":
        try:
            taken = cast_plain(viewer(), election_id, code, _marks(freeze))
        except Invalid as problem:
            error = str(problem.reason)
    shuffled = list(freeze.candidates)
    secrets.SystemRandom().shuffle(shuffled)
    page = render_template(
        "elections/plain_ballot.html",
        election=election,
        freeze=freeze,
        candidates=shuffled,
        taken=taken,
        code=code or new_code(),
        issued=roll.token_was_issued(election_id, viewer().id),
        error=error,
        given=request.form,
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK


def _marks(freeze: Freeze) -> list[int]:
    """Read one number a candidate; the same rank twice is told before anything is sealed.

    Raises:
        Invalid: no number, one rank given twice or left out, or more marks than count.
    """
    given = [request.form.get(f"mark-{one.number}", "0") for one in freeze.candidates]
    if not all(text.isascii() and text.isdigit() and len(text) < 4 for text in given):
        raise Invalid(_l("Give each candidate one of the marks of the list."), "marks")
    marks = [int(text) for text in given]
    ranks = [mark for mark in marks if mark]
    if freeze.ballot_kind == 1 and len(set(ranks)) < len(ranks):
        raise Invalid(_l("Two candidates have the same rank: give each another one, or none."), "marks")
    if freeze.ballot_kind == 1 and max(ranks, default=0) > len(ranks):
        raise Invalid(
            _l("A rank is left out, and what follows might not count: rank 1, 2, 3 and so on."), "marks"
        )
    most = _most(freeze)
    if len(ranks) > most:
        raise Invalid(
            _l("You marked %(marked)s; at most %(most)s can be marked.", marked=len(ranks), most=most),
            "marks",
        )
    return marks


def _most(freeze: Freeze) -> int:
    """Return how many candidates a paper may mark before the count calls it spoilt."""
    most = {"plurality": 1, "block": int(str(freeze.rules.get("seats") or 1))}
    return most.get(str(freeze.rules["rule"]), len(freeze.candidates))


@blueprint.get("/elections/<int:election_id>/register.bin")
@public
def register(election_id: int) -> ResponseReturnValue:
    """Give the register of tokens, 800 bytes an entry, as far as it has come."""
    content = b"".join(entry.raw for entry in casting.register(election_id))
    return Response(content, mimetype="application/octet-stream", headers={"Cache-Control": "no-store"})
