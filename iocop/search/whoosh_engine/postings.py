"""From Whoosh's bytes to numbers and back: a word's whole posting list at once."""

from __future__ import annotations

import pickle
import zlib
from array import array
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from iocop.search.whoosh_engine.lists import Postings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from iocop.search.whoosh_engine.lists import Places

MOST_TIMES: Final = 2**16 - 1

A_BLOCK: Final = 1024
"""Lists are read whole, so large blocks cost nothing and are read sooner."""
WORTH_PACKING: Final = 16
"""Numbers that take less room, and less time to be read, as bytes than as Python's own."""
WORTH_SQUEEZING: Final = 80
SQUEEZED: Final = 3
"""How hard zlib tries, 1 to 9."""

_MAGIC: Final = b"W3Bl"
_HEAD_ENDS: Final = b"tq\x00."
"""How the pickled tuple that begins a block ends; its numbers are too small to hold these bytes."""


def blocks(data: memoryview) -> Iterator[tuple[tuple[int, ...], Any, Any]]:
    """Give the blocks of a posting list: documents (each the distance from the last), weights, values.

    Documents and weights are tuples, bytes or arrays; weights are None where all are 1, and one number where all are
    the same.

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
    weights = None if set(times) == {1.0} else times[0] if len(set(times)) == 1 else _packed(times)
    distances = [documents[0], *(after - before for before, after in pairwise(documents))]
    body = pickle.dumps((_packed(distances), weights, tuple(values) or None), 3)
    squeezed = bool(values) and len(body) >= WORTH_SQUEEZING
    if squeezed:
        body = zlib.compress(body, SQUEEZED)
    head = pickle.dumps((len(documents), documents[-1], max(times), int(squeezed), 0, 0), 2)
    length = len(head) + len(body)
    return (-length if last else length).to_bytes(4, "big", signed=True), head, body


def _packed(given: Sequence[float]) -> Any:
    """Return whole numbers as bytes if they are small, else as an array; few of them as they are."""
    if len(given) < WORTH_PACKING:
        return tuple(given)
    if max(given) < 2**8:
        return bytes(map(int, given))
    return array("I", map(int, given))


def numbers(packed: Any) -> NDArray[Any]:
    """Return the documents or weights of a block."""
    if isinstance(packed, tuple):
        return np.array(packed)
    return np.frombuffer(packed, np.uint8 if isinstance(packed, bytes) else packed.typecode)


def decoded(data: memoryview, *, counted: bool) -> Postings:
    """Return a posting list as numbers, block by block: as Python's own they would take twenty times the memory."""
    documents: list[Places] = []
    times: list[NDArray[np.uint16]] = []
    for distances, weights, _ in blocks(data):
        documents.append(np.cumsum(numbers(distances), dtype=np.int32))  # each block begins anew
        if counted and isinstance(weights, float | None):
            times.append(np.full(len(distances), min(weights or 1, MOST_TIMES), np.uint16))
        elif counted:
            times.append(np.minimum(numbers(weights).astype(np.int64), MOST_TIMES).astype(np.uint16))
    if len(documents) == 1:
        return Postings(documents[0], times[0] if counted else None)
    return Postings(np.concatenate(documents), np.concatenate(times) if counted else None)
