"""Whom to ask: the formula, the order, the gate; and promises kept."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from math import log
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iocop.reputation.promises import Promises, kept_share
from iocop.reputation.ranking import Candidate, has_enough, is_away, ranked, score

if TYPE_CHECKING:
    from random import Random

people = st.builds(
    Candidate,
    member_id=st.integers(1, 50),
    standing_mp=st.integers(0, 10**7),
    all_mp=st.integers(0, 10**8),
    accepted=st.integers(0, 50),
    contested=st.integers(50, 200),
    colleague=st.booleans(),
)


def test_the_score_is_the_logarithm_of_points_times_the_rate() -> None:
    assert score(412_000, 800_000, 15, 30) == pytest.approx(log(1 + 412 + 200) * 17 / 36)
    assert score(0, 0, 0, 0) == 0
    assert score(-50_000, -50_000, 0, 3) == 0


def test_who_answers_reliably_comes_before_who_has_somewhat_more() -> None:
    much, reliable = Candidate(1, 600_000, 600_000, 1, 30), Candidate(2, 300_000, 300_000, 20, 30)

    assert [one.member_id for one in ranked([much, reliable])] == [2, 1]


@given(st.lists(people, max_size=30))
def test_no_colleague_comes_before_anybody_else(candidates: list[Candidate]) -> None:
    found = ranked(candidates)

    assert len(found) == min(5, len(candidates))
    assert [one.colleague for one in found] == sorted(one.colleague for one in found)
    others = [one for one in candidates if not one.colleague]
    assert sum(not one.colleague for one in found) == min(5, len(others))


@given(st.lists(people, max_size=30), st.randoms())
def test_the_order_in_which_they_are_found_changes_nothing(
    candidates: list[Candidate], random: Random
) -> None:
    unique = list({one.member_id: one for one in candidates}.values())
    mixed = unique[:]
    random.shuffle(mixed)

    assert ranked(mixed) == ranked(unique)


def test_one_is_away_until_the_day_one_named() -> None:
    assert is_away(date(2026, 12, 1), date(2026, 11, 30))
    assert not is_away(date(2026, 12, 1), date(2026, 12, 1))
    assert not is_away(None, date(2026, 12, 1))


@pytest.mark.parametrize(
    ("asked", "most", "enough"), [(2, 3, False), (3, 3, True), (4, 3, True), (0, 0, True)]
)
def test_the_weeks_requests_are_enough(asked: int, most: int, enough: bool) -> None:
    assert has_enough(asked, most) is enough


@pytest.mark.theory("3.58")
def test_three_done_of_four_promised_make_three_quarters() -> None:
    assert kept_share(4, 3) == Fraction(3, 4)
    assert Promises(3, 2).and_also(Promises(1, 1)).share == Fraction(3, 4)


def test_who_promised_nothing_has_no_share() -> None:
    assert kept_share(0, 0) is None


@pytest.mark.parametrize(("made", "kept"), [(1, 2), (1, -1)])
def test_more_kept_than_made_is_a_mistake(made: int, kept: int) -> None:
    with pytest.raises(ValueError, match="promises"):
        kept_share(made, kept)
