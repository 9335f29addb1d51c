"""Seats given level by level, the lot deciding where a level has more candidates than there are seats left. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iocop.elections.counting.outcome import Tie

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


def by_lot(numbers: Iterable[int], lot: Sequence[int]) -> list[int]:
    """Return candidates in the order of the lot, the favoured one first.

    Raises:
        ValueError: the lot does not name one of them.
    """
    place = {number: at for at, number in enumerate(lot)}
    given = list(numbers)
    if missing := [number for number in given if number not in place]:
        raise ValueError(f"the lot does not name candidate {missing[0]}")
    return sorted(given, key=place.__getitem__)


def by_votes(votes: Mapping[int, int]) -> list[list[int]]:
    """Return candidates level by level: those with most votes first, those with equally many together."""
    levels: dict[int, list[int]] = {}
    for number in sorted(votes):
        levels.setdefault(votes[number], []).append(number)
    return [levels[many] for many in sorted(levels, reverse=True)]


def seated(
    levels: Iterable[Sequence[int]], seats: int, lot: Sequence[int]
) -> tuple[tuple[int, ...], tuple[Tie, ...]]:
    """Fill the seats from the first level on.

    A level that fits is seated whole: the lot only says in which order its candidates are named, and that is no tie.
    Where it does not fit, each seat goes to the most favoured of those left, and each such choice is listed.

    Returns:
        Who is elected, at most as many as there are seats, and the choices the lot made.
    """
    elected: list[int] = []
    ties: list[Tie] = []
    for level in levels:
        favoured = by_lot(level, lot)
        places = seats - len(elected)
        if 0 < places < len(favoured):
            choices = range(places)
            ties += [Tie(1, "winner", tuple(sorted(favoured[at:])), favoured[at], None) for at in choices]
        elected += favoured[:places]
    return tuple(elected), tuple(ties)
