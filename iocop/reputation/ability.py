"""Abilities: what somebody is trusted with because they have shown that they do it well. Pure.

Nothing is stored: whoever asks counts what was done, and how much of it stood, at the moment of the act.

Source:
    Codidact's abilities: score = (good + 1) / (good + bad + 2), each with its own threshold. One earns an ability by
    showing that skill, at any level of any ladder.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

ABILITIES: Final = {
    "edit": Fraction(95, 100),
    "tag": Fraction(975, 1000),
    "flag": Fraction(98, 100),
    "curate": Fraction(99, 100),
}
"""The least score each asks for: 18, 38, 48 and 98 good ones in a row."""


def score(good: int, bad: int) -> Fraction:
    """Return how far somebody is trusted with a skill, above 0 and below 1; a half where nothing is known.

    Args:
        good, bad: what they did that stood, and what was turned down or undone.

    Raises:
        ValueError: fewer than none.
    """
    if good < 0 or bad < 0:
        raise ValueError(f"{good} good and {bad} bad")
    return Fraction(good + 1, good + bad + 2)


def has_ability(key: str, good: int, bad: int) -> bool:
    """Say whether what was done well and badly amounts to an ability of `ABILITIES`."""
    return score(good, bad) >= ABILITIES[key]


def needed(key: str, good: int, bad: int) -> int:
    """Return how many good ones more, with no further bad one, make an ability; 0 where it is there."""
    asked = ABILITIES[key]
    # (g + n + 1) / (g + b + n + 2) >= a  gives  n >= (a (g + b + 2) - g - 1) / (1 - a)
    more = (asked * (good + bad + 2) - good - 1) / (1 - asked)
    return max(-((-more.numerator) // more.denominator), 0)
