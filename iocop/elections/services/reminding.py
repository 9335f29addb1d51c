"""Reminders of a vote: to everybody on the roll, for nobody knows who cast."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.events import emit
from iocop.core.models import EventRow
from iocop.elections.events import RemindersDue
from iocop.elections.models import Election

DAYS: Final = (3, 1)
"""How many days before the close."""


def remind() -> None:
    """Have everybody on the roll of an open poll reminded, once on each of the days."""
    for election_id in db.session.scalars(select(Election.id).where(Election.state == "voting")).all():
        with act() as session:
            election = session.get_one(Election, election_id, with_for_update=True)
            left = (election.closes_at.date() - clock.now().date()).days
            if election.state == "voting" and left in DAYS and not _told(election_id, left):
                emit(RemindersDue(None, election_id=election_id, days_left=left))


def _told(election_id: int, days_left: int) -> bool:
    payloads = db.session.scalars(select(EventRow.payload).where(EventRow.name == RemindersDue.__name__))
    return any((told["election_id"], told["days_left"]) == (election_id, days_left) for told in payloads)
