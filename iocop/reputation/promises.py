"""Promises kept: what somebody said they would do, and did."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import Final, NamedTuple

ANSWER_WITHIN: Final = timedelta(days=14)
"""A request lapses so long after it was made, or after the answer was promised."""
WRITE_WITHIN: Final = timedelta(days=60)
"""An article somebody took over is due by then."""


class Promises(NamedTuple):
    """Promises that fell due, and those of them that were kept.

    What is neither kept nor overdue is not counted yet; what became needless is no promise: the question was solved
    or closed first, the request for an article withdrawn.
    """

    made: int
    kept: int

    def and_also(self, other: Promises) -> Promises:
        """Return these and others together."""
        return Promises(self.made + other.made, self.kept + other.kept)

    @property
    def share(self) -> Fraction | None:
        """The kept share, 0 to 1; None where nothing fell due."""
        return kept_share(self.made, self.kept)


def kept_share(made: int, kept: int) -> Fraction | None:
    """Return the share of promises that were kept: of four, three kept make 0.75.

    Raises:
        ValueError: more kept than made, or fewer than none.
    """
    if not 0 <= kept <= made:
        raise ValueError(f"{kept} kept of {made} promises")
    return Fraction(kept, made) if made else None
