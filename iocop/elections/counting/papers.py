"""What the voters wrote, as every counting rule reads it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Paper:
    """Papers that say the same.

    Attributes:
        ranks: candidates (1 is the first of the file) at each rank, best first; two or more share a rank, an empty
            one is a gap. No candidate stands twice. Block and approval count the marks of all ranks alike.
        count: how many papers say this, 0 or more.
    """

    ranks: tuple[tuple[int, ...], ...]
    count: int = 1


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything a count starts from.

    Attributes:
        seats: how many are to be elected, at least 1.
        candidates: their names; candidate number n is ``candidates[n - 1]``.
        papers: in any order, equal ones together or apart: no rule's result depends on it.
        withdrawn: numbers of candidates to be struck from all papers before anything is counted.
        title: what the election is called.
    """

    seats: int
    candidates: tuple[str, ...]
    papers: tuple[Paper, ...]
    withdrawn: frozenset[int] = frozenset()
    title: str = ""
