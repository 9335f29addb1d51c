"""Rules and dates of an election: the rules are copied when it leaves *draft*; dates only move later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from iocop.core import clock
from iocop.core.db import act
from iocop.core.errors import Conflict, Invalid
from iocop.elections import life
from iocop.elections.queries.elections import dates_of, officers, rules_of
from iocop.elections.queries.rules import in_force
from iocop.elections.services.founding import founding_rules

if TYPE_CHECKING:
    from iocop.elections.models import Election, ElectionAct

MOST_DAYS = 90
"""How far one act moves the dates."""


def open_nominations(election: Election, _act: ElectionAct) -> None:
    """Copy the rules in force today into the election: from now on no other rule set touches it.

    Raises:
        Conflict: the dates are too short under these rules, or there are fewer than two officers.
    """
    row = in_force(election.kind, clock.now().date()) or founding_rules(election.kind)
    election.rule_set_id, election.rules = row.id, row.data
    if election.kind != "vacancy" and life.too_short(election.kind, dates_of(election), rules_of(election)):
        raise Conflict(_l("The rules in force today ask for longer periods: change the dates of the draft."))
    if len(officers(election.id)) < 2:
        raise Conflict(_l("An election needs at least two officers."))


def check_days(_election: Election, days: int | None) -> None:
    if days is None or not 1 <= days <= MOST_DAYS:
        raise Invalid(_l("Give a number of days from 1 to 90."), "subject_id")


def extend(election: Election, row: ElectionAct) -> None:
    """Move all dates that are still to come so many days later; nothing ever moves earlier."""
    with act() as session:
        moved = life.moved(dates_of(election), clock.now(), row.subject_id or 0)
        for name, moment in moved._asdict().items():
            setattr(election, name, moment)
        session.flush()
