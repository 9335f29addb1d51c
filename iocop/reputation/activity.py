"""How many were active in the year that ends with each of many days, in one pass. Pure."""

from __future__ import annotations

from collections import Counter, deque
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from iocop.reputation.rules import CAP_DAYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date


class Deed(NamedTuple):
    """Somebody gave or marked something; *group_id* only where their organization was proved."""

    day: date
    member_id: int
    group_id: int | None


class Active(NamedTuple):
    day: date
    organizations: int
    people: int


def active_on(days: Iterable[date], deeds: Iterable[Deed]) -> Iterator[Active]:
    """Yield, for each day in turn, how many different groups and people did something in the 365 days ending with it."""
    waiting = deque(sorted(deeds, key=lambda deed: deed.day))
    counted: deque[Deed] = deque()
    people: Counter[int] = Counter()
    groups: Counter[int] = Counter()

    def count(deed: Deed, by: int) -> None:
        people[deed.member_id] += by
        if deed.group_id is not None:
            groups[deed.group_id] += by

    for day in sorted(set(days)):
        while waiting and waiting[0].day <= day:
            count(waiting[0], 1)
            counted.append(waiting.popleft())
        while counted and counted[0].day <= day - timedelta(days=CAP_DAYS):
            count(counted.popleft(), -1)
        yield Active(day, len(+groups), len(+people))
