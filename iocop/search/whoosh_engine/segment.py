"""One segment of the index: written once, so that what was read of it stays true while it lives."""

from __future__ import annotations

import os
import struct
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from whoosh.codec import whoosh3 as _whoosh3
from whoosh.filedb import filetables as _whoosh_filetables
from whoosh.util.numeric import byte_to_length

from iocop.search.plan import FIELDS
from iocop.search.whoosh_engine.lists import NOWHERE, Postings
from iocop.search.whoosh_engine.postings import decoded
from iocop.search.whoosh_engine.schema import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from iocop.search.whoosh_engine.keyed import Keyed
    from iocop.search.whoosh_engine.suggesting import Titles

whoosh3: Any = _whoosh3  # untyped inside
whoosh_filetables: Any = _whoosh_filetables

LENGTHS: Final = np.array([byte_to_length(byte) for byte in range(256)], np.float64)
"""What a field's length counts as, which the index keeps in one byte."""

_ENTRY: Final = struct.Struct("!BfIBBfIIqi")
"""What the index says of a word: inlined or not, weight, documents, four bounds and two ids; where its postings are."""
_SIZES: Final = struct.Struct("!II")
A_READ: Final = 2**16
"""Bytes of an index of words read at once: far more than a word has."""
_COUNTED: Final = frozenset({"title_stem", "stem", "title_exact", "exact"})


class Entry(NamedTuple):
    """A word of a field and where its postings lie in the file."""

    word: bytes
    start: int
    length: int


class Segment:
    """Opens the files of a segment of Whoosh's; whoever merges it away may delete them meanwhile.

    Raises:
        OSError, ValueError: a file is gone, or not as long as it was written.
    """

    def __init__(self, folder: Path, storage: Any, described: Any) -> None:
        self.id: str = described.segment_id()
        self.count: int = described.doc_count_all()
        self.keyed: tuple[Keyed, Keyed] | None = None
        self.titles: Titles | None = None
        self._closing = ExitStack()
        with ExitStack() as opened:
            self._open(folder, storage, described, opened)
            self._closing = opened.pop_all()

    def _open(self, folder: Path, storage: Any, described: Any, opened: ExitStack) -> None:
        name = described.make_filename(whoosh3.W3Codec.TERMS_EXT)
        words = storage.open_file(name)
        opened.callback(words.close)
        self._words = whoosh_filetables.OrderedHashReader(words, storage.file_length(name))
        self._fields: dict[str, int] = self._words.extras["fieldmap"]
        self._postings = os.open(folder / described.make_filename(whoosh3.W3Codec.POSTS_EXT), os.O_RDONLY)
        opened.callback(os.close, self._postings)
        self._check_size()
        self._described = described.codec().per_document_reader(storage, described)
        opened.callback(self._described.close)
        self._stored = self._described.column_reader("_stored", whoosh3.STORED_COLUMN)
        self.columns: dict[str, NDArray[Any]] = {
            column: _column(folder / whoosh3.W3Codec.column_filename(described, column), width, self.count)
            for column, width in COLUMNS.items()
        }
        self.lengths: dict[str, NDArray[Any]] = {
            field: _lengths(folder / whoosh3.W3Codec.column_filename(described, f"_{field}_len"), self.count)
            for field in FIELDS
        }

    def _check_size(self) -> None:
        """The last word's postings end where the file does; else whoever looks for it later would be surprised."""
        words, end = self._words, 0
        if words.indexlen:
            last = words._get_pos(words.indexbase + (words.indexlen - 1) * words.indexsize)
            _, at, length = words.key_and_range_at(last)
            entry = _entry(b"", words.dbfile.get(at, length))
            end = entry.start + entry.length
        if os.fstat(self._postings).st_size != end:
            raise ValueError(f"postings end at {os.fstat(self._postings).st_size}, not at {end}")

    @property
    def fields(self) -> Iterable[str]:
        """The fields that have words."""
        return self._fields.keys()

    def close(self) -> None:
        self._closing.close()

    def stored(self, document: int) -> dict[str, str]:
        """Return what is stored of a document."""
        found: dict[str, str] | None = self._stored[document]
        return found or {}

    def postings(self, field: str, word: str) -> Postings:
        """Return where a word stands in a field; nowhere if it does not."""
        if field not in self._fields:
            return NOWHERE
        described = self._words.get(self._key(field, word.encode()))
        if described is None:
            return NOWHERE
        return decoded(self.read(_entry(b"", described)), counted=field in _COUNTED)

    def raw(self, field: str, word: str) -> memoryview:
        """Return a posting list as it lies on the disk.

        Raises:
            KeyError: the field has no such word.
        """
        return self.read(_entry(b"", self._words[self._key(field, word.encode())]))

    def read(self, entry: Entry) -> memoryview:
        return memoryview(os.pread(self._postings, entry.length, entry.start))

    def entries(self, field: str, beginning: str = "") -> Iterator[Entry]:
        """Give the words of a field that begin so, in the order of their bytes."""
        if field not in self._fields:
            return
        key = self._key(field, beginning.encode())
        start = self._words.closest_key_pos(key)
        if start is None:
            return
        end = self._words.closest_key_pos(_after(key)) or self._words.endofdata
        while start < end:
            data = self._words.dbfile.get(start, min(A_READ, end - start))
            at = 0
            while (sized := _sizes(data, at)) is not None:
                word, after = sized
                yield _entry(data[word + 2 : after - _ENTRY.size], data[after - _ENTRY.size : after])
                at = after
            start += at

    def _key(self, field: str, word: bytes) -> bytes:
        return self._fields[field].to_bytes(2, "big") + word


def _sizes(data: bytes, at: int) -> tuple[int, int] | None:
    """Return where a word and what comes after its entry begin; None if the rest of it is not in the data."""
    word = at + _SIZES.size
    if word > len(data):
        return None
    key, entry = _SIZES.unpack_from(data, at)
    after = word + key + entry
    return (word, after) if after <= len(data) else None


def _after(beginning: bytes) -> bytes:
    """Return the least bytes after all that begin so."""
    return (int.from_bytes(beginning, "big") + 1).to_bytes(len(beginning), "big")


def entry_of(documents: Sequence[int], times: Sequence[float], start: int, length: int) -> bytes:
    """Write what the index says of a word."""
    return _ENTRY.pack(
        0, sum(times), len(documents), 0, 0, max(times), documents[0], documents[-1], start, length
    )


def _entry(word: bytes, described: bytes) -> Entry:
    inlined, *_, start, length = _ENTRY.unpack(described)
    if inlined:
        raise ValueError("postings stand where this index writes none")
    return Entry(word, start, length)


def _column(path: Path, width: str, count: int) -> NDArray[Any]:
    found = np.fromfile(path, np.dtype(f">{ {'b': 'i1', 'i': 'i4', 'q': 'i8'}[width] }"))
    if len(found) != count:
        raise ValueError(f"{path.name} has {len(found)} of {count} numbers")
    return found.astype(found.dtype.newbyteorder("="))


def _lengths(path: Path, count: int) -> NDArray[np.uint8]:
    """Return the lengths of a field, each as a byte; the file ends with the last document that has any."""
    lengths = np.zeros(count, np.uint8)
    if path.exists():
        found = np.fromfile(path, np.uint8)
        lengths[: len(found)] = found
    return lengths
