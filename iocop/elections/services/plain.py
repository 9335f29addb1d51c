"""Ballots that the server seals, for browsers without JavaScript, where the rules allow them.

Key and paper live in the memory of one request. Such a ballot bears the mark of its origin, its number is published, and
there is one for each member and no revision: what the booth promises of secrecy is not promised here.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from iocop.core import clock
from iocop.core.errors import Conflict, Gone, Invalid, Refused
from iocop.elections.box.store import BoxClosed
from iocop.elections.queries import casting
from iocop.elections.sealing import ballots, codes, plaintexts, tokens
from iocop.elections.services import issuing
from iocop.elections.services.boxes import box_of
from iocop.elections.services.casting import acknowledge
from iocop.elections.voting import is_open

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iocop.core.login import Viewer
    from iocop.elections.sealing.freezing import Freeze
    from iocop.elections.services.casting import Acknowledged


def cast_plain(actor: Viewer, election_id: int, marks: Sequence[int]) -> Acknowledged:
    """Issue a token, seal and cast, all at once and once for all.

    Args:
        marks: one number a candidate in frozen order; all 0: blank.

    Raises:
        Refused: the rules of this election do not allow it, or the member gets no token.
        Invalid: the marks are none of this election.
        Conflict: a token was issued to the member already.
        Gone: votes are not taken now.
    """
    poll = casting.poll_of(election_id)
    freeze = casting.freeze_of(poll)
    if not freeze.plain_ballots:
        raise Refused(_l("This election takes ballots from the booth alone: another device can open it."))
    verdict = is_open(poll, clock.now())
    if not verdict:
        raise Gone(verdict.reason)
    entry = casting.entry_of(election_id, actor.id)
    if entry is not None and casting.issue_of(entry.id) is not None:
        raise Conflict(_l("A token was issued to you already: vote with your voting code, in the booth."))
    wire = _sealed(actor, freeze, _paper(freeze, marks))
    try:
        box_of(freeze).add(ballots.parse(wire, freeze))
    except BoxClosed as late:
        raise Gone(is_open(poll._replace(state="sealed"), clock.now()).reason) from late
    return acknowledge(casting.acknowledger_of(election_id), ballots.parse(wire, freeze).hash, freeze)


def _paper(freeze: Freeze, marks: Sequence[int]) -> bytes:
    try:
        return plaintexts.encode(marks, freeze)
    except ValueError as error:
        raise Invalid(_l("Give each candidate one of the marks of the list."), "marks") from error


def _sealed(actor: Viewer, freeze: Freeze, paper: bytes) -> bytes:
    voter = codes.voter(secrets.token_bytes(codes.LENGTH), freeze)
    message = tokens.message(freeze.hash, voter.key)
    blinded = tokens.blind(message, voter.randomizer, voter.salt, voter.factor, freeze.modulus)
    signed = issuing.issue(actor, freeze.election, blinded)
    token = tokens.finalize(message, voter.randomizer, signed, voter.factor, freeze.modulus)
    return ballots.seal(voter, token, paper, 1, ballots.NO_BALLOT, freeze, origin=ballots.SERVER)
