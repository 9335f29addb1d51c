"""How much of what others gave is settled: no organization and no person makes more than its share of it. Pure, exact.

A group of organizations counts at most 20 points or 30 % of what is settled, a person at most 10 points or 10 %; in
small communities more. As the shares are shares of what settles, that amount is a fixed point of "what could settle,
if so much were settled": the greatest one is reached from above, beginning with everything.

Source:
    Tarski's and Kleene's fixed point theorems for a monotone map on a finite chain (B. A. Davey and H. A. Priestley,
    Introduction to Lattices and Order, 2nd ed. 2002, 2.35 and 8.15). The shares are the community's own.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from heapq import heappop, heappush
from typing import TYPE_CHECKING, NamedTuple

from iocop.reputation.rules import CAP_DAYS, POINT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

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

    __slots__ = ("_cut", "_days", "by_group", "by_person", "pending", "settled", "waiting")

    def __init__(self) -> None:
        self.settled = 0
        self.by_group: dict[int, int] = defaultdict(int)
        self.by_person: dict[int, int] = defaultdict(int)
        self.pending = 0
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
        if amount <= 0:
            return
        self.pending += amount
        row, rows = Waiting(row_id, group, amount), self.waiting.get(person)
        if rows is None:
            self.waiting[person] = [row]
        elif row < rows[-1]:
            insort(rows, row)
        else:
            rows.append(row)

    def drop(self, person: int, row_id: int) -> None:
        """Have nothing of a row wait any longer."""
        self._take(person, row_id, None)

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
        alone = self._alone(shares)
        if alone is not None:
            return alone
        amount = greatest(self, shares)
        if amount == self.settled:
            return []
        rooms = _Rooms(self, shares, amount)
        settled: list[tuple[int, int]] = []
        left: dict[int, int] = {}
        for row_id, group, part in sorted(rooms.offers()):
            room = left[group] if group in left else rooms.of_group(group)
            if room > 0:
                taken = part if part < room else room
                left[group] = room - taken
                settled.append((row_id, taken))
        return settled

    def _alone(self, shares: Caps) -> list[tuple[int, int]] | None:
        """Return the one row that waits, if it can settle whole: so it mostly is, and nothing need be looked for."""
        if len(self.waiting) > 1:
            return None
        ((person, rows),) = self.waiting.items()
        row_id, group, left = rows[0]
        (above, below), (own_above, own_below) = shares
        settled = self.settled + left
        own, of_group = self.by_person.get(person, 0) + left, self.by_group.get(group, 0) + left
        fits = (
            len(rows) == 1
            and (own <= PERSON_FLOOR or own * own_below <= settled * own_above)
            and (of_group <= GROUP_FLOOR or of_group * below <= settled * above)
        )
        return [(row_id, left)] if fits else None

    def _take(self, person: int, row_id: int, amount: int | None) -> None:
        """Have so much of a row wait no longer; nothing of it, where no amount is given."""
        rows = self.waiting.get(person)
        if rows is None:
            return
        place = bisect_left(rows, (row_id,))
        if place == len(rows) or rows[place].row_id != row_id:
            return
        _, group, left = rows[place]
        taken = left if amount is None else amount
        self.pending -= taken
        if taken < left:
            rows[place] = Waiting(row_id, group, left - taken)
        elif len(rows) > 1:
            del rows[place]
        else:
            del self.waiting[person]

    def _count(self, group: int, person: int, amount: int) -> None:
        self.settled += amount
        self.by_group[group] += amount
        self.by_person[person] += amount


class _Rooms:
    """What may still settle if so much is taken to be settled in all."""

    __slots__ = ("_pool", "group_cap", "person_cap")

    def __init__(self, pool: Pool, shares: Caps, settled: int) -> None:
        self._pool = pool
        (above, below), (own_above, own_below) = shares
        share, own = settled * above // below, settled * own_above // own_below
        self.group_cap = share if share > GROUP_FLOOR else GROUP_FLOOR
        self.person_cap = own if own > PERSON_FLOOR else PERSON_FLOOR

    def offers(self) -> Iterable[tuple[int, int, int]]:
        """Yield what may settle as far as people go: of each the first rows, with their groups and points."""
        by_person = self._pool.by_person
        for person, rows in self._pool.waiting.items():
            room = self.person_cap - by_person.get(person, 0)
            for row_id, group, left in rows:
                if room <= 0:
                    break
                yield row_id, group, left if left < room else room
                room -= left

    def of_group(self, group: int) -> int:
        return self.group_cap - self._pool.by_group.get(group, 0)

    def offered(self) -> dict[int, int]:
        """Return what may settle of each group as far as its people go."""
        by_person, cap = self._pool.by_person, self.person_cap
        sums: dict[int, int] = {}
        for person, rows in self._pool.waiting.items():
            room = cap - by_person.get(person, 0)
            for _, group, left in rows:
                if room <= left:
                    if room > 0:
                        sums[group] = sums.get(group, 0) + room
                    break
                sums[group] = sums.get(group, 0) + left
                room -= left
        return sums

    def total(self) -> int:
        """Return how much would then be settled: never less if more is taken to be."""
        total, by_group, cap = self._pool.settled, self._pool.by_group, self.group_cap
        for group, points in self.offered().items():
            room = cap - by_group.get(group, 0)
            if room > 0:
                total += points if points < room else room
        return total


PLAIN_STEPS = 3
"""So often the map is just applied; then steps are drawn out along its slope."""


def greatest(pool: Pool, shares: Caps) -> int:
    """Return the greatest amount that is settled exactly if it is taken to be."""
    amount, steps = pool.settled + pool.pending, 0
    while True:
        rooms = _Rooms(pool, shares, amount)
        then = rooms.total()
        if then == amount:
            return amount
        steps += 1
        amount = then if steps < PLAIN_STEPS else min(then, _drawn_out(pool, shares, rooms, then))


def _drawn_out(pool: Pool, shares: Caps, rooms: _Rooms, then: int) -> int:
    """Return an amount that no fixed point exceeds, often far below *then*.

    Below this step what is bound by a share falls at least as that share does, until the share reaches what is
    settled or the floor; and nothing else rises. Where that line meets the diagonal no fixed point lies above.
    """
    offered = rooms.offered()
    groups = {
        group: pool.by_group.get(group, 0)
        for group, points in offered.items()
        if rooms.group_cap > GROUP_FLOOR and 0 < rooms.of_group(group) <= points
    }
    people = [
        pool.by_person.get(person, 0)
        for person, rows in pool.waiting.items()
        if rooms.person_cap > PERSON_FLOOR and _bound_alone(pool, rooms, offered, person, rows)
    ]
    ends = [shares.group.reached(max(GROUP_FLOOR, settled)) for settled in groups.values()]
    ends += [shares.person.reached(max(PERSON_FLOOR, settled)) for settled in people]
    fixed = then - len(groups) * rooms.group_cap - len(people) * rooms.person_cap
    whole = shares.group.below * shares.person.below
    slack = (
        whole
        - len(groups) * shares.group.above * shares.person.below
        - len(people) * shares.person.above * shares.group.below
    )
    return max(fixed * whole // slack, *ends) if slack > 0 and ends else then


def _bound_alone(
    pool: Pool, rooms: _Rooms, offered: Mapping[int, int], person: int, rows: Sequence[Waiting]
) -> bool:
    """Say whether only the person's own share binds what waits of them, in one group that has room."""
    room = rooms.person_cap - pool.by_person.get(person, 0)
    group = rows[0].group
    if room <= 0 or offered.get(group, 0) >= rooms.of_group(group):
        return False
    return all(row.group == group for row in rows) and sum(row.left for row in rows) >= room
