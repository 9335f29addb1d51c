"""Words of the glossary that mean the same: who searches for one finds the others. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

LONGEST: Final = 5
"""Words of one term."""


class Meaning(NamedTuple):
    """A stretch of what was typed, and what else it is called.

    Attributes:
        start, end: the stretch among the terms of the query.
    """

    start: int
    end: int
    others: tuple[str, ...]


def meanings(
    terms: Sequence[str], together: Mapping[str, tuple[str, ...]], key: Callable[[str], str]
) -> tuple[Meaning, ...]:
    """Find the glossary's words in what was typed, the longest first, none inside another.

    Args:
        together: for each word's key, the keys that mean the same.
    """
    found: list[Meaning] = []
    at = 0
    while together and at < len(terms):
        for end in range(min(len(terms), at + LONGEST), at, -1):
            others = together.get(key(" ".join(terms[at:end])))
            if others:
                found.append(Meaning(at, end, others))
                at = end - 1
                break
        at += 1
    return tuple(found)
