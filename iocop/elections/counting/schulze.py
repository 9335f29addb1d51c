"""Schulze's rule with winning votes: whoever wins along the strongest paths.

Source: M. Schulze, "A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent single-winner
election method", Social Choice and Welfare 36 (2011), sections 2.1 and 2.3; the strength of a defeat is the number of
those who want it ("winning votes").
"""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

from iocop.elections.counting.bundles import bundled
from iocop.elections.counting.levels import seated
from iocop.elections.counting.outcome import Outcome, Stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from iocop.elections.counting.bundles import Ranks
    from iocop.elections.counting.papers import Profile

    Table = dict[int, dict[int, int]]


def schulze(profile: Profile, lot: Sequence[int]) -> Outcome:
    """Elect the winner; with several seats, the first of the order, level by level.

    Whom a paper does not rank stands equal, behind all it ranks. The rule is made for one seat: with several it seats
    whom a majority prefers each time, and is not proportional.

    Returns:
        An outcome of one stage, whose totals are the first preferences of papers that give one candidate alone the
        first rank; the others are in ``nontransferable``. The notes have ``pairwise`` (papers that prefer the row's
        candidate to the column's), ``paths`` (the strongest path from row to column, 0 for none), both as
        {candidate: {candidate: papers}}, and ``order``, a list of levels: nobody of a level is beaten by anybody of
        it or of a later one. No valid paper: nobody is elected.

    Raises:
        ValueError: the lot does not name somebody it has to choose among.
    """
    bundles = bundled(profile)
    pairwise = _pairwise(bundles.standing, bundles.papers)
    paths = _strongest(bundles.standing, pairwise)
    order = list(_levels(bundles.standing, paths)) if bundles.valid else []
    elected, ties = seated(order, profile.seats, lot)
    totals = dict.fromkeys(bundles.standing, 0)
    for (first, *_rest), count in bundles.papers.items():
        if len(first) == 1:
            totals[first[0]] += count
    shared = bundles.valid - sum(totals.values())
    return Outcome(
        "schulze", 1, None, bundles.valid, bundles.invalid,
        (Stage("first", (), totals, nontransferable=shared, elected=elected),) if bundles.valid else (), elected, (),
        vacant=profile.seats - len(elected), ties=ties,
        notes={"pairwise": pairwise, "paths": paths, "order": order},
    )  # fmt: skip


def _pairwise(standing: Sequence[int], papers: Mapping[Ranks, int]) -> Table:
    table = {number: dict.fromkeys(standing, 0) for number in standing}
    for ranks, count in papers.items():
        behind = set(standing)
        for rank in ranks:
            behind.difference_update(rank)
            for number in rank:
                row = table[number]
                for other in behind:
                    row[other] += count
    return table


def _strongest(standing: Iterable[int], pairwise: Table) -> Table:
    """Return the strength of the strongest path between any two: as strong as its weakest step (Floyd and Warshall)."""
    paths = {
        one: {other: many if many > pairwise[other][one] else 0 for other, many in row.items()}
        for one, row in pairwise.items()
    }
    for by, one in permutations(standing, 2):
        row, reach, onward = paths[one], paths[one][by], paths[by]
        for other in row:
            if other != one and (through := min(reach, onward[other])) > row[other]:
                row[other] = through
    return paths


def _levels(standing: Sequence[int], paths: Table) -> Iterator[list[int]]:
    """Take those nobody left beats, again and again."""
    left = list(standing)
    while left:
        level = [one for one in left if all(paths[one][other] >= paths[other][one] for other in left)]
        yield level
        left = [one for one in left if one not in level]
