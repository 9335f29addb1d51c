"""What settles: as much as can while nobody dominates, found exactly."""

from __future__ import annotations

import time
from collections import defaultdict

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iocop.reputation import settling
from iocop.reputation.rules import POINT
from iocop.reputation.settling import Caps, Pool, Share, caps, greatest

WIDE = caps(40, 200)
DAY = 739_000


def pool_of(rows: list[tuple[int, int, int]]) -> Pool:
    """One in which rows of (person, group, points) wait in this order."""
    pool = Pool()
    for number, (person, group, points) in enumerate(rows, 1):
        pool.wait(person, number, group, points)
    return pool


def settle(pool: Pool, shares: Caps, day: int = DAY) -> dict[int, int]:
    settled = dict(pool.settle(shares))
    found = {row.row_id: (row.group, person) for person, rows in pool.waiting.items() for row in rows}
    for row_id, points in settled.items():
        pool.enter(row_id, *found[row_id], points, day)
    return settled


def would_settle(pool: Pool, shares: Caps, taken_to_be: int) -> int:
    """The map itself, written out anew."""
    by_group: dict[int, int] = defaultdict(int)
    for person, rows in pool.waiting.items():
        room = max(settling.PERSON_FLOOR, taken_to_be * shares.person.above // shares.person.below)
        room = max(0, room - pool.by_person.get(person, 0))
        for row in sorted(rows):
            part = min(room, row.left)
            by_group[row.group] += part
            room -= part
    total = 0
    for group in {*by_group, *pool.by_group}:
        before = pool.by_group.get(group, 0)
        cap = max(settling.GROUP_FLOOR, taken_to_be * shares.group.above // shares.group.below)
        total += max(before, min(cap, before + by_group[group]))
    return total


def brute(pool: Pool, shares: Caps) -> int:
    """The greatest fixed point, looked for from above one milli-point after another."""
    amount = pool.settled + pool.pending
    while would_settle(pool, shares, amount) != amount:
        amount -= 1
    return amount


ROWS = st.lists(st.tuples(st.integers(1, 14), st.integers(0, 5), st.integers(1, 60)), max_size=30)
SHARES = st.builds(caps, st.integers(0, 9), st.integers(0, 30))


@pytest.fixture
def coarse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Floors of 20 and 10, so that every amount can be tried; and steps are drawn out early."""
    for name, value in {"GROUP_FLOOR": 20, "PERSON_FLOOR": 10, "PLAIN_STEPS": 2}.items():
        monkeypatch.setattr(settling, name, value)


@pytest.mark.usefixtures("coarse")
@given(ROWS, ROWS, SHARES, SHARES)
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_what_settles_is_the_greatest_fixed_point(
    before: list[tuple[int, int, int]], rows: list[tuple[int, int, int]], then: Caps, now: Caps
) -> None:
    pool = pool_of(before)
    settle(pool, then)
    for number, (person, group, points) in enumerate(rows, 100):
        pool.wait(person, number, group, points)

    expected = brute(pool, now)
    assert greatest(pool, now) == expected
    settle(pool, now)

    assert pool.settled == expected
    assert pool.settle(now) == []
    assert pool.pending == sum(row.left for rows in pool.waiting.values() for row in rows)


@given(ROWS, SHARES)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_group_and_no_person_goes_beyond_its_share(rows: list[tuple[int, int, int]], shares: Caps) -> None:
    pool = pool_of(rows)

    settle(pool, shares)

    assert all(
        points <= max(settling.GROUP_FLOOR, shares.group.of(pool.settled))
        for points in pool.by_group.values()
    )
    assert all(
        points <= max(settling.PERSON_FLOOR, shares.person.of(pool.settled))
        for points in pool.by_person.values()
    )


def test_a_steep_descent_is_drawn_out_and_ends_at_the_same_place(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(person, person, 400 * POINT) for person in range(1, 10)] + [(10, 10, 40 * POINT + 1)]
    shares = Caps(Share(3, 10), Share(11_09, 10_000))
    began = time.process_time()
    drawn_out = greatest(pool_of(rows), shares)
    taken = time.process_time() - began

    monkeypatch.setattr("iocop.reputation.settling.PLAIN_STEPS", 1_000_000)

    assert greatest(pool_of(rows), shares) == drawn_out
    assert taken < 0.01


def test_the_shares_are_wider_in_small_communities() -> None:
    assert caps(40, 200) == (Share(3, 10), Share(1, 10))
    assert caps(5, 15) == (Share(3, 10), Share(1, 10))
    assert caps(3, 10) == (Share(3, 6), Share(3, 20))
    assert caps(0, 0) == (Share(3, 2), Share(3, 2))


def test_one_colleague_alone_settles_ten_points_and_one_organization_twenty() -> None:
    pool = pool_of([(1, 7, 30 * POINT), (2, 7, 30 * POINT), (3, 7, 30 * POINT)])

    assert settle(pool, WIDE) == {1: 10 * POINT, 2: 10 * POINT}
    assert pool.pending == 70 * POINT


def test_other_organizations_release_what_waits() -> None:
    pool = pool_of([(person, 7, 10 * POINT) for person in range(1, 5)])
    settle(pool, WIDE)
    assert pool.settled == 20 * POINT

    for person in range(10, 20):
        pool.wait(person, person, person, 10 * POINT)
    settle(pool, WIDE)

    assert pool.by_group[7] == 40 * POINT


def test_everybody_without_a_proved_organization_counts_as_one_together() -> None:
    pool = pool_of([(person, 0, 10 * POINT) for person in range(1, 31)])

    settle(pool, WIDE)

    assert pool.settled == 20 * POINT


def test_what_settled_a_year_ago_no_longer_fills_a_share() -> None:
    pool = pool_of([(1, 7, 20 * POINT)])
    settle(pool, WIDE)
    pool.forget_before(DAY + 364)
    assert settle(pool, WIDE, DAY + 364) == {}

    pool.forget_before(DAY + 365)

    assert settle(pool, WIDE, DAY + 365) == {1: 10 * POINT}
