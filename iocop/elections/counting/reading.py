"""Papers as a rule of single preferences reads them: struck, cut at a gap or a shared rank."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iocop.elections.counting.papers import Paper, Profile


class Reading(NamedTuple):
    """What is counted.

    Attributes:
        standing: candidates who are not withdrawn, in the order of the file.
        texts: preferences, one character a candidate (`chr` of the number); empty where there is none.
        numbers: how many papers have them.
        valid: papers with a first preference; invalid: those without.
    """

    standing: tuple[int, ...]
    texts: list[str]
    numbers: list[int]
    valid: int
    invalid: int


def preferences(profile: Profile) -> Reading:
    """Read the papers for Scottish rules.

    Withdrawn candidates are struck first. A gap or a rank that two or more still share ends a paper there, so that a
    shared first rank leaves none and the paper is invalid.
    """
    withdrawn = profile.withdrawn
    candidates = range(1, len(profile.candidates) + 1)
    letters: dict[tuple[int, ...], str]
    letters = {(candidate,): "" if candidate in withdrawn else chr(candidate) for candidate in candidates}
    texts = []
    for paper in profile.papers:
        try:
            text = "".join(map(letters.__getitem__, paper.ranks))
        except KeyError:
            text = _until_unclear(paper, letters, withdrawn)
        texts.append(text)
    numbers = [paper.count for paper in profile.papers]
    invalid = sum(number for text, number in zip(texts, numbers, strict=True) if not text)
    standing = tuple(candidate for candidate in candidates if candidate not in withdrawn)
    return Reading(standing, texts, numbers, sum(numbers) - invalid, invalid)


def _until_unclear(paper: Paper, letters: Mapping[tuple[int, ...], str], withdrawn: frozenset[int]) -> str:
    said = ""
    for rank in paper.ranks:
        left = tuple(number for number in rank if number not in withdrawn)
        if not rank or len(left) > 1:
            break
        said += letters.get(left, "")  # nobody, where all who share a rank are withdrawn
    return said
