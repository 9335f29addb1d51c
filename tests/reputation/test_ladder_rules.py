"""The ladder's arithmetic: each level's conditions, what is missing, and how time steps up and down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iocop.reputation.ladder import (
    BETWEEN,
    LEVELS,
    NOTICE,
    TOP,
    Evidence,
    Needs,
    Standing,
    Step,
    gate,
    lacking,
    level_of,
    next_step,
    reliability,
)
from iocop.reputation.rules import POINT

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

LEAST = {
    1: Evidence(20 * POINT, 2, 0, 0),
    2: Evidence(150 * POINT, 4, 3, 3),
    3: Evidence(600 * POINT, 8, 15, 50),
    4: Evidence(2000 * POINT, 12, 50, 130),
}
"""The least of each level: one less of anything, and it is not reached."""

evidences = st.builds(
    Evidence,
    st.integers(-100, 3000).map(lambda points: points * POINT),
    st.integers(0, 20),
    st.integers(0, 80),
    st.integers(0, 200),
)
actives = st.none() | st.integers(0, 40)

patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""The first draw of a run reads the code's constants, which takes longer than all others."""


@pytest.mark.parametrize("level", LEVELS)
def test_a_level_is_reached_by_exactly_what_it_asks_for(level: int) -> None:
    assert level_of(LEAST[level]) == level


@pytest.mark.parametrize(
    ("level", "name"),
    [(level, name) for level, asked in LEVELS.items() for name in Needs._fields if asked._asdict()[name]],
    ids=str,
)
def test_one_less_of_anything_is_one_level_less(level: int, name: str) -> None:
    least = LEAST[level]
    if name == "reliability":
        poorer = least._replace(contested=least.contested + 6)
    else:
        poorer = least._replace(**{name: getattr(least, name) - 1})

    assert level_of(poorer) == level - 1


@pytest.mark.parametrize(
    ("asked", "active", "expected"),
    [(12, None, 12), (12, 0, 0), (12, 1, 1), (12, 5, 3), (12, 6, 3), (12, 40, 12), (2, 40, 2)],
)
def test_a_small_community_asks_for_half_of_its_organizations(
    asked: int, active: int | None, expected: int
) -> None:
    assert gate(asked, active) == expected


def test_who_has_shown_nothing_is_a_third_reliable() -> None:
    assert reliability(Evidence()) == Fraction(1, 3)


@patient
@given(evidences, st.sampled_from(sorted(LEVELS)), actives)
def test_supplying_exactly_what_is_missing_reaches_the_level(
    evidence: Evidence, level: int, active: int | None
) -> None:
    missing = lacking(evidence, level, active)

    supplied = Evidence(
        evidence.standing_mp + missing.standing_mp,
        evidence.organizations + missing.organizations,
        evidence.accepted + missing.accepted,
        evidence.contested + missing.accepted,
    )

    assert not lacking(supplied, level, active)
    assert level_of(supplied, active) >= level
    assert bool(missing) is (level_of(evidence, active) < level)


@patient
@given(evidences, st.sampled_from(sorted(LEVELS)))
def test_nothing_less_than_what_is_missing_does(evidence: Evidence, level: int) -> None:
    missing = lacking(evidence, level)
    whole = (missing.standing_mp, missing.organizations, missing.accepted)

    for short in range(len(whole)):
        if whole[short]:
            points, organizations, accepted = (part - (place == short) for place, part in enumerate(whole))
            poorer = Evidence(
                evidence.standing_mp + points,
                evidence.organizations + organizations,
                evidence.accepted + accepted,
                evidence.contested + accepted,
            )
            assert level_of(poorer) < level


@patient
@given(evidences, evidences, actives)
def test_who_has_no_less_of_anything_stands_no_lower(
    one: Evidence, more: Evidence, active: int | None
) -> None:
    better = Evidence(
        max(one.standing_mp, more.standing_mp),
        max(one.organizations, more.organizations),
        max(one.accepted, more.accepted),
        min(one.contested, more.contested),
    )

    assert level_of(better, active) >= level_of(one, active)


def test_each_level_asks_for_no_less_than_the_one_below() -> None:
    asked = [LEVELS[level] for level in sorted(LEVELS)]

    assert sorted(LEVELS) == list(range(1, TOP + 1))
    for lower, higher in pairwise(asked):
        assert lower.standing_mp < higher.standing_mp
        assert lower.organizations < higher.organizations
        assert lower.accepted < higher.accepted or lower.accepted == 0
        assert lower.reliability <= higher.reliability


@pytest.mark.parametrize(
    ("rung", "level_now", "expected"),
    [
        (Standing(1), 1, Step.STAY),
        (Standing(1), 3, Step.RISE),
        (Standing(1, noticed_at=NOW), 2, Step.RISE),
        (Standing(2, noticed_at=NOW), 2, Step.CLEAR),
        (Standing(2), 0, Step.NOTICE),
        (Standing(2, noticed_at=NOW - timedelta(days=59)), 0, Step.STAY),
        (Standing(2, noticed_at=NOW - NOTICE), 0, Step.LOWER),
        (Standing(2, noticed_at=NOW - NOTICE, lowered_at=NOW - timedelta(days=364)), 0, Step.STAY),
        (Standing(2, noticed_at=NOW - NOTICE, lowered_at=NOW - BETWEEN), 0, Step.LOWER),
        (Standing(2, lowered_at=NOW - timedelta(days=304)), 0, Step.STAY),
        (Standing(2, lowered_at=NOW - timedelta(days=305)), 0, Step.NOTICE),
    ],
    ids=[
        "it stays", "up at once, past a level", "up clears a notice", "it holds again", "told at once",
        "not before 60 days", "after 60 days", "not twice within a year", "a year later again",
        "not told long before it can happen", "told 60 days before it can happen",
    ],
)  # fmt: skip
def test_a_step(rung: Standing, level_now: int, expected: Step) -> None:
    assert next_step(rung, level_now, NOW) is expected


@patient
@given(st.lists(st.integers(0, TOP), min_size=30, max_size=60), st.integers(1, 40))
def test_whatever_happens_a_member_is_told_60_days_before_and_falls_one_level_a_year(
    days: list[int], apart: int
) -> None:
    rung, fell, told = Standing(TOP), list[datetime](), datetime.min.replace(tzinfo=UTC)
    for number, level_now in enumerate(days):
        now = NOW + timedelta(days=number * apart)
        step = next_step(rung, level_now, now)
        if step is Step.RISE:
            rung = Standing(level_now, None, rung.lowered_at)
        elif step is Step.NOTICE:
            rung, told = rung._replace(noticed_at=now), now
        elif step is Step.CLEAR:
            rung = rung._replace(noticed_at=None)
        elif step is Step.LOWER:
            assert now - told >= NOTICE
            fell.append(now)
            rung = Standing(rung.level - 1, None, now)

    assert all(later - earlier >= BETWEEN for earlier, later in pairwise(fell))
