"""Where a word stands, as numbers: a list of documents, or of a word that stands in many a byte for every document."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iocop.search.port import Flags, Integers, Numbers

Places: TypeAlias = "NDArray[np.int32]"

ENTRY_BYTES: Final = 400
"""What a list weighs in memory besides its numbers, about."""
MANY: Final = 8
"""A word is common that stands in one of so many documents, or more."""
MOST_OFTEN: Final = 2**8 - 1


class Norms:
    """What the length of a field adds below BM25's line, by document."""

    def __init__(self, by_length: Numbers, lengths: NDArray[np.uint8]) -> None:
        self._by_length, self._lengths = by_length, lengths

    def of(self, documents: Places) -> Numbers:
        found: Numbers = self._by_length[self._lengths[documents]]
        return found

    @cached_property
    def all(self) -> Numbers:
        found: Numbers = self._by_length[self._lengths]
        return found


class Postings(NamedTuple):
    """Where a word stands: documents in rising order, and how often in each (None: once, or nobody asks)."""

    documents: Places
    times: NDArray[np.uint16] | None

    @property
    def size(self) -> int:
        return ENTRY_BYTES + self.documents.nbytes + (0 if self.times is None else self.times.nbytes)

    def mark(self, flags: Flags) -> None:
        """Raise the flags of the documents that have it."""
        flags[self.documents] = True

    def having(self, live: Flags) -> int:
        """Return how many live documents have it."""
        return int(np.count_nonzero(live[self.documents]))

    def add(self, scores: Numbers, weight: float, norms: Norms) -> None:
        """Add to scores *weight* × tf / (tf + norm), tf being how often it stands there."""
        if self.times is not None:
            times = self.times.astype(np.float64)
            scores[self.documents] += weight * times / (times + norms.of(self.documents))


class Common(NamedTuple):
    """A word that stands in many documents: how often in each document of the index.

    It takes a sixth of the memory of a list of all documents, and is scored without looking for any.
    """

    times: NDArray[np.uint8]

    @property
    def documents(self) -> Integers:
        return np.flatnonzero(self.times)

    @property
    def size(self) -> int:
        return ENTRY_BYTES + self.times.nbytes

    def mark(self, flags: Flags) -> None:
        """Raise the flags of the documents that have it."""
        flags |= self.times != 0

    def having(self, live: Flags) -> int:
        """Return how many live documents have it."""
        return int(np.count_nonzero(live & (self.times != 0)))

    def add(self, scores: Numbers, weight: float, norms: Norms) -> None:
        """Add to scores *weight* × tf / (tf + norm), tf being how often it stands there."""
        gains = self.times * weight
        gains /= self.times + norms.all
        scores += gains

    def first(self, end: int) -> Postings:
        """Return in which of the first so many documents it stands."""
        documents = np.flatnonzero(self.times[:end]).astype(np.int32)
        return Postings(documents, self.times[documents].astype(np.uint16))


NOWHERE: Final = Postings(np.zeros(0, np.int32), np.zeros(0, np.uint16))


def packed(postings: Postings, count: int) -> Postings | Common:
    """Return where a word stands in the form that suits an index of so many documents."""
    documents, times = postings
    if (
        len(documents) * MANY < count
        or not len(documents)
        or (times is not None and times.max() > MOST_OFTEN)
    ):
        return postings
    spread = np.zeros(count, np.uint8)
    spread[documents] = 1 if times is None else times
    return Common(spread)
