"""Papers made ready for the rules that close gaps (Meek, Schulze, marks): struck, closed, equal ones together. Pure."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iocop.elections.counting.papers import Profile

Ranks = tuple[tuple[int, ...], ...]


class Bundles(NamedTuple):
    """What is counted.

    Attributes:
        standing: candidates who are not withdrawn, in the order of the file.
        papers: what a paper says, without withdrawn candidates and gaps, to how many say it: at least 1 each.
        valid: papers that still name somebody; invalid: those that do not.
    """

    standing: tuple[int, ...]
    papers: Mapping[Ranks, int]
    valid: int
    invalid: int


def bundled(profile: Profile) -> Bundles:
    """Strike who is withdrawn, close gaps, lay equal papers together; nothing is left of their order."""
    withdrawn = profile.withdrawn
    numbers = range(1, len(profile.candidates) + 1)
    papers: Counter[Ranks] = Counter()
    for paper in profile.papers:
        papers[_closed(paper.ranks, withdrawn)] += paper.count
    invalid = papers.pop((), 0)
    said = {ranks: count for ranks, count in papers.items() if count}
    standing = tuple(number for number in numbers if number not in withdrawn)
    return Bundles(standing, said, sum(said.values()), invalid)


def _closed(ranks: Ranks, withdrawn: frozenset[int]) -> Ranks:
    if set(map(len, ranks)) <= {1} and withdrawn.isdisjoint(chain.from_iterable(ranks)):
        return ranks  # most papers, told quickly
    kept = (tuple(sorted(number for number in rank if number not in withdrawn)) for rank in ranks)
    return tuple(rank for rank in kept if rank)
