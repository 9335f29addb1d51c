"""The whole ledger entered anew beside itself: every amount, settlement and sum is compared with what stands."""

from __future__ import annotations

from collections import defaultdict
from datetime import date  # noqa: TC003 -- a named tuple's
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from sqlalchemy import bindparam, func, select

from iocop.core import clock
from iocop.core.db import act, db, read
from iocop.core.sparing import uncollected
from iocop.reputation.book import Book
from iocop.reputation.entries import Entry
from iocop.reputation.fading import standing
from iocop.reputation.models import Balance, CommunityDay, DayBalance, LedgerRow, RuleVersion, Settlement
from iocop.reputation.queries.rows import ENTRIES, settlements_of
from iocop.reputation.rules import POINT, RULES
from iocop.reputation.services.ledger import keep_balance, one_at_a_time
from iocop.reputation.settling import caps
from iocop.reputation.weighing import amount

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from typing import Any

    from sqlalchemy import ColumnElement, Executable
    from sqlalchemy.orm import InstrumentedAttribute, Session

    from iocop.reputation.accounts import Account
    from iocop.reputation.settling import Caps

    _Points: TypeAlias = "tuple[int, int, date]"  # of which row, how many milli-points, under which day

ROWS_AT_ONCE = 20_000
"""Writers wait while so many are compared."""


