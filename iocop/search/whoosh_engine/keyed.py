"""Which document has which key, as results are counted by: the postings of keys turned round."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from iocop.search.port import FACETS, OWN
from iocop.search.whoosh_engine.postings import decoded

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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
    """The keys of documents, each set of them once: most posts share theirs with the others of their topic.

    Attributes:
        sets: of each document the number of its set.
        starts: where the keys of each set begin; those of the last end at the last of these.
        keys: one set after the other.
    """

    sets: NDArray[np.int32]
    starts: NDArray[np.int32]
    keys: NDArray[np.int32]

    def of(self, documents: Integers) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Return how many keys each of some documents has, and these, one document after the other."""
        sets = self.sets.take(documents)
        starts = self.starts.take(sets)
        counts = self.starts.take(sets + 1) - starts
        ends = np.cumsum(counts, dtype=np.int32)
        places = np.repeat(starts - (ends - counts), counts)
        places += np.arange(len(places), dtype=np.int32)
        return counts, self.keys.take(places)


def keyed(segment: Segment, names: Names) -> tuple[Keyed, Keyed]:
    """Read the keys of a segment: those of `OWN`, and the others that belong to `FACETS`."""
    return _of(segment, names, OWN), _of(segment, names, [name for name in FACETS if name not in OWN])


def joined(parts: Sequence[Keyed]) -> Keyed:
    """Put the segments' together, their documents numbered through."""
    sets, keys = [np.zeros(0, np.int32)], [np.zeros(0, np.int32)]
    starts = [np.zeros(1, np.int32)]
    count = begun = 0
    for one in parts:
        sets.append(one.sets + np.int32(count))
        starts.append(one.starts[1:] + np.int32(begun))
        keys.append(one.keys)
        count, begun = count + len(one.starts) - 1, begun + len(one.keys)
    return Keyed(np.concatenate(sets), np.concatenate(starts), np.concatenate(keys))


def _of(segment: Segment, names: Names, facets: Iterable[str]) -> Keyed:
    lists = [
        (names.number(entry.word.decode()), decoded(segment.read(entry), counted=False).documents)
        for facet in facets
        for entry in segment.entries("key", f"{facet}=")
    ]
    documents = np.concatenate([np.zeros(0, np.int32), *(found for _, found in lists)])
    numbers = np.repeat([number for number, _ in lists], [len(found) for _, found in lists]).astype(np.int32)
    written = memoryview(numbers[np.argsort(documents, kind="stable")].tobytes())
    ends = (np.cumsum(np.bincount(documents, minlength=segment.count)) * numbers.itemsize).tolist()
    sets: dict[bytes, int] = {}
    of = [sets.setdefault(bytes(written[start:end]), len(sets)) for start, end in pairwise([0, *ends])]
    starts = np.cumsum([0, *(len(one) // numbers.itemsize for one in sets)])
    keys = np.frombuffer(b"".join(sets), np.int32)
    return Keyed(np.array(of, np.int32), starts.astype(np.int32), keys)
