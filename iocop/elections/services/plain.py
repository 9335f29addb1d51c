"""Ballots that the server seals, for browsers without JavaScript, where the rules allow them.

The voting code comes with the page and goes back with the form; the site keeps it as little as the booth's. Key and paper
live in the memory of one request. Such a ballot bears the mark of its origin, its number is published, and there is one
for each member and no revision this way: what the booth promises of secrecy is not promised here.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from iocop.core import clock
from iocop.core.errors import Conflict, Gone, Invalid, Refused
from iocop.elections.box.store import BoxClosed
from iocop.elections.queries import casting
from iocop.elections.sealing import ballots, codes, plaintexts, refusals, tokens
from iocop.elections.services import issuing
from iocop.elections.services.boxes import box_of
from iocop.elections.services.casting import acknowledge
from iocop.elections.voting import is_open

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iocop.core.login import Viewer
    from iocop.elections.queries.casting import Poll
    from iocop.elections.sealing.ballots import Ballot
    from iocop.elections.sealing.codes import Voter
    from iocop.elections.sealing.freezing import Freeze
    from iocop.elections.services.casting import Acknowledged


def new_code() -> str:
    """Return a voting code for one form, as people write it."""
    return codes.write(secrets.token_bytes(codes.LENGTH))


def cast_plain(actor: Viewer, election_id: int, code: str, marks: Sequence[int]) -> Acknowledged:
    """Issue a token, seal and cast, all at once and once for all; the same form again has the same answer.

    So whatever breaks off between the token and the box, the form sent again puts its ballot in. Nothing that is stored
    makes that possible: the token's request and the ballot follow from the code, which the page alone keeps.

    Args:
        code: the voting code that came with the form.
        marks: one number a candidate in frozen order; all 0: blank.

    Raises:
        Refused: the rules of this election do not allow it, or the member gets no token.
        Invalid: the marks are none of this election, or the code is none.
        Conflict: a token was issued to the member for another code, or another ballot was cast with this one.
        Gone: votes are not taken now.
    """
    poll = casting.poll_of(election_id)
    freeze = casting.freeze_of(poll)
    if not freeze.plain_ballots:
        raise Refused(_l("This election takes ballots from the booth alone: another device can open it."))
    if poll.state == "void":
        raise Gone(is_open(poll, clock.now()).reason)
    voter, paper = codes.voter(_read(code), freeze), _paper(freeze, marks)
    ballot = ballots.parse(_sealed(actor, voter, freeze, paper), freeze)
    held = box_of(freeze).newest_of(voter.key)
    if held is None or held[1] != ballot.wire:
        _add(poll, freeze, ballot)
    return acknowledge(casting.acknowledger_of(election_id), ballot.hash, freeze)


def _read(code: str) -> bytes:
    try:
        return codes.read(code)
    except refusals.Refused as error:
        raise Invalid(_l("The form came without its voting code: load this page anew."), "code") from error


def _add(poll: Poll, freeze: Freeze, ballot: Ballot) -> None:
    verdict = is_open(poll, clock.now())
    if not verdict:
        raise Gone(verdict.reason)
    try:
        box_of(freeze).add(ballot)
    except refusals.Refused as error:
        raise Conflict(
            _l(
                "A ballot was cast with this form already. It counts as it was cast; here there is one for each member."
            )
        ) from error
    except BoxClosed as late:
        raise Gone(is_open(poll._replace(state="sealed"), clock.now()).reason) from late


def _paper(freeze: Freeze, marks: Sequence[int]) -> bytes:
    try:
        return plaintexts.encode(marks, freeze)
    except ValueError as error:
        raise Invalid(_l("Give each candidate one of the marks of the list."), "marks") from error


def _sealed(actor: Viewer, voter: Voter, freeze: Freeze, paper: bytes) -> bytes:
    message = tokens.message(freeze.hash, voter.key)
    blinded = tokens.blind(message, voter.randomizer, voter.salt, voter.factor, freeze.modulus)
    signed = issuing.issue(actor, freeze.election, blinded)
    token = tokens.finalize(message, voter.randomizer, signed, voter.factor, freeze.modulus)
    return ballots.seal(voter, token, paper, 1, ballots.NO_BALLOT, freeze, origin=ballots.SERVER)
