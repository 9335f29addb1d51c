"""Which passages each paragraph of a text stems from, by the runs of words they share. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from iocop.repertoire.paragraphs import words

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence
    from typing import TypeVar

    Key = TypeVar("Key", bound=Hashable)

RUN: Final = 3
"""Words in a row that count as the same words."""
ENOUGH: Final = 0.4
"""The share of a paragraph's runs, or of a passage's, that they have in common, from 0 to 1."""

_Run = tuple[str, ...]


def sources(texts: Sequence[str], passages: Mapping[Key, str]) -> list[tuple[Key, ...]]:
    """Return, for each paragraph, the keys of the passages it stems from, the one that gave most first.

    A paragraph stems from a passage when at least `ENOUGH` of the runs of the shorter of the two stand in both, so
    that neither splitting a passage nor joining several loses where they came from. Two passages of the same words
    both count. Takes time in proportion to the texts.
    """
    runs_of = {key: _runs(text) for key, text in passages.items()}
    holders: dict[_Run, list[Key]] = defaultdict(list)
    for key, runs in runs_of.items():
        for run in runs:
            holders[run].append(key)
    return [_stems_from(_runs(text), runs_of, holders) for text in texts]


def _stems_from(
    runs: frozenset[_Run], runs_of: Mapping[Key, frozenset[_Run]], holders: Mapping[_Run, list[Key]]
) -> tuple[Key, ...]:
    shared = Counter(key for run in runs for key in holders.get(run, ()))
    order = {key: place for place, key in enumerate(runs_of)}
    kept = [
        (-count, order[key], key)
        for key, count in shared.items()
        if count >= ENOUGH * min(len(runs), len(runs_of[key]))
    ]
    return tuple(key for _count, _place, key in sorted(kept, key=lambda each: each[:2]))


def _runs(text: str) -> frozenset[_Run]:
    """Return the runs of `RUN` words in a text; a shorter text is one run."""
    found = words(text)
    if len(found) < RUN:
        return frozenset([tuple(found)] if found else [])
    return frozenset(_windows(found))


def _windows(found: Sequence[str]) -> Iterable[_Run]:
    return zip(*(found[start:] for start in range(RUN)), strict=False)
