"""How much one organization depends on another for its answers. Pure."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

AMBER = Fraction(1, 2)
"""Share above which an organization is said to depend on another."""
FEWEST = 5
"""Answers below which a share says nothing."""


class Dependence(NamedTuple):
    """The organization most answers came from, and their share of all from other organizations, 0 to 1."""

    organization_id: int
    share: Fraction
    answers: int

    @property
    def amber(self) -> bool:
        return self.share > AMBER


def dependence(answers: Mapping[int, int]) -> Dependence | None:
    """Return on whom an organization depends most; None where fewer than `FEWEST` answers came from others.

    Args:
        answers: answers to its people's questions, by the other organization they came from; of two with as many, the
            one with the smaller key counts.

    Raises:
        ValueError: a negative count.
    """
    if any(count < 0 for count in answers.values()):
        raise ValueError("a negative count of answers")
    total = sum(answers.values())
    if total < FEWEST:
        return None
    organization_id, most = min(answers.items(), key=lambda item: (-item[1], item[0]))
    return Dependence(organization_id, Fraction(most, total), total)
