"""How many topics, articles and so on there are of each domain, tag, year and the like among what was found. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from iocop.search.port import FACETS

if TYPE_CHECKING:
    from iocop.search.folding import Folded
    from iocop.search.port import KeyPairs, Matches

SHOWN: Final = 6
"""Values of a facet that are shown at once."""
MOST: Final = 20
"""Values of a facet that are listed at all."""
POSTS_OWN: Final = frozenset({"org", "year"})
"""What each post has by itself; all else it has from its topic."""
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
    of_best = matches.keys(folded.firsts)
    counts = dict(
        zip(of_best.names, np.bincount(of_best.key, minlength=len(of_best.names)).tolist(), strict=True)
    )
    if folded.total < len(folded.rows) <= WIDE:
        counts |= _of_posts(matches.keys(folded.rows), folded)
    found: dict[str, list[Figure]] = {name: [] for name in FACETS}
    for key, number in counts.items():
        if number:
            found[key.partition("=")[0]].append(Figure(key, number))
    for name, figures in found.items():
        figures.sort(key=_by_year if name == "year" else _by_count)
        del figures[MOST:]
    return found


def _of_posts(pairs: KeyPairs, folded: Folded) -> dict[str, int]:
    """Count the topics of what a post has by itself, such as its year, each topic once."""
    own = np.array([name.partition("=")[0] in POSTS_OWN for name in pairs.names], np.bool_)[pairs.key]
    number = len(pairs.names)
    distinct = np.unique(folded.owners[pairs.at[own]] * number + pairs.key[own])
    counts = np.bincount(distinct % number, minlength=number)
    return {pairs.names[int(place)]: int(counts[place]) for place in np.flatnonzero(counts)}


def _by_count(figure: Figure) -> tuple[int, str]:
    return -figure.number, figure.key


def _by_year(figure: Figure) -> tuple[int, str]:
    return -int(figure.value), ""
