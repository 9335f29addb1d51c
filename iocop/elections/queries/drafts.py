"""What a new draft is filled in with: dates that fit the rules, free seats, officers who can be chosen."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from sqlalchemy import select

from iocop.core.db import db
from iocop.elections import life
from iocop.elections.models import Election
from iocop.elections.queries.desk import names
from iocop.elections.queries.elected import elected
from iocop.elections.queries.rules import rules_on
from iocop.elections.queries.seats import seats_to_fill
from iocop.roles.queries import holders

if TYPE_CHECKING:
    from iocop.elections.rules import Rules

NOTICE = timedelta(days=7)
"""How long before nominations open members hear of an election."""
USUAL_OFFICERS = 3


def usual(kind: str, now: datetime) -> dict[str, Any]:
    """Return what the form of a new election shows: the template of its kind."""
    rules = rules_on(kind, now.date())
    begins = datetime.combine(now.date() + NOTICE, time(12), now.tzinfo)
    dates = life.proposed(kind, begins, rules)
    starts = first_of_next_month(dates.complaints_until.date())
    officers = holders("returning_officer", now)[:USUAL_OFFICERS]
    return {
        **{name: moment.date() for name, moment in dates._asdict().items()},
        "hour": 12, "term_starts_on": starts, "seats": _seats(kind, rules, starts), "officers": officers,
        "chair": officers[0] if officers else None, "needed": max(2, len(officers) // 2 + 1),
    }  # fmt: skip


def _seats(kind: str, rules: Rules, starts: date) -> int:
    return max(1, seats_to_fill(rules.board_size, starts)) if kind in {"board", "affirmation"} else 1


def first_of_next_month(day: date) -> date:
    """Return the first day of the month after a day's."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def officers_offered(now: datetime) -> list[tuple[int, str]]:
    """Return who can be an officer: everybody who holds the office of returning officer, by name."""
    of = names(holders("returning_officer", now))
    return sorted(of.items(), key=lambda pair: pair[1])


def vacancies_offered() -> list[tuple[str, str]]:
    """Return the seats that can have fallen vacant: of those elected by a poll that was certified, the latest first."""
    rows = select(Election).where(Election.kind == "board", Election.state == "certified")
    found = []
    for election in db.session.scalars(rows.order_by(Election.id.desc()).limit(5)):
        chosen = elected(election)
        of = names(chosen)
        found += [
            (f"{election.id}:{member_id}", _("%(name)s, %(election)s", name=of[member_id], election=election.title))
            for member_id in chosen
        ]  # fmt: skip
    return found
