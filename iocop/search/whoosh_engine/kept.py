"""The posting lists last used, as numbers, over all segments of the index."""

from __future__ import annotations

from collections import OrderedDict
from itertools import takewhile
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from iocop.search.whoosh_engine.lists import NOWHERE, Common, Postings, packed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iocop.search.whoosh_engine.snapshot import Snapshot

MOST_BYTES: Final = 12 * 2**20
"""What a process keeps of posting lists."""


class Entry(NamedTuple):
    """The postings of a word in some segments, whose documents are numbered through."""

    segments: tuple[str, ...]
    postings: Postings | Common


class Kept:
    """Posting lists by field and word; the least recently used go when they are too many bytes.

    New segments come last, so a list stays true as far as the segments are those it was read from; only the rest of
    it is read again.
    """

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most = most
        self._lists: OrderedDict[tuple[str, str], Entry] = OrderedDict()
        self.size = 0

    def get(self, field: str, word: str, snapshot: Snapshot) -> Postings | Common:
        """Return the postings of a word, deleted documents too, read as far as they are not here."""
        key = (field, word)
        entry = self._lists.pop(key, None)
        if entry is not None:
            self.size -= entry.postings.size
        if entry is None or entry.segments is not snapshot.ids:
            entry = Entry(snapshot.ids, packed(_brought_up_to_date(entry, key, snapshot), snapshot.count))
        self._lists[key] = entry
        self.size += entry.postings.size
        while self.size > self._most and len(self._lists) > 1:
            _, gone = self._lists.popitem(last=False)
            self.size -= gone.postings.size
        return entry.postings


def _brought_up_to_date(entry: Entry | None, key: tuple[str, str], snapshot: Snapshot) -> Postings:
    parts: list[Postings] = []
    same = 0
    if entry is not None:
        pairs = zip(entry.segments, snapshot.ids, strict=False)
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        parts.append(_first(entry.postings, int(snapshot.starts[same])))
    for start, segment in zip(snapshot.starts[same:], snapshot.segments[same:], strict=False):
        documents, times = segment.postings(*key)
        parts.append(Postings(documents + np.int32(start), times))
    return _joined([part for part in parts if len(part.documents)])


def _first(postings: Postings | Common, end: int) -> Postings:
    """Return in which of the first so many documents a word stands."""
    if isinstance(postings, Common):
        return postings.first(end)
    documents, times = postings
    stop = int(np.searchsorted(documents, end))
    return Postings(documents[:stop], None if times is None else times[:stop])


def _joined(parts: Sequence[Postings]) -> Postings:
    if len(parts) < 2:
        return parts[0] if parts else NOWHERE
    times = [part.times for part in parts if part.times is not None]
    counted = len(times) == len(parts)
    return Postings(
        np.concatenate([part.documents for part in parts]), np.concatenate(times) if counted else None
    )
