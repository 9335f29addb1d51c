"""The ledger opened for writing, by one writer at a time: books are recalled when needed and written at the end."""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, text

from iocop.contributions.services.loading import write_rows
from iocop.core import clock
from iocop.core.db import act, is_postgresql, read
from iocop.core.events import emit
from iocop.core.policy import fact
from iocop.reputation.events import StandingChanged
from iocop.reputation.fading import standing
from iocop.reputation.models import Balance, DayBalance, LedgerRow, Settlement
from iocop.reputation.queries import rows
from iocop.reputation.rules import RULES
from iocop.reputation.services.books import drop_open, open_book
from iocop.reputation.services.community import shares_on

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import date

    from sqlalchemy.orm import Session

    from iocop.reputation.book import Act, Book, Worth
    from iocop.reputation.settling import Caps

LEDGER_LOCK = 0x10C0D
"""The number of the advisory lock that every writer takes in turn."""
RESERVED = 8
"""Ids taken from PostgreSQL's sequence at once."""


@contextmanager
def writing() -> Iterator[Ledger]:
    """Open the ledger for one writer, in the current act; what was entered in the body is written at its end."""
    with act() as session:
        one_at_a_time(session)
        ledger = Ledger(session)
        try:
            yield ledger
        except BaseException:
            drop_open()
            raise
        ledger.close()


def one_at_a_time(session: Session) -> None:
    """Wait until nobody else writes in the ledger; SQLite's act holds the one write lock anyway."""
    if is_postgresql():
        session.execute(select(func.pg_advisory_xact_lock(LEDGER_LOCK)))


class Ledger:
    """What one writer has open."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._books: dict[int, Book] = {}
        self._shares: dict[date, Caps] = {}
        self._touched: dict[int, set[int]] = defaultdict(set)
        self._ids: list[int] = []
        self._newest = 0

    def book(self, member_id: int) -> Book:
        """Return a member's book, with all that stands in it."""
        found = self._books.get(member_id)
        if found is None:
            found = self._books[member_id] = open_book(member_id, self._shares_on, self._number)
        return found

    def record(self, happened: Act) -> None:
        """Enter an act; what somebody gives themselves brings nothing."""
        if happened.actor_id == happened.member_id:
            return
        worth: Worth = rows.worth(happened.rule, happened.at)
        self.book(happened.member_id).record(happened, worth, _levels(happened), self._mutual(happened))

    def _mutual(self, happened: Act) -> int:
        if happened.actor_id is None or "mutual" not in RULES[happened.rule].weighed:
            return 0
        self._write()  # the giver's rows may have been entered just now
        return rows.mutual(happened.member_id, happened.actor_id, happened.at)

    def _shares_on(self, day: date) -> Caps:
        if day not in self._shares:
            self._shares[day] = shares_on(day)
        return self._shares[day]

    def _number(self) -> int:
        if not self._ids:
            self._ids = self._new_ids()
        return self._ids.pop()

    def _new_ids(self) -> list[int]:
        """Return ids in the order they will be popped; under the lock they grow from writer to writer."""
        if is_postgresql():
            numbers = text(
                "select nextval(pg_get_serial_sequence('ledger', 'id')) from generate_series(1, :count)"
            )
            return sorted(self.session.scalars(numbers, {"count": RESERVED}), reverse=True)
        self._newest = (self._newest or rows.newest_id(self.session)) + RESERVED
        return list(range(self._newest, self._newest - RESERVED, -1))

    def _write(self) -> None:
        """Write the rows entered so far."""
        books = [book for book in self._books.values() if book.entered]
        for book in books:
            self._touched[book.member_id].update(entry.domain_id for entry in book.entered)
        write_rows(self.session, LedgerRow, (row._asdict() for book in books for row in book.entered))
        write_rows(self.session, Settlement, (row._asdict() for book in books for row in book.settled))
        for book in books:
            book.entered.clear()
            book.settled.clear()

    def close(self) -> None:
        """Write what is open, keep the balances, and tell whose standing moved."""
        self._write()
        today = clock.now().date()
        for member_id, domain_ids in sorted(self._touched.items()):
            for domain_id in sorted(domain_ids):
                keep_balance(self.session, self._books[member_id], domain_id, today)
            emit(StandingChanged(None, member_id=member_id, domain_ids=tuple(sorted(domain_ids))))
        self._touched.clear()


def keep_balance(session: Session, book: Book, domain_id: int, today: date, *, whole: bool = False) -> None:
    """Write what a member's rows in a domain sum to; the counts of answers are the forum's and stay.

    Args:
        whole: look at every day, not only at those that moved since the book was recalled.
    """
    account = book.accounts[domain_id]
    days = account.standing_days
    kept = session.get(Balance, (book.member_id, domain_id))
    if kept is None:
        kept = Balance(member_id=book.member_id, domain_id=domain_id)
        session.add(kept)
    kept.earned_mp, kept.settled_mp = account.earned_mp, account.settled_mp
    kept.organizations, kept.participation = account.organizations, account.participation
    kept.standing_mp, kept.standing_on = standing(days, today), today
    _keep_days(session, book.member_id, domain_id, days, None if whole else account.moved)
    account.moved.clear()
    session.flush()


def _keep_days(
    session: Session, member_id: int, domain_id: int, days: Mapping[date, int], moved: Collection[date] | None
) -> None:
    here = [DayBalance.member_id == member_id, DayBalance.domain_id == domain_id]
    if moved is not None:
        here.append(DayBalance.day.in_(moved))
    found = read(select(DayBalance.day, DayBalance.settled_mp).where(*here))
    written: dict[date, int] = {row.day: row.settled_mp for row in found}
    gone = [day for day in written if written[day] != days.get(day)]
    if gone:
        changed = delete(DayBalance).where(*here, DayBalance.day.in_(gone))
        session.execute(changed.execution_options(synchronize_session=False))
    new = [day for day in (days if moved is None else moved) if written.get(day) != days.get(day)]
    write_rows(
        session, DayBalance,
        (
            {"member_id": member_id, "domain_id": domain_id, "day": day, "settled_mp": days[day]}
            for day in new
            if day in days
        ),
    )  # fmt: skip


def _levels(happened: Act) -> dict[int, int]:
    """Return the giver's level in each domain, where the rule weighs it."""
    if happened.actor_id is None or "level" not in RULES[happened.rule].weighed:
        return {}
    return {
        domain_id: fact("level", happened.actor_id, domain_id, default=0) for domain_id in happened.domain_ids
    }
