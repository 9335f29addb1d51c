"""What an event is worth, exactly; and how standing fades."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iocop.reputation.fading import left, standing
from iocop.reputation.weighing import LEVELS, ORGANIZATIONS, amount

DAY = date(2026, 3, 2)
FACTORS = st.fixed_dictionaries(
    {"domains": st.integers(1, 3)},
    optional={
        "org": st.sampled_from(list(ORGANIZATIONS)), "level": st.integers(0, 5), "pair": st.integers(1, 500),
        "item": st.integers(1, 500), "mutual": st.integers(0, 100), "share": st.integers(1, 10_000),
        "approvers": st.integers(1, 2),
    },
)  # fmt: skip


def written_out(base_mp: int, factors: dict[str, Any]) -> int:
    """The formula in two hundred decimal digits."""
    with localcontext() as context:
        context.prec = 200
        worth = Decimal(base_mp) / factors["domains"] / factors.get("approvers", 1)
        worth *= (
            Decimal(ORGANIZATIONS[factors.get("org", "apart")][0])
            / ORGANIZATIONS[factors.get("org", "apart")][1]
        )
        worth *= Decimal(LEVELS[factors.get("level", 1)][0]) / LEVELS[factors.get("level", 1)][1]
        worth /= Decimal(factors.get("pair", 1)).sqrt() * Decimal(factors.get("item", 1)).sqrt()
        worth /= 1 + Decimal(factors.get("mutual", 0)) / 5
        worth *= Decimal(factors.get("share", 10_000)) / 10_000
        near = worth.quantize(Decimal("1e-60"))  # what division left beyond sixty digits is none of it
        return int(near.quantize(Decimal(1), ROUND_HALF_EVEN))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(-60_000, 60_000), FACTORS)
def test_an_amount_is_the_product_of_its_factors_rounded_half_even_once(
    base_mp: int, factors: dict[str, Any]
) -> None:
    assert amount(base_mp, factors) == written_out(base_mp, factors)


@pytest.mark.parametrize(
    ("base_mp", "factors", "expected"),
    [
        (10_000, {"domains": 1, "org": "together", "pair": 2}, 1_768),
        (10_000, {"domains": 3, "org": "apart", "level": 4}, 5_000),
        (10_000, {"domains": 1, "org": "interest", "mutual": 5, "level": 1}, 1_250),
        (30_000, {"domains": 2, "org": "apart", "share": 2_500, "approvers": 2}, 1_875),
        (5, {"domains": 2}, 2),
        (7, {"domains": 2}, 4),
        (-5, {"domains": 2}, -2),
        (0, {"domains": 1}, 0),
        (10_000, {"domains": 1, "most": 300}, 300),
        (-4_000, {"domains": 1, "shield": 1_000}, -1_000),
        (-4_000, {"domains": 1, "shield": 9_000}, -4_000),
    ],
)
def test_examples(base_mp: int, factors: dict[str, Any], expected: int) -> None:
    assert amount(base_mp, factors) == expected


def test_standing_halves_in_two_years() -> None:
    assert standing({DAY: 100_000}, DAY) == 100_000
    assert standing({DAY: 100_000}, DAY + timedelta(days=730)) == 50_000
    assert standing({DAY: 100_000, DAY + timedelta(days=730): 7_000}, DAY + timedelta(days=730)) == 57_000
    assert standing({}, DAY) == 0


def test_what_settles_later_has_not_faded_yet() -> None:
    assert standing({DAY + timedelta(days=5): 100_000}, DAY) == 100_000
    assert left(-5) == 1


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.integers(0, 4_000), st.integers(-50_000, 50_000), max_size=40), st.randoms())
def test_the_order_of_the_days_changes_nothing(days: dict[int, int], rng: Any) -> None:
    buckets = [(DAY - timedelta(days=age), points) for age, points in days.items()]
    shuffled = rng.sample(buckets, len(buckets))

    assert standing(dict(buckets), DAY) == standing(dict(shuffled), DAY)
