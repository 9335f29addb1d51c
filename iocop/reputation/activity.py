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
    for day in sorted(set(days)):
        while waiting and waiting[0].day <= day:
            deed = waiting.popleft()
            counted.append(deed)
            people[deed.member_id] += 1
            if deed.group_id is not None:
                groups[deed.group_id] += 1
        before = day - timedelta(days=CAP_DAYS)
        while counted and counted[0].day <= before:
            deed = counted.popleft()
            _leave(people, deed.member_id)
            if deed.group_id is not None:
                _leave(groups, deed.group_id)
        yield Active(day, len(groups), len(people))


def _leave(counts: Counter[int], key: int) -> None:
    """Count one less; what is left nothing of is not kept, so that how many there are need not be counted."""
    if counts[key] == 1:
        del counts[key]
    else:
        counts[key] -= 1
