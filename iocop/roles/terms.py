"""How long an office on loan is held: terms of a year, and how many of them in a row. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_TERMS: Final = 3
"""In a row; then somebody else's turn."""
PAUSE: Final = timedelta(days=365)
"""So long without the office, and the next term begins a new row."""
_NO_TERM: Final = timedelta(days=1)
"""An office that ended within a day of its beginning was never held."""


class Term(NamedTuple):
    start: datetime
    end: datetime


def year_after(moment: datetime) -> datetime:
    """Return the same time of the same day a year later; of a leap day, the first of March."""
    try:
        return moment.replace(year=moment.year + 1)
    except ValueError:
        return moment.replace(year=moment.year + 1, month=3, day=1)


def terms_in_a_row(held: Iterable[Term], new: Term) -> int:
    """Return the length of the row of terms that a new one would belong to, itself included.

    Args:
        held: a member's other terms of the same office, past, present or to come.
    """
    served = sorted([*(term for term in held if term.end - term.start >= _NO_TERM), new])
    row: list[Term] = []
    for term in served:
        if row and term.start - max(before.end for before in row) >= PAUSE:
            if new in row:
                break
            row = []
        row.append(term)
    return len(row)
