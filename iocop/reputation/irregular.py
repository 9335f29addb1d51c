"""What looks like people endorsing in a circle: the search for rings and jumps. Pure; a person judges what it finds.

Source:
    Mazloomzadeh et al., Reputation Gaming in Crowd Technical Knowledge Sharing, TOSEM 34(1), 2025: isolated
    communities of voters, and jumps.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MUTUAL = 4
"""Endorsements in each direction, within `rules.WINDOW_DAYS`, that make two people a pair."""
SMALLEST = 4
"""People connected by such pairs, each endorsed mostly from inside, that make a ring."""
INSIDE = 60
"""Per cent of a member's endorsements that come from inside the ring; who gets more from elsewhere is no part of it."""
DEVIATIONS = 6
PAST_DAYS = 90
LEAST_JUMP = 100_000
"""Milli-points below which a day is no jump, so that a first good day is none."""


class Ring(NamedTuple):
    """People who endorse one another.

    Attributes:
        inside: of each member, how many of their endorsements came from inside the ring, and of how many.
        pairs: who gave whom how many, within the ring.
    """

    members: tuple[int, ...]
    inside: dict[int, tuple[int, int]]
    pairs: dict[tuple[int, int], int]


def rings(given: Mapping[tuple[int, int], int]) -> list[Ring]:
    """Return the rings among endorsements of one window.

    Args:
        given: how many endorsements by (giver, receiver).
    """
    received: Counter[int] = Counter()
    for (_, receiver), count in given.items():
        received[receiver] += count
    found = [_ring(component, given, received) for component in _components(_friends(given))]
    return [ring for ring in found if len(ring.members) >= SMALLEST]


def _friends(given: Mapping[tuple[int, int], int]) -> dict[int, set[int]]:
    """Return with whom each is in a mutual pair."""
    friends: dict[int, set[int]] = defaultdict(set)
    for (giver, receiver), count in given.items():
        if giver < receiver and count >= MUTUAL and given.get((receiver, giver), 0) >= MUTUAL:
            friends[giver].add(receiver)
            friends[receiver].add(giver)
    return friends


def _components(friends: Mapping[int, set[int]]) -> list[set[int]]:
    """Return the connected groups of at least `SMALLEST`, the one with the lowest number first."""
    seen: set[int] = set()
    found = []
    for start in sorted(friends):
        if start in seen:
            continue
        group, waiting = {start}, [start]
        while waiting:
            fresh = friends[waiting.pop()] - group
            group |= fresh
            waiting.extend(fresh)
        seen |= group
        if len(group) >= SMALLEST:
            found.append(group)
    return found


def _ring(component: set[int], given: Mapping[tuple[int, int], int], received: Mapping[int, int]) -> Ring:
    within = {pair: count for pair, count in given.items() if pair[0] in component and pair[1] in component}
    inside: Counter[int] = Counter()
    for (_, receiver), count in within.items():
        inside[receiver] += count
    members = tuple(one for one in sorted(component) if inside[one] * 100 >= INSIDE * received[one])
    return Ring(
        members,
        {one: (inside[one], received[one]) for one in members},
        {pair: count for pair, count in sorted(within.items()) if set(pair) <= set(members)},
    )


def is_jump(today: int, past: Sequence[int]) -> bool:
    """Say whether a day's milli-points are far above a member's own days before.

    Args:
        past: milli-points of earlier days that had any, within `PAST_DAYS`; all other days count as nothing.
    """
    mean = sum(past) / PAST_DAYS
    spread = sqrt(max(0.0, sum(day * day for day in past) / PAST_DAYS - mean * mean))
    return today >= LEAST_JUMP and today > mean + DEVIATIONS * spread


def jumps(days: Iterable[tuple[int, int, int]], day: int) -> dict[int, int]:
    """Return who jumped on a day, with that day's milli-points.

    Args:
        days: (member, day as its ordinal, milli-points) within `PAST_DAYS` before and on the day.
    """
    past: dict[int, list[int]] = defaultdict(list)
    today: dict[int, int] = {}
    for member, when, amount in days:
        if when == day:
            today[member] = amount
        elif day - PAST_DAYS <= when < day:
            past[member].append(amount)
    return {member: amount for member, amount in sorted(today.items()) if is_jump(amount, past[member])}


class Reciprocity(NamedTuple):
    """How far what a member received in one window comes from people whom they endorsed as well.

    Attributes:
        received: endorsements.
        people: who gave them.
        returned: of these, whom the member endorsed too.
        from_returned: endorsements received from those.
        pairs: people with whom it is four or more each way, which the search for rings begins with.
    """

    received: int
    people: int
    returned: int
    from_returned: int
    pairs: int


def reciprocity(given: Mapping[tuple[int, int], int], member_id: int) -> Reciprocity:
    """Return how mutual a member's endorsements are.

    Args:
        given: how many endorsements by (giver, receiver); those between others count nothing.
    """
    from_whom = {giver: count for (giver, receiver), count in given.items() if receiver == member_id}
    back = {giver: given.get((member_id, giver), 0) for giver in from_whom}
    returned = [giver for giver, count in back.items() if count]
    return Reciprocity(
        sum(from_whom.values()),
        len(from_whom),
        len(returned),
        sum(from_whom[giver] for giver in returned),
        sum(1 for giver in returned if min(from_whom[giver], back[giver]) >= MUTUAL),
    )
