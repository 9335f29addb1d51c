"""What would release points that wait: the promise is what the settling arithmetic then does."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iocop.reputation.remedy import NOTHING, Source, released_by, remedy
from iocop.reputation.rules import POINT
from iocop.reputation.settling import POOLED, Pool, caps

LARGE = caps(1_000, 10_000)

sources = st.lists(
    st.builds(
        Source,
        group=st.integers(0, 4),
        person=st.integers(1, 9),
        settled_mp=st.integers(0, 30).map(lambda points: points * POINT),
        waiting_mp=st.integers(0, 80).map(lambda points: points * POINT),
        first=st.integers(1, 50),
    ),
    max_size=9,
    unique_by=lambda source: (source.group, source.person),
)


def test_nothing_that_waits_needs_no_remedy() -> None:
    assert remedy([Source(1, 1, 5 * POINT, 0)], LARGE) is NOTHING
    assert remedy([], LARGE) is NOTHING


def test_one_organizations_surplus_is_released_by_others() -> None:
    """Ten people of one organization brought 100 points, of which 20 settled: 80 wait for others."""
    known = [Source(1, person, 2 * POINT, 8 * POINT, person) for person in range(1, 11)]

    found = remedy(known, LARGE)

    assert (found.waiting_mp, found.by_person_mp, found.unproved_mp) == (80 * POINT, 0, 0)
    assert found.by_organization_mp == 80 * POINT
    assert found.releases[-1].released_mp == 80 * POINT
    numbers = [step.organizations for step in found.releases]
    assert numbers == sorted(set(numbers))


def test_one_persons_surplus_is_told_apart() -> None:
    found = remedy([Source(1, 7, 10 * POINT, 15 * POINT)], LARGE)
    assert (found.by_person_mp, found.by_organization_mp) == (15 * POINT, 0)


def test_people_without_a_proved_organization_are_one_source() -> None:
    known = [Source(POOLED, person, 2 * POINT, 3 * POINT, person) for person in range(1, 11)]
    assert remedy(known, LARGE).unproved_mp == 30 * POINT


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sources, st.integers(0, 8))
def test_what_is_promised_is_what_settles(known: list[Source], number: int) -> None:
    """So many organizations are really added, each with two people who give ten points, and the ledger's pool settles."""
    pool = Pool()
    for source in known:
        pool.enter(0, source.group, source.person, source.settled_mp, 1)
    row = 100
    for source in sorted(known, key=lambda source: source.first):
        pool.wait(source.person, source.first, source.group, source.waiting_mp)
    for organization in range(number):
        for _person in range(2):
            row += 1
            pool.wait(1000 + row, 10_000 + row, 1000 + organization, 10 * POINT)

    settled = sum(amount for _, amount in pool.settle(LARGE))

    assert released_by(known, LARGE, number) == settled - number * 20 * POINT


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sources, st.integers(0, 6))
def test_more_organizations_never_release_less(known: list[Source], number: int) -> None:
    assert 0 <= released_by(known, LARGE, number) <= released_by(known, LARGE, number + 1)
    found = remedy(known, LARGE)
    assert found.waiting_mp == found.by_organization_mp + found.by_person_mp
    assert all(0 < step.released_mp <= found.waiting_mp for step in found.releases)
