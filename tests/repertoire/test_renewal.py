"""How long articles hold: a hand-made repertoire gives the figures a reader computes on paper."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iocop.repertoire.kinds import KINDS
from iocop.repertoire.neighbours import neighbours
from iocop.repertoire.renewal import (
    Life,
    decay,
    median_life,
    renewal_rate,
    review_date,
    survival,
)

TEN = [
    Life(100, ended=True), Life(200, ended=True), Life(200, ended=True), Life(200, ended=False),
    Life(300, ended=True), Life(400, ended=False), Life(500, ended=True), Life(500, ended=False),
    Life(700, ended=False), Life(900, ended=False),
]  # fmt: skip
"""Ten articles: five ceased to hold, two of them after the same time; five were cut off or still run."""


@pytest.mark.theory("0.5")
def test_ten_articles_by_hand() -> None:
    steps = survival(TEN)

    # 10 watched, 1 ends; 9 watched, 2 end (the one cut off at 200 days is still watched there); 6, 1; 4, 1
    assert [(step.days, step.at_risk, step.ended) for step in steps] == [
        (100, 10, 1), (200, 9, 2), (300, 6, 1), (500, 4, 1),
    ]  # fmt: skip
    assert [step.share for step in steps] == pytest.approx([9 / 10, 7 / 10, 7 / 12, 7 / 16])
    assert median_life(steps) == 500
    found = decay(TEN)
    assert (found.events, found.exposure) == (5, 4000)
    assert found.rate == pytest.approx(0.00125)
    assert found.half_life == pytest.approx(554.5177, abs=1e-4)
    assert found.interval == pytest.approx((554.5177 / 2.40250, 554.5177 * 2.40250), rel=1e-4)
    assert renewal_rate(4, 10) == Fraction(2, 5)


def test_while_everything_holds_there_is_no_half_life() -> None:
    running = [Life(30, ended=False), Life(60, ended=False)]

    assert survival(running) == []
    assert median_life([]) is None
    assert decay(running).half_life is None
    assert decay(running).interval is None
    assert decay([]).rate is None
    assert renewal_rate(0, 0) is None


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="less than nothing"):
        survival([Life(-1, ended=True)])
    with pytest.raises(ValueError, match="2 renewed of 1"):
        renewal_rate(2, 1)


lives = st.lists(
    st.builds(Life, days=st.integers(0, 50).map(float), ended=st.booleans()), min_size=1, max_size=40
)


@given(lives)
def test_the_curve_falls_and_without_cut_offs_is_the_plain_share(found: list[Life]) -> None:
    shares = [step.share for step in survival(found)]

    assert shares == sorted(shares, reverse=True)
    everyone = [Life(life.days, ended=True) for life in found]
    for step in survival(everyone):
        left = sum(life.days > step.days for life in everyone)
        assert step.share == pytest.approx(left / len(everyone))


def test_the_median_is_where_just_half_are_left() -> None:
    """The shares of ten that end one after the other, multiplied, must reach one half at the fifth."""
    steps = survival([Life(day, ended=True) for day in range(1, 11)])

    assert median_life(steps) == 5


def test_a_constant_rate_has_the_half_life_of_its_logarithm() -> None:
    assert decay([Life(1000, ended=True)] * 7).half_life == pytest.approx(1000 * log(2))


def test_review_dates_follow_the_kind() -> None:
    day = datetime(2026, 1, 1, tzinfo=UTC)

    assert (review_date("troubleshooting", day) - day).days == 365
    assert (review_date("case", day) - day).days == 1826
    assert all(3 <= kind.review_months <= 60 for kind in KINDS.values())


def test_the_nearest_domains_are_those_filed_together_then_those_that_share_members() -> None:
    near = neighbours((1,), (1, 2, 3, 4, 5), filed={3: 9, 4: 2, 2: 2}, shared={2: 7, 5: 1})

    assert near == (3, 2, 4)
    assert neighbours((1,), (1, 2, 3), filed={}, shared={}) == (2, 3)
    assert neighbours((1,), (1,), filed={}, shared={}) == ()
