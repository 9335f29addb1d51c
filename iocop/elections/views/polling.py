"""What the booth asks (docs/ballot-protocol.md, section 8): the freeze, the token, the ballot, the board. All JSON.

The public addresses know no cookie and give everybody the same answer; the two that issue and cast leave no trace.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Response, abort, jsonify, request
from flask_wtf.csrf import generate_csrf

from iocop.core import clock
from iocop.core.errors import Conflict, DomainError, Gone, Missing
from iocop.core.errors import Refused as NotAllowed
from iocop.core.login import public, viewer
from iocop.core.logs import untraced
from iocop.core.web import csrf, takes_bytes
from iocop.elections.queries import booth, casting
from iocop.elections.sealing.canonical import digest
from iocop.elections.sealing.refusals import Refused
from iocop.elections.services import boxes, issuing
from iocop.elections.services.casting import cast
from iocop.elections.views import elections

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

ETERNAL = "public, max-age=31536000, immutable"
NEVER = "no-store"
STATUS = {
    "length": 400,
    "version": 400,
    "election": 400,
    "origin": 400,
    "revision": 400,
    "blinded": 400,
    "signature": 400,
    "token": 403,
}
"""Of what is refused by the protocol itself; what another ballot stands in the way of is 409."""
CODES: dict[type[DomainError], str] = {Gone: "closed", Conflict: "other", Missing: "none"}


def _answer(content: dict[str, Any], kept: str = NEVER) -> Response:
    response = jsonify(content)
    response.headers["Cache-Control"] = kept
    return response


def _no(status: int, code: str, words: object) -> ResponseReturnValue:
    response = _answer({"error": str(words), "code": code})
    response.status_code = status
    return response


def _refused(error: Refused) -> ResponseReturnValue:
    return _no(STATUS.get(error.reason, HTTPStatus.CONFLICT), error.reason, error)


def _said_no(error: DomainError) -> ResponseReturnValue:
    code = next((code for kind, code in CODES.items() if isinstance(error, kind)), "refused")
    return _no(error.status, code, error)


@elections.get("/elections/<int:election_id>/freeze.json")
@public
def freeze(election_id: int) -> ResponseReturnValue:
    """Give the frozen election to the byte."""
    frozen = casting.freeze_of(casting.poll_of(election_id))
    return Response(frozen.raw, mimetype="application/json", headers={"Cache-Control": "no-cache"})


@elections.get("/elections/<int:election_id>/state.json")
@public
def state(election_id: int) -> ResponseReturnValue:
    """Give the clock that decides and how far the board has come."""
    return _answer(booth.state(casting.poll_of(election_id), clock.now()))


@elections.get("/elections/<int:election_id>/candidates.json")
@public
def candidates(election_id: int) -> ResponseReturnValue:
    """Give what candidates wrote, as plain text."""
    casting.freeze_of(casting.poll_of(election_id))
    return _answer({"candidates": booth.candidates(election_id)}, "no-cache")


@elections.get("/elections/<int:election_id>/booth.json")
def own(election_id: int) -> ResponseReturnValue:
    """Give the member's place on the roll, and the token that was issued to them."""
    poll = casting.poll_of(election_id)
    return _answer(booth.own(viewer(), poll, clock.now()) | {"csrf": generate_csrf()})


@elections.post("/elections/<int:election_id>/token")
@untraced
def token(election_id: int) -> ResponseReturnValue:
    """Issue a voting token: a blind signature on a key nobody here sees."""
    try:
        blinded = _blinded()
        return _answer({"blind_signature": issuing.issue(viewer(), election_id, blinded).hex()})
    except ValueError as error:
        reason = error.reason if isinstance(error, Refused) else "format"
        return _no(HTTPStatus.BAD_REQUEST, "format" if reason == "blinded" else reason, error)
    except (NotAllowed, Conflict, Gone, Missing) as error:
        return _said_no(error)


def _blinded() -> bytes:
    """Return what is asked to be signed; nothing, where the request does not say.

    Raises:
        ValueError: no hexadecimal digits.
    """
    try:
        given = request.get_json(silent=True)
    except RecursionError:  # thousands of brackets
        given = None
    text = given.get("blinded") if isinstance(given, dict) else None
    return bytes.fromhex(text) if isinstance(text, str) else b""


@elections.post("/elections/<int:election_id>/ballots")
@csrf.exempt  # type: ignore[untyped-decorator]  # it comes without a cookie, so there is nothing to forge
@public
@untraced
@takes_bytes
def ballots(election_id: int) -> ResponseReturnValue:
    """Take a sealed ballot, and acknowledge it once it is on disk."""
    try:
        taken = cast(election_id, request.content_length, request.get_data)
    except Refused as error:
        return _refused(error)
    except (Gone, Missing) as error:
        return _said_no(error)
    return _answer({"ballot": taken.ballot.hex(), "signature": taken.signature.hex()})


@elections.get("/elections/<int:election_id>/ballots/<voter>")
@public
@untraced
def newest(election_id: int, voter: str) -> ResponseReturnValue:
    """Give a key's newest ballot, still sealed; nobody but the voter can name the key before the close."""
    frozen = casting.freeze_of(casting.poll_of(election_id))
    found = boxes.box_of(frozen).newest_of(_bytes(voter))
    if found is None:
        abort(HTTPStatus.NOT_FOUND)
    revision, wire = found
    return _answer({"revision": revision, "ballot": digest(wire).hex(), "wire": wire.hex()})


@elections.get("/elections/<int:election_id>/board/<int:number>.json")
@public
def block(election_id: int, number: int) -> ResponseReturnValue:
    """Give one block of the board: hashes and heads, which never change."""
    frozen = casting.freeze_of(casting.poll_of(election_id))
    board = booth.heads(election_id)
    if not 1 <= number <= len(board):
        abort(HTTPStatus.NOT_FOUND)
    hashes = boxes.box_of(frozen).block(number)
    if not hashes:  # the election is void, and its ballots were deleted
        abort(HTTPStatus.NOT_FOUND)
    return _answer(booth.block(board, number, hashes, frozen.hash), ETERNAL)


def _bytes(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        abort(HTTPStatus.NOT_FOUND)
