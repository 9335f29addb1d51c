"""The public board: what lies in the box, block by block, in heads that are mailed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iocop.core import clock
from iocop.core.db import act
from iocop.core.events import emit
from iocop.elections.events import BoardHeadMade
from iocop.elections.models import BoardHead, ElectionSecret
from iocop.elections.queries import casting
from iocop.elections.queries.booth import heads
from iocop.elections.sealing.chains import block_head
from iocop.elections.services.boxes import box_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from iocop.elections.queries.casting import Poll
    from iocop.elections.sealing.freezing import Freeze


def catch_up(poll: Poll) -> int:
    """Write the heads of the blocks the box has made since; the box is what counts, so nothing is lost by a kill between.

    Returns:
        how many blocks the board has now.
    """
    freeze = casting.freeze_of(poll)
    blocks = box_of(freeze).block_numbers()
    if blocks == len(heads(poll.election_id)):
        return blocks
    with act() as session:
        session.get(ElectionSecret, poll.election_id, with_for_update=True, populate_existing=True)
        known = heads(poll.election_id)
        for number in range(len(known) + 1, blocks + 1):
            known.append(_block(session, poll, freeze, known))
            emit(BoardHeadMade(actor_id=None, election_id=poll.election_id, head_id=known[number - 1].id))
    return blocks


def _block(session: Session, poll: Poll, freeze: Freeze, known: list[BoardHead]) -> BoardHead:
    number = len(known) + 1
    hashes = box_of(freeze).block(number)
    issues, issues_head = casting.last_issue(poll)
    made = BoardHead(
        election_id=poll.election_id,
        number=number,
        head=block_head(known[-1].head if known else freeze.hash, number, hashes),
        ballots=len(hashes),
        issues=issues,
        issues_head=issues_head,
        made_at=clock.now(),
    )
    session.add(made)
    session.flush()
    return made
