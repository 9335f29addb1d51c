"""Whether newcomers were asked to join by their employer: counted, never written beside a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.dialects import postgresql, sqlite

from iocop.core import clock
from iocop.core.db import act, is_postgresql
from iocop.core.policy import require
from iocop.members import policy
from iocop.members.models import EmployerPush

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from iocop.core.login import Viewer

TOGETHER = 20
"""Answers by which the figure moves at once, so that nobody reads one out of two figures."""


def count_push(actor: Viewer, *, asked: bool) -> None:
    """Count one answer to "were you asked by your employer to join?" in its year.

    No event is told: it would stand beside who gave the answer, and when.

    Raises:
        Refused: a guest.
    """
    with act() as session:
        require(policy.may_change_own(actor))
        counted = _of_year(session, clock.now().year)
        counted.answered += 1
        counted.asked += asked
        if counted.answered - counted.shown_answered >= TOGETHER:
            counted.shown_asked, counted.shown_answered = counted.asked, counted.answered
        session.flush()


def _of_year(session: Session, year: int) -> EmployerPush:
    """Return a year's row, locked, made where it is the first answer."""
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    nothing = dict.fromkeys(("asked", "answered", "shown_asked", "shown_answered"), 0)
    session.execute(insert(EmployerPush).values(year=year, **nothing).on_conflict_do_nothing())
    return session.get_one(EmployerPush, year, with_for_update=True, populate_existing=True)
