"""How many topics, articles and so on there are of each domain, tag, year and the like among what was found. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from iocop.search.port import FACETS, OWN

if TYPE_CHECKING:
    from iocop.search.folding import Folded
    from iocop.search.port import Integers, KeyPairs, Matches

_OWN: Final = tuple(f"{name}=" for name in OWN)
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
    of_best = matches.keys(np.sort(folded.firsts))  # which are read sooner in their order
    counts = _named(of_best, np.bincount(of_best.key))
    if folded.total < len(folded.rows) <= WIDE:
        counts |= _of_posts(matches.own_keys(folded.rows), folded)
    found: dict[str, list[tuple[int, str]]] = {name: [] for name in FACETS}
    for key, number in counts.items():
        name = key.partition("=")[0]
        found[name].append((-int(key.removeprefix("year=")) if name == "year" else -number, key))
    return {
        name: [Figure(key, counts[key]) for _, key in sorted(keys)[:MOST]] for name, keys in found.items()
    }


def _of_posts(pairs: KeyPairs, folded: Folded) -> dict[str, int]:
    """Count the topics of what a post has by itself, such as its year, each topic once."""
    own, number = np.array([name.startswith(_OWN) for name in pairs.names], np.bool_), len(pairs.names)
    there = np.flatnonzero(own[pairs.key])
    every = np.sort(folded.owners[pairs.at[there]] * number + pairs.key[there])
    distinct = every[np.diff(every, prepend=-1) > 0]
    return _named(pairs, np.bincount(distinct % number))


def _named(pairs: KeyPairs, counts: Integers) -> dict[str, int]:
    there = np.flatnonzero(counts)
    return {
        pairs.names[place]: number
        for place, number in zip(there.tolist(), counts[there].tolist(), strict=True)
    }
