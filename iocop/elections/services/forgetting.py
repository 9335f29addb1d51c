"""What an erased member leaves in elections: a leaf nobody can tell them by, and what was published to the byte."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from iocop.core.db import act
from iocop.elections.models import Election, ElectionComplaint, Nomination, RollEntry

TEXTS = {"statement": "", "statement_html": "", "interests": "", "mailing": "", "reason": ""}
OPEN = ("draft", "nominations", "screening", "campaign")


def forget(member_id: int) -> None:
    """Destroy the salts of the member's leaves and empty what they wrote; who stands withdraws until the freeze.

    The leaf stays on the roll: without its salt nobody finds out whose it was. A name in a freeze stays, for its bytes
    are what everybody's hash is of; so do the number of seconders and the officers' acts.
    """
    with act() as session:
        own = update(RollEntry).where(RollEntry.member_id == member_id)
        session.execute(own.values(member_id=None, salt=None))
        withdrawn = update(Nomination).where(
            Nomination.member_id == member_id, Nomination.number.is_(None),
            Nomination.state.in_(("proposed", "accepted", "admitted")), Nomination.election_id.in_(_open()),
        )  # fmt: skip
        session.execute(withdrawn.values(state="withdrawn"))
        session.execute(update(Nomination).where(Nomination.member_id == member_id).values(**TEXTS))
        complaints = update(ElectionComplaint).where(ElectionComplaint.member_id == member_id)
        session.execute(complaints.values(member_id=None, text=""))


def _open() -> Any:
    return select(Election.id).where(Election.state.in_(OPEN))
