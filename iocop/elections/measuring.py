"""How a board is made up, and how long decisions take: exact, from counts alone. Pure."""

from __future__ import annotations

from fractions import Fraction
from math import comb
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


def spread(seats: Collection[int]) -> Fraction:
    """Return one minus the summed squared shares of the seats, 0 (all of one organization group) to nearly 1.

    Args:
        seats: how many each group holds; none: no seat is taken, and the spread is 0.

    Source:
        E. H. Simpson, Measurement of Diversity, Nature 163 (1949), 688.
    """
    total = sum(seats)
    return 1 - sum((Fraction(held, total) ** 2 for held in seats), Fraction(0)) if total else Fraction(0)


def expected_groups(members: Sequence[int], seats: int) -> Fraction:
    """Return how many groups a board would hold on average, were it drawn by lot from all members.

    Args:
        members: how many of each group there are to draw from.
        seats: how many are drawn; no more than there are members count.

    Source:
        S. H. Hurlbert, The Nonconcept of Species Diversity, Ecology 52 (1971), 577, equation 15 (hypergeometric).
    """
    total = sum(members)
    drawn = min(seats, total)
    if drawn == 0:
        return Fraction(0)
    return sum((1 - Fraction(comb(total - size, drawn), comb(total, drawn)) for size in members), Fraction(0))


def median_days(seconds: Sequence[float]) -> float | None:
    """Return the median of some durations, in days; None of none."""
    return median(seconds) / 86_400 if seconds else None
