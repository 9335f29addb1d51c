"""Papers in piles that are alike as far as Meek's rule has to read them, so that a round costs no more than the piles."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from iocop.elections.counting.bundles import Ranks

    Said = tuple[Ranks, int]


@dataclass(slots=True)
class _Pile:
    """Papers that go the same way so far.

    Attributes:
        count: how many there are, with those of the branches.
        ended: those of them that name nobody further.
        papers: what those say that lie here and in no branch.
        branches: by who continues at the next rank.
    """

    count: int = 0
    ended: int = 0
    papers: list[Said] = field(default_factory=list)
    branches: dict[tuple[int, ...], _Pile] = field(default_factory=dict)

    def everything(self) -> Iterator[Said]:
        """Return what is said here and below."""
        yield from self.papers
        for branch in self.branches.values():
            yield from branch.everything()

    def lift(self, number: int) -> list[Said]:
        """Take out, with all below them, the branches where this candidate stands."""
        lifted: list[Said] = []
        for at, branch in list(self.branches.items()):
            if number in at:
                lifted.extend(branch.everything())
                del self.branches[at]
            else:
                below = branch.lift(number)
                branch.count -= sum(count for _, count in below)
                lifted.extend(below)
        return lifted


class Piles:
    """A tree of piles, opened only below those who are elected: whoever is hopeful keeps all of a paper.

    Args:
        papers: without withdrawn candidates, gaps and repetitions.
        units: weight of one paper.
    """

    def __init__(self, papers: Mapping[Ranks, int], units: int) -> None:
        self._root = _Pile()
        self._units = units
        self._opened: set[int] = set()
        self._gone: set[int] = set()
        self._lay(papers.items())

    def opened(self, number: int) -> None:
        """Read on below this candidate, who no longer keeps everything."""
        self._opened.add(number)
        self._lay(self._root.lift(number))

    def without(self, number: int) -> None:
        """Pass this candidate over from now on."""
        self._gone.add(number)
        self._lay(self._root.lift(number))

    def hand_out(self, keep: Mapping[int, int]) -> tuple[dict[int, int], int]:
        """Give every candidate their share of every paper; what is kept is rounded up to a unit.

        Args:
            keep: what each candidate keeps of what arrives, in units of one paper.

        Returns:
            Votes of each candidate, and what reached the end of its paper, in units. What is missing to the whole was
            cut off where a weight could not be divided evenly among equals.
        """
        votes, units = dict.fromkeys(keep, 0), self._units

        def pass_on(pile: _Pile, weight: int) -> int:
            ended = pile.ended * weight
            for at, branch in pile.branches.items():
                rest, share = 0, weight // len(at)
                for number in at:
                    taken = -(-share * keep[number] // units)
                    votes[number] += taken * branch.count
                    rest += share - taken
                if rest:
                    ended += pass_on(branch, rest)
            return ended

        return votes, pass_on(self._root, units)

    def _lay(self, papers: Iterable[Said]) -> None:
        for ranks, count in papers:
            self._lay_one(ranks, count)

    def _lay_one(self, ranks: Ranks, count: int) -> None:
        pile, gone, opened = self._root, self._gone, self._opened
        for rank in ranks:
            at = rank
            if not gone.isdisjoint(rank):
                at = tuple(number for number in rank if number not in gone)
                if not at:
                    continue
            if (branch := pile.branches.get(at)) is None:
                branch = pile.branches[at] = _Pile()
            pile = branch
            pile.count += count
            if opened.isdisjoint(at):  # all of it stays here
                break
        else:
            pile.ended += count
        pile.papers.append((ranks, count))
