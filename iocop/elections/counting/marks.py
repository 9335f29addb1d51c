"""Rules that count marks: plurality, block and approval. What is marked in all ranks of a paper counts alike, but for
plurality, which counts the first.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from iocop.elections.counting.bundles import bundled
from iocop.elections.counting.levels import by_votes, seated
from iocop.elections.counting.outcome import Outcome, Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from iocop.elections.counting.bundles import Ranks
    from iocop.elections.counting.papers import Profile

    Marks = Callable[[Ranks], Sequence[int]]


def plurality(profile: Profile, lot: Sequence[int]) -> Outcome:
    """Elect those with most first preferences; a paper that shares its first rank among several is spoilt."""
    return _counted("plurality", profile, lot, lambda ranks: ranks[0], most=1)


def block(profile: Profile, lot: Sequence[int]) -> Outcome:
    """Elect those with most marks, of which a paper has as many as there are seats; one with more is spoilt."""
    return _counted("block", profile, lot, _everybody, most=profile.seats)


def approval(profile: Profile, lot: Sequence[int]) -> Outcome:
    """Elect those with most marks, of which a paper has as many as it likes."""
    return _counted("approval", profile, lot, _everybody, most=len(profile.candidates))


def _everybody(ranks: Ranks) -> Sequence[int]:
    return tuple(chain.from_iterable(ranks))


def _counted(rule: str, profile: Profile, lot: Sequence[int], marks: Marks, most: int) -> Outcome:
    """Count in one stage.

    Returns:
        An outcome whose totals are marks: where a paper has several they sum to the note ``marks``, not to the valid
        papers. The note ``spoilt`` is how many of the invalid papers had too many marks; the others name nobody. No
        valid paper: nobody is elected.
    """
    bundles = bundled(profile)
    totals = dict.fromkeys(bundles.standing, 0)
    spoilt = 0
    for ranks, count in bundles.papers.items():
        marked = marks(ranks)
        if len(marked) > most:
            spoilt += count
            continue
        for number in marked:
            totals[number] += count
    valid = bundles.valid - spoilt
    elected, ties = seated(by_votes(totals) if valid else (), profile.seats, lot)
    return Outcome(
        rule, 1, None, valid, bundles.invalid + spoilt,
        (Stage("first", (), totals, elected=elected),) if valid else (), elected, (),
        vacant=profile.seats - len(elected), ties=ties, notes={"marks": sum(totals.values()), "spoilt": spoilt},
    )  # fmt: skip
