"""Reminders: of the vote, to everybody on the roll, for nobody knows who cast; of their keys, to officers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.events import emit
from iocop.core.models import EventRow
from iocop.elections.events import KeysDue, RemindersDue
from iocop.elections.models import Election
from iocop.elections.services.uploading import given

if TYPE_CHECKING:
    from datetime import datetime

DAYS: Final = (3, 1)
"""How many days before the close, and before the last moment for keys."""


def remind() -> None:
    """Have everybody on the roll of an open poll reminded, once on each of the days."""
    for election_id in _in_state("voting"):
        with act() as session:
            election = session.get_one(Election, election_id, with_for_update=True)
            left = _days(election.closes_at)
            if election.state == "voting" and left in DAYS and not _told(RemindersDue, election_id, left):
                emit(RemindersDue(None, election_id=election_id, days_left=left))


def remind_of_keys() -> None:
    """Have officers reminded, once on each of the days, as long as there are too few keys."""
    for election_id in _in_state("sealed"):
        with act() as session:
            election = session.get_one(Election, election_id, with_for_update=True)
            left = _days(election.keys_until)
            lacking = election.state == "sealed" and len(given(election_id)) < election.needed
            if lacking and left in DAYS and not _told(KeysDue, election_id, left):
                emit(KeysDue(None, election_id=election_id, days_left=left))


def _in_state(state: str) -> list[int]:
    return list(db.session.scalars(select(Election.id).where(Election.state == state)))


def _days(until: datetime) -> int:
    return (until.date() - clock.now().date()).days


def _told(kind: type[RemindersDue | KeysDue], election_id: int, days_left: int) -> bool:
    payloads = db.session.scalars(select(EventRow.payload).where(EventRow.name == kind.__name__))
    return any((told["election_id"], told["days_left"]) == (election_id, days_left) for told in payloads)
