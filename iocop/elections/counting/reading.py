"""Papers as a rule of single preferences reads them: struck, cut at a gap or a shared rank, equal ones together."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iocop.elections.counting.papers import Paper, Profile

Pile = dict[str, int]
"""Preferences, one character a candidate (`chr` of the number), to how many papers have them."""


class Reading(NamedTuple):
    """What is counted.

    Attributes:
        standing: candidates who are not withdrawn, in the order of the file.
        papers: those with a first preference; valid: how many.
        invalid: how many papers have none.
    """

    standing: tuple[int, ...]
    papers: Pile
    valid: int
    invalid: int


def preferences(profile: Profile) -> Reading:
    """Read the papers for Scottish rules.

    Withdrawn candidates are struck first. A gap or a rank that two or more still share ends a paper there, so that a
    shared first rank leaves none and the paper is invalid.
    """
    numbers = range(1, len(profile.candidates) + 1)
    letters = {(number,): "" if number in profile.withdrawn else chr(number) for number in numbers}
    papers: Pile = {}
    for paper in profile.papers:
        try:
            said = "".join(map(letters.__getitem__, paper.ranks))
        except KeyError:
            said = _until_unclear(paper, letters, profile.withdrawn)
        papers[said] = papers.get(said, 0) + paper.count
    invalid = papers.pop("", 0)
    standing = tuple(number for number in numbers if number not in profile.withdrawn)
    return Reading(standing, papers, sum(papers.values()), invalid)


def _until_unclear(paper: Paper, letters: Mapping[tuple[int, ...], str], withdrawn: frozenset[int]) -> str:
    said = ""
    for rank in paper.ranks:
        left = tuple(number for number in rank if number not in withdrawn)
        if not rank or len(left) > 1:
            break
        said += letters.get(left, "")  # nobody, where all who share a rank are withdrawn
    return said
