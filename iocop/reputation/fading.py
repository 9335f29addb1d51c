"""How standing fades: what settled halves every two years. Pure.

Source:
    Half-life decay, N(t) = N₀ · 2^(−t/T); T is the community's own (`rules.HALF_LIFE_DAYS`).
"""

from __future__ import annotations

from functools import lru_cache
from math import fsum
from typing import TYPE_CHECKING

from iocop.reputation.rules import HALF_LIFE_DAYS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


def standing(buckets: Mapping[date, int], on: date) -> int:
    """Return what is left on a day of what settled before.

    Args:
        buckets: milli-points by the day they settled.
        on: a later day's points count as if they had settled on this one.

    Returns:
        Milli-points, rounded once; the order of the buckets changes nothing.
    """
    today = on.toordinal()
    return round(fsum(points * left(today - day.toordinal()) for day, points in buckets.items()))


@lru_cache(maxsize=16_384)
def left(age: int) -> float:
    """Return which part is left after some days, 0 to 1."""
    return float(2 ** (-max(age, 0) / HALF_LIFE_DAYS))
