"""A segment as it is written: Whoosh's writer with its slow half replaced, postings gathered and written word by word."""

from __future__ import annotations

from array import array
from heapq import merge
from itertools import accumulate, groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from whoosh import writing as _whoosh_writing
from whoosh.codec import whoosh3 as _whoosh3

from iocop.search.whoosh_engine.postings import blocks, encoded
from iocop.search.whoosh_engine.segment import entry_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from iocop.search.whoosh_engine.segment import Entry, Segment

whoosh_writing: Any = _whoosh_writing  # untyped inside
whoosh3: Any = _whoosh3

PLACED: Final = frozenset({"title_exact", "exact"})
GONE: Final = -1
WORDS_A_STEP: Final = 2_000


class Postings(NamedTuple):
    """Of one word: documents, how often it stands in each, and where, if the field says so."""

    documents: list[int]
    times: list[float]
    values: list[bytes]


class Gathered:
    """What Whoosh's writer fills with one posting after another: here packed by word, so that little memory is needed."""

    def __init__(self) -> None:
        self._words: dict[str, dict[bytes, array[int]]] = {}
        self.size = 0

    def add(self, posting: tuple[str, bytes, int, float, bytes]) -> None:
        field, word, document, times, value = posting
        packed = self._words.setdefault(field, {}).setdefault(word, array("I"))
        packed.append(document)
        packed.append(int(times))
        if value:
            packed.frombytes(value)
        self.size += 1

    def cleanup(self) -> None:
        self._words = {}

    def fields(self) -> Collection[str]:
        return self._words.keys()

    def of(self, field: str) -> Iterator[tuple[bytes, Postings]]:
        """Give the words of a field in order, each with its postings."""
        words = self._words.get(field, {})
        for word in sorted(words):
            yield word, _unpacked(words[word], placed=field in PLACED)


def _unpacked(packed: array[int], *, placed: bool) -> Postings:
    if not placed:
        return Postings(packed[::2].tolist(), [float(times) for times in packed[1::2]], [])
    found = Postings([], [], [])
    at = 0
    while at < len(packed):
        document, times = packed[at], packed[at + 1]
        found.documents.append(document)
        found.times.append(float(times))
        found.values.append(packed[at + 2 : at + 2 + times].tobytes())
        at += 2 + times
    return found


class Taken(NamedTuple):
    """A segment that goes into another: for each of its documents the number it gets there, or `GONE`."""

    segment: Segment
    numbers: list[int]


class Filing(whoosh_writing.SegmentWriter):  # type: ignore[misc]
    """Writes documents, or what is left of other segments, into one new segment."""

    def __init__(self, index: Any) -> None:
        # The library copies a compound segment whole into memory when it opens it: 470 MB a process for 50,000 posts.
        super().__init__(index, timeout=5.0, compound=False)
        self.pool = self.gathered = Gathered()
        self._flushed = False

    def take(self, segment: Segment, deleted: Collection[int]) -> Taken:
        """Write the columns of what is left of a segment; its words follow in `merging`."""
        numbers: list[int] = []
        columns = {name: values.tolist() for name, values in segment.columns.items()}
        for document in range(segment.count):
            if document in deleted:
                numbers.append(GONE)
                continue
            numbers.append(self.docnum)
            self._copy(segment, document, {name: values[document] for name, values in columns.items()})
        self._added = bool(self.docnum)
        return Taken(segment, numbers)

    def _copy(self, segment: Segment, document: int, columns: dict[str, int]) -> None:
        writer = self.perdocwriter
        writer.start_doc(self.docnum)
        for name, stored in segment.stored(document).items():
            writer.add_field(name, None, stored, 0)
        for name, lengths in segment.lengths.items():
            if lengths[document]:
                writer.add_column_value(f"_{name}_len", whoosh3.LENGTHS_COLUMN, int(lengths[document]))
        for name, value in columns.items():
            writer.add_column_value(name, self.schema[name].column_type, value)
        writer.finish_doc()
        self.docnum += 1

    def merging(self, taken: Collection[Taken]) -> Iterator[int]:
        """Write the words of segments, in steps; what was added besides must be nothing."""
        self.perdocwriter.close()
        fields = {field for one in taken for field in one.segment.fields}
        yield from self._write((field, _merged(taken, field)) for field in sorted(fields))

    def _flush_segment(self) -> None:
        """What Whoosh's `commit` calls; here it does it at once."""
        if not self._flushed:
            self.perdocwriter.close()
            for _ in self._write(
                (field, self.gathered.of(field)) for field in sorted(self.gathered.fields())
            ):
                pass

    def _write(self, fields: Iterable[tuple[str, Iterable[tuple[bytes, Postings]]]]) -> Iterator[int]:
        files = self.fieldwriter
        done = 0
        for field, words in fields:
            number = files._fieldmap.setdefault(field, len(files._fieldmap)).to_bytes(2, "big")
            for word, postings in words:
                start = files._postfile.tell()
                written = encoded(*postings)
                files._postfile.write(written)
                files._tindex.add(
                    number + word, entry_of(postings.documents, postings.times, start, len(written))
                )
                done += 1
                if done % WORDS_A_STEP == 0:
                    yield done
        files.close()
        self._flushed = True


def _merged(taken: Collection[Taken], field: str) -> Iterator[tuple[bytes, Postings]]:
    every = merge(*(_entries(one, field, at) for at, one in enumerate(taken)), key=itemgetter(0, 1))
    for word, same in groupby(every, key=itemgetter(0)):
        together = Postings([], [], [])
        for _, _, one, entry in same:
            _add(together, one, entry)
        if together.documents:
            yield word, together


def _entries(one: Taken, field: str, at: int) -> Iterator[tuple[bytes, int, Taken, Entry]]:
    return ((entry.word, at, one, entry) for entry in one.segment.entries(field))


def _add(together: Postings, one: Taken, entry: Entry) -> None:
    numbers = one.numbers
    for distances, weights, values in blocks(one.segment.read(entry)):
        documents = [numbers[document] for document in accumulate(distances)]
        same = isinstance(weights, float | None)
        times = [weights or 1.0] * len(documents) if same else [float(often) for often in weights]
        if GONE in documents:
            left = [at for at, document in enumerate(documents) if document != GONE]
            documents, times = [documents[at] for at in left], [times[at] for at in left]
            together.values.extend(values[at] for at in left if values)
        else:
            together.values.extend(values or ())
        together.documents.extend(documents)
        together.times.extend(times)
