"""How many topics, articles and so on there are of each domain, tag, year and the like among what was found. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from iocop.search.folding import distinct, grouped
from iocop.search.port import FACETS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iocop.search.folding import Folded
    from iocop.search.port import Integers, KeyPairs, Matches

SHOWN: Final = 6
"""Values of a facet that are shown at once."""
MOST: Final = 20
"""Values of a facet that are listed at all."""
WIDE: Final = 10_000
"""Documents above which only each topic's best post is asked for its organization and year: figures are a little low."""


class Figure(NamedTuple):
    """How many of what was found have a key such as ``domain=3``."""

    key: str
    number: int

    @property
    def value(self) -> str:
        return self.key.partition("=")[2]


def count(matches: Matches, folded: Folded) -> dict[str, list[Figure]]:
    """Count topics, not posts, by the keys that are `port.FACETS`, the most frequent first; years the newest first."""
    names, numbers = matches.counts(folded.firsts)
    counts = _named(names, numbers)
    if folded.total < len(folded.rows) <= WIDE:
        counts |= _of_posts(matches.own_keys(folded.rows), folded)
    found: dict[str, list[tuple[int, str]]] = {name: [] for name in FACETS}
    for key, number in counts.items():
        found[key.partition("=")[0]].append((-number, key))
    found["year"] = [(-int(key.removeprefix("year=")), key) for _, key in found["year"]]
    return {
        name: [Figure(key, counts[key]) for _, key in sorted(keys)[:MOST]] for name, keys in found.items()
    }


def _of_posts(pairs: KeyPairs, folded: Folded) -> dict[str, int]:
    """Count the topics of what a post has by itself, such as its year, each topic once."""
    places, keys = grouped(pairs.key)
    each = distinct(places * folded.total + folded.owners.take(pairs.at))
    counts = np.diff(np.searchsorted(each, np.arange(len(keys) + 1) * folded.total))
    return {pairs.names[key]: number for key, number in zip(keys.tolist(), counts.tolist(), strict=True)}


def _named(names: Sequence[str], counts: Integers) -> dict[str, int]:
    there = np.flatnonzero(counts)
    return {
        names[place]: number for place, number in zip(there.tolist(), counts[there].tolist(), strict=True)
    }
