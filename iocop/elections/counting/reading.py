"""Papers as a rule of single preferences reads them: struck, cut at a gap or a shared rank."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
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
    struck = dict.fromkeys(withdrawn)
    texts = []
    for paper in profile.papers:
        try:
            text = bytes([candidate for (candidate,) in paper.ranks]).decode(
                "latin-1"
            )  # much quicker than `chr`
        except ValueError:  # a gap, a shared rank, or more than 255 candidates
            text = _until_unclear(paper, withdrawn)
        texts.append(text.translate(struck) if struck else text)
    numbers = [paper.count for paper in profile.papers]
    invalid = sum(number for text, number in zip(texts, numbers, strict=True) if not text)
    standing = tuple(candidate for candidate in candidates if candidate not in withdrawn)
    return Reading(standing, texts, numbers, sum(numbers) - invalid, invalid)


def _until_unclear(paper: Paper, withdrawn: frozenset[int]) -> str:
    said = ""
    for rank in paper.ranks:
        left = [candidate for candidate in rank if candidate not in withdrawn]
        if not rank or len(left) > 1:
            break
        said += "".join(map(chr, left))  # nobody, where all who share a rank are withdrawn
    return said
