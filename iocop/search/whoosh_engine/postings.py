"""From Whoosh's bytes to numbers: a word's whole posting list at once, and those last used kept."""

from __future__ import annotations

import pickle
import zlib
from collections import OrderedDict
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from iocop.search.whoosh_engine.snapshot import Snapshot

Places: TypeAlias = "NDArray[np.int32]"

MOST_BYTES: Final = 12 * 2**20
"""What a process keeps of posting lists."""
ENTRY_BYTES: Final = 400
"""What a list weighs in memory besides its numbers, about."""
MOST_TIMES: Final = 2**16 - 1

A_BLOCK: Final = 1024
"""Lists are read whole, so large blocks cost nothing and are read sooner."""
WORTH_SQUEEZING: Final = 80
SQUEEZED: Final = 3
"""How hard zlib tries, 1 to 9."""

_MAGIC: Final = b"W3Bl"
_HEAD_ENDS: Final = b"tq\x00."
"""How the pickled tuple that begins a block ends; its numbers are too small to hold these bytes."""


class Postings(NamedTuple):
    """Where a word stands: documents in rising order, and how often in each (None: once, or nobody asks)."""

    documents: Places
    times: NDArray[np.uint16] | None

    @property
    def size(self) -> int:
        return ENTRY_BYTES + self.documents.nbytes + (0 if self.times is None else self.times.nbytes)


NOWHERE: Final = Postings(np.zeros(0, np.int32), np.zeros(0, np.uint16))


def blocks(data: memoryview) -> Iterator[tuple[tuple[int, ...], Any, Any]]:
    """Give the blocks of a posting list: documents (each the distance from the last), weights, values.

    Weights are None where all are 1, and one number where all are the same.

    Raises:
        ValueError, zlib.error, pickle.UnpicklingError: these are no postings.
    """
    if bytes(data[:4]) != _MAGIC:
        raise ValueError("postings do not begin where they should")
    whole, at, last = bytes(data), 4, False
    while not last:
        length = int.from_bytes(whole[at : at + 4], "big", signed=True)
        last, end = length < 0, at + 4 + abs(length)
        body = data[whole.index(_HEAD_ENDS, at) + len(_HEAD_ENDS) : end]
        # What the indexing process wrote itself, beside the database. A pickle begins with 0x80, zlib's bytes never do.
        yield pickle.loads(body if body[0] == 0x80 else zlib.decompress(body))  # noqa: S301
        at = end


def encoded(documents: Sequence[int], times: Sequence[float], values: Sequence[bytes]) -> bytes:
    """Write a posting list that `blocks` and Whoosh itself read; no values where the field keeps none."""
    written = [_MAGIC]
    last = len(documents) - 1
    for start in range(0, len(documents), A_BLOCK):
        end = start + A_BLOCK
        written += _block(documents[start:end], times[start:end], values[start:end], last=end > last)
    return b"".join(written)


def _block(
    documents: Sequence[int], times: Sequence[float], values: Sequence[bytes], *, last: bool
) -> tuple[bytes, bytes, bytes]:
    weights = None if set(times) == {1.0} else times[0] if len(set(times)) == 1 else tuple(times)
    distances = (documents[0], *(after - before for before, after in pairwise(documents)))
    body = pickle.dumps((distances, weights, tuple(values) or None), 2)
    squeezed = len(body) >= WORTH_SQUEEZING
    if squeezed:
        body = zlib.compress(body, SQUEEZED)
    head = pickle.dumps((len(documents), documents[-1], max(times), int(squeezed), 0, 0), 2)
    length = len(head) + len(body)
    return (-length if last else length).to_bytes(4, "big", signed=True), head, body


def decoded(data: memoryview, *, counted: bool) -> Postings:
    """Return a posting list as numbers, block by block: as Python's own they would take twenty times the memory."""
    documents: list[Places] = []
    times: list[NDArray[np.uint16]] = []
    for distances, weights, _ in blocks(data):
        documents.append(np.cumsum(np.array(distances, np.int32), dtype=np.int32))  # each block begins anew
        if counted:
            often = weights if isinstance(weights, tuple) else [weights or 1.0] * len(distances)
            times.append(np.minimum(np.array(often), MOST_TIMES).astype(np.uint16))
    if len(documents) == 1:
        return Postings(documents[0], times[0] if counted else None)
    return Postings(np.concatenate(documents), np.concatenate(times) if counted else None)


class Entry(NamedTuple):
    """The postings of a word in some segments, whose documents are numbered through."""

    segments: tuple[str, ...]
    postings: Postings


class Kept:
    """Posting lists by field and word; the least recently used go when they are too many bytes.

    New segments come last, so a list stays true as far as the segments are those it was read from; only the rest of
    it is read again.
    """

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most = most
        self._lists: OrderedDict[tuple[str, str], Entry] = OrderedDict()
        self.size = 0

    def get(self, field: str, word: str, snapshot: Snapshot) -> Postings:
        """Return the postings of a word, deleted documents too, read as far as they are not here."""
        key = (field, word)
        entry = self._lists.pop(key, None)
        if entry is not None:
            self.size -= entry.postings.size
        if entry is None or entry.segments is not snapshot.ids:
            entry = Entry(snapshot.ids, _brought_up_to_date(entry, key, snapshot))
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
        documents, times = entry.postings
        end = int(np.searchsorted(documents, snapshot.starts[same]))
        parts.append(Postings(documents[:end], None if times is None else times[:end]))
    for start, segment in zip(snapshot.starts[same:], snapshot.segments[same:], strict=False):
        documents, times = segment.postings(*key)
        parts.append(Postings(documents + np.int32(start), times))
    return _joined([part for part in parts if len(part.documents)])


def _joined(parts: Sequence[Postings]) -> Postings:
    if len(parts) < 2:
        return parts[0] if parts else NOWHERE
    times = [part.times for part in parts if part.times is not None]
    return Postings(
        np.concatenate([part.documents for part in parts]), np.concatenate(times) if times else None
    )