def _between(member: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    return member.between(bindparam("first"), bindparam("last"))


_ENTRIES = ENTRIES.where(_between(LedgerRow.member_id)).order_by(LedgerRow.member_id, LedgerRow.id)
_SETTLEMENTS = select(
    Settlement.member_id, Settlement.because_id, Settlement.ledger_id, Settlement.amount_mp, Settlement.day
).where(_between(Settlement.member_id))
_BALANCES = select(
    Balance.member_id, Balance.domain_id, Balance.earned_mp, Balance.settled_mp, Balance.organizations,
    Balance.participation, Balance.standing_mp, Balance.standing_on,
).where(_between(Balance.member_id))  # fmt: skip
_DAYS = select(DayBalance.member_id, DayBalance.domain_id, DayBalance.day, DayBalance.settled_mp).where(
    _between(DayBalance.member_id)
)


class Found(NamedTuple):
    """Something that is not as a replay gives it.

    Attributes:
        place: member and domain whose balance can be made anew; empty where nothing mends it, as rows are never changed.
    """

    words: str
    place: tuple[int, int] | None = None


class Step(NamedTuple):
    """How far a replay is: rows compared since the step before, and what was found in them."""

    rows: int
    found: Sequence[Found]


def count() -> int:
    """Return how many rows there are."""
    return db.session.scalar(select(func.count()).select_from(LedgerRow)) or 0


def replay(*, check: bool) -> Iterator[Step]:
    """Compare the ledger with a replay, some members at a time, each time while nobody writes.

    Args:
        check: change nothing; else balances that differ are made anew from what stands.
    """
    for first, last in _batches():
        with act() as session:
            one_at_a_time(session)
            with uncollected():
                step = _compared(session, first, last, check=check)
        yield step


def _compared(session: Session, first: int, last: int, *, check: bool) -> Step:
    batch = _Batch(first, last)
    found = [each for member in batch.members() for each in member.compare()]
    if not check:
        for member_id, domain_id in {each.place for each in found if each.place}:
            batch.mend(session, member_id, domain_id)
    return Step(batch.rows, found)


def _batches() -> Iterator[tuple[int, int]]:
    """Yield ranges of members who have about `ROWS_AT_ONCE` rows together."""
    counts = select(LedgerRow.member_id, func.count()).group_by(LedgerRow.member_id)
    members: list[Any] = list(read(counts.order_by(LedgerRow.member_id)))
    first, rows = 0, 0
    for member_id, own in members:
        rows += own
        if rows >= ROWS_AT_ONCE:
            yield first, member_id
            first, rows = member_id + 1, 0
    if members:
        yield first, 2**62


class _Batch:
    """What stands of some members, read at once."""

    def __init__(self, first: int, last: int) -> None:
        self._shares = _community()
        self._worths = _worths()
        self._entries: dict[int, list[Entry]] = {}
        self._settled: dict[int, dict[int, list[_Points]]] = defaultdict(lambda: defaultdict(list))
        self._balances: dict[int, list[Any]] = defaultdict(list)
        self._days: dict[int, dict[int, dict[date, int]]] = defaultdict(lambda: defaultdict(dict))
        between = {"first": first, "last": last}
        rows = _all(_ENTRIES, between)
        self.rows = len(rows)
        for member_id, own in groupby(map(Entry._make, rows), attrgetter("member_id")):
            self._entries[member_id] = list(own)
        for member_id, because_id, ledger_id, points, day in _all(_SETTLEMENTS, between):
            self._settled[member_id][because_id].append((ledger_id, points, day))
        for balance in _all(_BALANCES, between):
            self._balances[balance.member_id].append(balance)
        for member_id, domain_id, day, points in _all(_DAYS, between):
            self._days[member_id][domain_id][day] = points

    def members(self) -> Iterator[_Member]:
        for member_id in sorted({*self._entries, *self._settled, *self._balances, *self._days}):
            yield _Member(
                self._shares, self._worths, member_id, self._entries.get(member_id, ()), self._settled[member_id],
                self._balances[member_id], self._days[member_id],
            )  # fmt: skip

    def mend(self, session: Session, member_id: int, domain_id: int) -> None:
        """Make a balance anew from the rows and settlements that stand."""
        book = Book(member_id, self._shares.__getitem__, None)
        book.recall(self._entries.get(member_id, ()), settlements_of(member_id))
        keep_balance(session, book, domain_id, clock.now().date(), whole=True)


def _all(statement: Executable, between: Mapping[str, int]) -> Sequence[Any]:
    """Return all rows at once: taken one by one, they cost half as much again."""
    return read(statement, between).all()


class _Member:
    """One member's rows, and what stands of them."""

    def __init__(
        self, shares: Mapping[date, Caps], worths: Collection[tuple[str, int, int]], member_id: int,
        entries: Sequence[Entry], settled: dict[int, list[_Points]], balances: Sequence[Any],
        days: Mapping[int, Mapping[date, int]],
    ) -> None:  # fmt: skip
        self._shares, self._worths, self._id = shares, worths, member_id
        self._entries, self._settled, self._balances, self._days = entries, settled, balances, days

    def compare(self) -> Iterator[Found]:
        """Yield what differs."""
        book = Book(self._id, self._shares.__getitem__, None)
        try:
            yield from self._rows(book)
        except LookupError as error:
            yield Found(f"member {self._id}: a row or a day is named that is not there: {error}")
            return
        yield from self._sums(book)
        yield from self._by_day(book)

    def _rows(self, book: Book) -> Iterator[Found]:
        for entry in self._entries:
            chain, new = book.replay(entry)
            if not self._is_worth(entry, live=chain.live):
                yield Found(f"row {entry.id}: {entry.amount_mp} stands, its factors give something else")
            expected = [(each.ledger_id, each.amount_mp, each.day) for each in new]
            found = self._settled.pop(entry.id, [])
            if found != expected and sorted(found) != sorted(expected):
                yield Found(f"row {entry.id}: it let settle {sorted(found)}, a replay {sorted(expected)}")
        for row_id in self._settled:
            yield Found(f"row {row_id}: points settled by it, and it is not this member's")

    def _is_worth(self, entry: Entry, *, live: bool) -> bool:
        points = amount(entry.base_mp, entry.factors)
        known = (entry.rule, entry.rule_version, entry.base_mp) in self._worths
        return known and entry.amount_mp == (points if live else -points)

    def _sums(self, book: Book) -> Iterator[Found]:
        kept = {row.domain_id: row for row in self._balances}
        for domain_id in sorted({*kept, *book.accounts}):
            account, row = book.accounts[domain_id], kept.get(domain_id)
            if row is None or not _agrees(account, row):
                yield Found(
                    f"member {self._id}, domain {domain_id}: the balance differs", (self._id, domain_id)
                )

    def _by_day(self, book: Book) -> Iterator[Found]:
        for domain_id in sorted({*self._days, *book.accounts}):
            expected, kept = book.accounts[domain_id].standing_days, self._days.get(domain_id, {})
            if expected == kept:
                continue
            for day in sorted(expected.keys() | kept.keys()):
                if expected.get(day) != kept.get(day):
                    words = f"member {self._id}, domain {domain_id}: the balance of {day} differs"
                    yield Found(words, (self._id, domain_id))


def _agrees(account: Account, row: Any) -> bool:
    sums = account.earned_mp, account.settled_mp, account.organizations, account.participation
    return (row.earned_mp, row.settled_mp, row.organizations, row.participation) == sums and (
        row.standing_mp == standing(account.days, row.standing_on)
    )


def _community() -> dict[date, Caps]:
    rows = read(select(CommunityDay.day, CommunityDay.organizations, CommunityDay.people)).all()
    return {row.day: caps(row.organizations, row.people) for row in rows}


def _worths() -> set[tuple[str, int, int]]:
    """Return every version of every rule with its base."""
    later = read(select(RuleVersion.rule, RuleVersion.version, RuleVersion.base_mp))
    return {(key, 1, rule.points * POINT) for key, rule in RULES.items()} | {
        (row.rule, row.version, row.base_mp) for row in later
    }
