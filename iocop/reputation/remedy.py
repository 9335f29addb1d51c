"""What would release points that wait: how many more organizations, and how much each number of them brings. Pure.

One organization more is taken to bring what it may bring at once, whatever anybody's share is: two people with ten
points each (the floors of `settling`). What then settles of what waited is reckoned by the same fixed point that the
ledger settles by, so the page promises what will happen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iocop.reputation.settling import GROUP_FLOOR, PERSON_FLOOR, POOLED, Pool, greatest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from iocop.reputation.settling import Caps

NUMBERS: Final = (1, 2, 3, 5, 8, 12, 20)
"""Numbers of further organizations that are tried."""
_PEOPLE: Final = GROUP_FLOOR // PERSON_FLOOR


class Source(NamedTuple):
    """What one person, then in one group of organizations, gave a member in one domain.

    Attributes:
        group: `settling.POOLED` for all without a proved organization.
        settled_mp: what of it settled within 365 days.
        waiting_mp: what of it waits.
        first: where its first row stands in the ledger.
    """

    group: int
    person: int
    settled_mp: int
    waiting_mp: int
    first: int = 0


class Release(NamedTuple):
    """So many more organizations would have so much settle of what waits."""

    organizations: int
    released_mp: int


class Remedy(NamedTuple):
    """Why points wait, and what helps.

    Attributes:
        waiting_mp: all that waits.
        by_organization_mp: what waits though its giver's own share would let it settle.
        by_person_mp: what is beyond its giver's share.
        unproved_mp: what of it came from people without a proved organization, who count as one.
        releases: from the smallest number that helps to the first that releases everything, or the last tried.
    """

    waiting_mp: int
    by_organization_mp: int
    by_person_mp: int
    unproved_mp: int
    releases: Sequence[Release]


NOTHING: Final = Remedy(0, 0, 0, 0, ())


def remedy(sources: Iterable[Source], shares: Caps) -> Remedy:
    """Return what would release the points that wait in one domain."""
    known = [source for source in sources if source.settled_mp or source.waiting_mp > 0]
    waiting = sum(max(0, source.waiting_mp) for source in known)
    if not waiting:
        return NOTHING
    now = greatest(_pool(known), shares)
    beyond = _beyond_persons(known, max(PERSON_FLOOR, shares.person.of(now)))
    unproved = sum(max(0, source.waiting_mp) for source in known if source.group == POOLED)
    return Remedy(waiting, waiting - beyond, beyond, unproved, _releases(known, shares, waiting))


def _releases(known: Sequence[Source], shares: Caps, waiting: int) -> list[Release]:
    found: list[Release] = []
    for number in NUMBERS:
        released = released_by(known, shares, number)
        if released > (found[-1].released_mp if found else 0):
            found.append(Release(number, released))
        if released >= waiting:
            break
    return found


def released_by(sources: Iterable[Source], shares: Caps, organizations: int) -> int:
    """Return how many milli-points that wait would settle with so many more organizations, what they bring apart."""
    known = list(sources)
    settled = sum(source.settled_mp for source in known)
    strangers = range(1, organizations * _PEOPLE + 1)  # negative keys are nobody's
    more = [Source(-1 - (number - 1) // _PEOPLE, -number, 0, PERSON_FLOOR) for number in strangers]
    return greatest(_pool([*known, *more]), shares) - settled - organizations * GROUP_FLOOR


def _pool(sources: Iterable[Source]) -> Pool:
    pool = Pool()
    for source in sources:
        pool.enter(0, source.group, source.person, source.settled_mp, 1)
        pool.wait(source.person, source.first, source.group, source.waiting_mp)
    return pool


def _beyond_persons(sources: Iterable[Source], most: int) -> int:
    """Return how much of what waits is beyond what its giver may bring, whatever their organization."""
    settled: dict[int, int] = {}
    waiting: dict[int, int] = {}
    for source in sources:
        settled[source.person] = settled.get(source.person, 0) + source.settled_mp
        waiting[source.person] = waiting.get(source.person, 0) + max(0, source.waiting_mp)
    return sum(max(0, amount - max(0, most - settled[person])) for person, amount in waiting.items())
