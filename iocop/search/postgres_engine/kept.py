"""Posting lists that a process keeps, as numbers."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from iocop.search.postgres_engine import packing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

MOST_BYTES: Final = 12 * 2**20
ENTRY_BYTES: Final = 800
"""What a list weighs in memory besides its numbers, about."""


class Known(NamedTuple):
    """What the index says of a lexeme: see `models.SearchWord`."""

    id: int
    documents: int
    sealed: int
    recent: bytes


class Postings(NamedTuple):
    """In which documents a word stands, in rising order, deleted ones too, and how often in each."""

    documents: NDArray[np.int32]
    times: NDArray[np.uint16]


class _Entry(NamedTuple):
    """Postings as they were when *sealed* and *recent* were what the index said; the first *old* of them are sealed."""

    sealed: int
    recent: bytes
    old: int
    postings: Postings

    @property
    def size(self) -> int:
        return ENTRY_BYTES + len(self.recent) + sum(column.nbytes for column in self.postings)


class Kept:
    """The postings of words by their numbers; those not used for longest go when they are too many bytes."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._entries: OrderedDict[int, _Entry] = OrderedDict()
        self.size = 0

    def of(
        self, words: Iterable[Known], read: Callable[[Sequence[int]], Mapping[int, bytes]]
    ) -> dict[int, Postings]:
        """Return the postings of some words; *read* gives what is sealed of those that are not here."""
        asked = {word.id: word for word in words}
        with self._lock:
            here = {key: self._entries[key] for key in asked if key in self._entries}
        unread = {key for key, word in asked.items() if key not in here or here[key].sealed != word.sealed}
        lists = [key for key in unread if asked[key].sealed >= 0]
        sealed = read(lists) if lists else {}
        found: dict[int, _Entry] = {}
        for key, word in asked.items():
            if key in unread:
                found[key] = _made(word, _columns(sealed.get(key, b"")))
            elif here[key].recent != word.recent:
                found[key] = _made(word, _first(here[key].postings, here[key].old))
            else:
                found[key] = here[key]
        self._keep(found)
        return {key: entry.postings for key, entry in found.items()}

    def forget(self) -> None:
        with self._lock:
            self._entries.clear()
            self.size = 0

    def _keep(self, found: Mapping[int, _Entry]) -> None:
        with self._lock:
            for key, entry in found.items():
                old = self._entries.pop(key, None)
                self._entries[key] = entry
                self.size += entry.size - (old.size if old else 0)
            while self.size > self._most and len(self._entries) > 1:
                self.size -= self._entries.popitem(last=False)[1].size


def _made(word: Known, sealed: Postings) -> _Entry:
    """Put what is recent behind what is sealed, but for what was sealed while one was read after the other."""
    last = int(sealed.documents[-1]) if len(sealed.documents) else -1
    recent = packing.postings_of(word.recent)
    recent = recent[recent["number"] > last]
    postings = sealed
    if len(recent):
        postings = Postings(
            np.concatenate([sealed.documents, recent["number"]]),
            np.concatenate([sealed.times, recent["times"]]),
        )
    return _Entry(word.sealed, word.recent, len(sealed.documents), postings)


def _columns(packed: bytes) -> Postings:
    return _apart(packing.postings_of(packed))


def _apart(postings: NDArray[Any]) -> Postings:
    return Postings(np.ascontiguousarray(postings["number"]), np.ascontiguousarray(postings["times"]))


def _first(postings: Postings, count: int) -> Postings:
    return Postings(postings.documents[:count], postings.times[:count])
