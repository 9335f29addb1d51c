"""How much of what others gave is settled: no organization and no person makes more than its share of it. Pure, exact.

A group of organizations counts at most 20 points or 30 % of what is settled, a person at most 10 points or 10 %; in
small communities more. As the shares are shares of what settles, that amount is a fixed point of "what could settle,
if so much were settled": the greatest one is reached from above, beginning with everything.

Source:
    Tarski's and Kleene's fixed point theorems for a monotone map on a finite chain (B. A. Davey and H. A. Priestley,
    Introduction to Lattices and Order, 2nd ed. 2002, 2.35 and 8.15). The shares are the community's own.
"""

from __future__ import annotations

from bisect import insort
from heapq import heappop, heappush
from typing import TYPE_CHECKING, NamedTuple

from iocop.reputation.rules import CAP_DAYS, POINT

if TYPE_CHECKING:
    from collections.abc import Iterable

GROUP_FLOOR = 20 * POINT
PERSON_FLOOR = 10 * POINT
POOLED = 0
"""The group of all who did not prove an organization: together they count as one."""


class Share(NamedTuple):
    """A share of what is settled, as *above* ÷ *below*."""

    above: int
    below: int

    def of(self, settled: int) -> int:
        return settled * self.above // self.below

    def reached(self, wanted: int) -> int:
        """Return the least amount of which this share is as much as wanted."""
        return -(-wanted * self.below // self.above)


class Caps(NamedTuple):
    """The greatest shares one group and one person may make."""

    group: Share
    person: Share


def caps(organizations: int, people: int) -> Caps:
    """Return the shares in a community with so many active organizations and people.

    They are 3/10 and 1/10, or one and a half times what each would make of equal parts, where that is more.
    """
    return Caps(_share(3, 10, organizations), _share(1, 10, people))


def _share(above: int, below: int, among: int) -> Share:
    wide = Share(3, 2 * max(among, 1))
    return wide if wide.above * below > above * wide.below else Share(above, below)


class Waiting(NamedTuple):
    """Points of one row that have not settled; rows settle in the order they were entered."""

    row_id: int
    group: int
    left: int


class Pool:
    """What others gave one member in one domain: what of it settled in the last 365 days, and what waits."""

    __slots__ = ("_cut", "_days", "by_group", "by_person", "settled", "waiting")

    def __init__(self) -> None:
        self.settled = 0
        self.by_group: dict[int, int] = {}
        self.by_person: dict[int, int] = {}
        self.waiting: dict[int, list[Waiting]] = {}
        """By person, each in the order of the rows."""
        self._days: list[tuple[int, int, int, int]] = []
        self._cut = 0

    def forget_before(self, day: int) -> None:
        """Take out what settled 365 days before a day, given as an ordinal, or earlier."""
        self._cut = day - CAP_DAYS
        while self._days and self._days[0][0] <= self._cut:
            _, group, person, amount = heappop(self._days)
            self._count(group, person, -amount)

    def wait(self, person: int, row_id: int, group: int, amount: int) -> None:
        """Have points of a row wait."""
        if amount > 0:
            insort(self.waiting.setdefault(person, []), Waiting(row_id, group, amount))

    def drop(self, person: int, row_id: int) -> None:
        """Have nothing of a row wait any longer."""
        self._keep(person, [row for row in self.waiting.get(person, ()) if row.row_id != row_id])

    def enter(self, row_id: int, group: int, person: int, amount: int, day: int) -> None:
        """Count points of a row that settled, or were taken back, under the day they settled, as an ordinal."""
        if amount > 0:
            self._take(person, row_id, amount)
        if day > self._cut:
            heappush(self._days, (day, group, person, amount))
            self._count(group, person, amount)

    def settle(self, shares: Caps) -> list[tuple[int, int]]:
        """Return which rows settle now, and how much of each; they wait until `enter` counts it."""
        if not self.waiting:
            return []
        rooms = _Rooms(self, shares, greatest(self, shares))
        settled = []
        for row, part in sorted(offer for person in self.waiting for offer in rooms.offers(person)):
            taken = min(part, rooms.of_group(row.group))
            if taken > 0:
                rooms.use(row.group, taken)
                settled.append((row.row_id, taken))
        return settled

    def _take(self, person: int, row_id: int, taken: int) -> None:
        rows = self.waiting.get(person, [])
        less = [row._replace(left=row.left - taken) if row.row_id == row_id else row for row in rows]
        self._keep(person, [row for row in less if row.left > 0])

    def _keep(self, person: int, rows: list[Waiting]) -> None:
        if rows:
            self.waiting[person] = rows
        else:
            self.waiting.pop(person, None)

    def _count(self, group: int, person: int, amount: int) -> None:
        self.settled += amount
        self.by_group[group] = self.by_group.get(group, 0) + amount
        self.by_person[person] = self.by_person.get(person, 0) + amount


class _Rooms:
    """What may still settle if so much is settled in all."""

    def __init__(self, pool: Pool, shares: Caps, settled: int) -> None:
        self._pool = pool
        self._group_cap = max(GROUP_FLOOR, shares.group.of(settled))
        self._person_cap = max(PERSON_FLOOR, shares.person.of(settled))
        self._used: dict[int, int] = {}

    def offers(self, person: int) -> Iterable[tuple[Waiting, int]]:
        """Yield what of a person's rows may settle as far as that person goes: the first of them."""
        room = self._person_cap - self._pool.by_person.get(person, 0)
        for row in self._pool.waiting[person]:
            if room <= 0:
                return
            yield row, min(room, row.left)
            room -= row.left

    def of_group(self, group: int) -> int:
        return self._group_cap - self._pool.by_group.get(group, 0) - self._used.get(group, 0)

    def use(self, group: int, amount: int) -> None:
        self._used[group] = self._used.get(group, 0) + amount

    def total(self) -> int:
        """Return how much would then be settled."""
        offered: dict[int, int] = {}
        for person in self._pool.waiting:
            for row, part in self.offers(person):
                offered[row.group] = offered.get(row.group, 0) + part
        return self._pool.settled + sum(
            max(0, min(amount, self.of_group(group))) for group, amount in offered.items()
        )


def greatest(pool: Pool, shares: Caps) -> int:
    """Return the greatest amount that is settled exactly if it is taken to be."""
    amount = pool.settled + sum(row.left for rows in pool.waiting.values() for row in rows)
    while True:
        then = _Rooms(pool, shares, amount).total()
        if then == amount:
            return amount
        amount = then
