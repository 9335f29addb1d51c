"""A community's history entered as a whole, as it would have been had the ledger been kept from the beginning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, func, select

from iocop.contributions.services.loading import write_rows
from iocop.core import clock
from iocop.core.db import act
from iocop.core.errors import Conflict
from iocop.core.models import EventRow
from iocop.core.sparing import uncollected
from iocop.reputation.activity import active_on
from iocop.reputation.book import Worth
from iocop.reputation.fading import standing
from iocop.reputation.ladder import LEVELS, REVIEWED, TOP, Evidence, gate, level_of
from iocop.reputation.models import (
    Balance,
    CommunityDay,
    DayBalance,
    LedgerRow,
    Rung,
    RungChange,
    Settlement,
)
from iocop.reputation.queries import rows
from iocop.reputation.queries.candidates import looked_at_since
from iocop.reputation.queries.history import History, deeds
from iocop.reputation.rules import POINT, RULES
from iocop.reputation.services.counting import recount
from iocop.reputation.services.laddering import look_at
from iocop.reputation.services.ledger import one_at_a_time
from iocop.reputation.settling import caps
from iocop.reputation.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime
    from typing import Any

    from sqlalchemy.orm import Session

    from iocop.core.db import Model
    from iocop.reputation.accounts import Account
    from iocop.reputation.activity import Active
    from iocop.reputation.book import Act, Book

AT_ONCE = 200
"""Rungs looked at in one statement."""
WORTHS = {rule: Worth(1, given.points * POINT) for rule, given in RULES.items()}


def begin() -> int:
    """Enter all marks, acceptances, approvals and confirmations that stand, in the order of time.

    Nobody is told: it happened before. Rungs are those that were reached on the way; no step down is taken.

    Returns:
        The number of rows.

    Raises:
        Conflict: something is entered already.
    """
    with act() as session, uncollected():
        one_at_a_time(session)
        if rows.newest_id(session):
            raise Conflict(_l("The ledger has rows already: only an empty one can be begun."))
        acts = History().acts()
        days = {day.day: day for day in active_on({each.at.date() for each in acts}, deeds())}
        climb = _Climb(days, looked_at_since())
        for each in acts:
            climb.enter(each)
        _write(session, climb, days.values())
        before = session.scalar(select(func.max(EventRow.id))) or 0
        moved = recount(None)
        for start in range(0, len(moved), AT_ONCE):
            look_at(moved[start : start + AT_ONCE])
        session.execute(delete(EventRow).where(EventRow.id > before))
        return sum(len(book.entered) for book in climb.shelf)


class _Climb:
    """The books, and the levels that weigh what their members give, as both grow.

    Args:
        looked_at_since: from when on nobody comes to level 3 before two people have looked; None: arithmetic alone.
    """

    def __init__(self, days: Mapping[date, Active], looked_at_since: datetime | None) -> None:
        self._days = days
        self._looked_at_since = looked_at_since
        self._shares = {day: caps(active.organizations, active.people) for day, active in days.items()}
        self.shelf = Shelf(self._shares.__getitem__)
        self.levels: dict[tuple[int, int], int] = {}
        self.changes: list[dict[str, Any]] = []
        self._accepted: dict[tuple[int, int], int] = {}

    def enter(self, given: Act) -> None:
        levels = {
            domain_id: self.levels.get((given.actor_id or 0, domain_id), 0) for domain_id in given.domain_ids
        }
        self.shelf.record(given, WORTHS[given.rule], levels)
        for domain_id in given.domain_ids:
            place = given.member_id, domain_id
            if given.rule == "answer_accepted":
                self._accepted[place] = self._accepted.get(place, 0) + 1
            self._look(place, given)

    def _look(self, place: tuple[int, int], given: Act) -> None:
        account, day = self.shelf.book(place[0]).accounts[place[1]], given.at.date()
        old = self.levels.get(place, 0)
        accepted = self._accepted.get(place, 0)
        if old == TOP or not self._may_be(old + 1, account, accepted, day):
            return
        points = standing(account.days, day)
        evidence = Evidence(points, account.organizations, accepted, accepted)
        new = level_of(evidence, self._days[day].organizations)
        if self._looked_at_since is not None and given.at >= self._looked_at_since:
            new = min(new, REVIEWED - 1)
        if new > old:
            self.levels[place] = new
            self.changes.append(
                {
                    "member_id": place[0], "domain_id": place[1], "at": given.at, "old": old, "new": new,
                    "why": "reached", "evidence": evidence._asdict(),
                }
            )  # fmt: skip

    def _may_be(self, level: int, account: Account, accepted: int, day: date) -> bool:
        """Say whether all but what is dear to reckon holds for a level; what has faded is less than what settled."""
        asked = LEVELS[level]
        return (
            account.settled_mp >= asked.standing_mp
            and accepted >= asked.accepted
            and account.organizations >= gate(asked.organizations, self._days[day].organizations)
        )

    def rungs(self) -> Iterator[dict[str, Any]]:
        since = {(each["member_id"], each["domain_id"]): each["at"] for each in self.changes}
        for (member_id, domain_id), level in self.levels.items():
            yield {
                "member_id": member_id, "domain_id": domain_id, "level": level, "highest": level,
                "since": since[member_id, domain_id],
            }  # fmt: skip


def _write(session: Session, climb: _Climb, days: Iterable[Active]) -> None:
    books: Sequence[Book] = list(climb.shelf)
    entered = sorted((row for book in books for row in book.entered), key=lambda row: row.id)
    tables: Sequence[tuple[type[Model], Iterable[dict[str, Any]]]] = [
        (CommunityDay, (day._asdict() for day in days)),
        (LedgerRow, (row._asdict() for row in entered)),
        (Settlement, (row._asdict() for book in books for row in book.settled)),
        (Balance, (row for book in books for row in _balances(book))),
        (DayBalance, (row for book in books for row in _days(book))),
        (Rung, climb.rungs()),
        (RungChange, climb.changes),
    ]
    for model, made in tables:
        write_rows(session, model, made)
    rows.catch_up(session)


def _balances(book: Book) -> Iterator[dict[str, Any]]:
    today = clock.now().date()
    for domain_id, account in book.accounts.items():
        yield {
            "member_id": book.member_id, "domain_id": domain_id, "earned_mp": account.earned_mp,
            "settled_mp": account.settled_mp, "organizations": account.organizations,
            "participation": account.participation, "standing_on": today,
            "standing_mp": standing(account.days, today),
        }  # fmt: skip


def _days(book: Book) -> Iterator[dict[str, Any]]:
    for domain_id, account in book.accounts.items():
        for day, points in account.standing_days.items():
            yield {"member_id": book.member_id, "domain_id": domain_id, "day": day, "settled_mp": points}
