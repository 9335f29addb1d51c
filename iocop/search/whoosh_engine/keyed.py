"""Which document has which key, as results are counted by: the postings of keys turned round."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from iocop.search.port import FACETS, OWN
from iocop.search.whoosh_engine.postings import decoded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from iocop.search.port import Integers
    from iocop.search.whoosh_engine.segment import Segment


class Names:
    """The keys this process has met, numbered once: no number ever changes."""

    def __init__(self) -> None:
        self.all: list[str] = []
        self._numbers: dict[str, int] = {}

    def number(self, name: str) -> int:
        if name not in self._numbers:
            self._numbers[name] = len(self.all)
            self.all.append(name)
        return self._numbers[name]


class Keyed(NamedTuple):
    """The keys of a segment's documents, one document after the other: those of *n* from starts[n] to starts[n + 1]."""

    starts: NDArray[np.int32]
    keys: NDArray[np.int32]

    def pairs(self, documents: Integers) -> tuple[Integers, Integers]:
        """Return a pair for each key of some documents: the document's place among them, and the key."""
        starts = self.starts[documents]
        counts = self.starts[documents + 1] - starts
        ends = np.cumsum(counts)
        places = np.repeat(starts - (ends - counts), counts) + np.arange(counts.sum())
        return np.repeat(np.arange(len(documents)), counts), self.keys[places].astype(np.int64)


def keyed(segment: Segment, names: Names) -> tuple[Keyed, ...]:
    """Read the keys of a segment: those of `OWN`, and the others that belong to `FACETS`."""
    return _of(segment, names, OWN), _of(segment, names, [name for name in FACETS if name not in OWN])


def _of(segment: Segment, names: Names, facets: Iterable[str]) -> Keyed:
    lists = [
        (names.number(entry.word.decode()), decoded(segment.read(entry), counted=False).documents)
        for facet in facets
        for entry in segment.entries("key", f"{facet}=")
    ]
    documents = np.concatenate([np.zeros(0, np.int32), *(found for _, found in lists)])
    numbers = np.repeat([number for number, _ in lists], [len(found) for _, found in lists]).astype(np.int32)
    starts = np.zeros(segment.count + 1, np.int32)
    np.cumsum(np.bincount(documents, minlength=segment.count), out=starts[1:])
    return Keyed(starts, numbers[np.argsort(documents, kind="stable")])
