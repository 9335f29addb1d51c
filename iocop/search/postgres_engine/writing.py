"""Writing the index: documents, how many have each word, and the cursor, in the one transaction of an `act`."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, insert, select, text, update

from iocop.core.db import act
from iocop.search.models import SearchDocument, SearchIndex, SearchOverflow
from iocop.search.plan import FIELDS
from iocop.search.port import EngineDown
from iocop.search.postgres_engine import packing
from iocop.search.postgres_engine.lexemes import VERSION, entry_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from sqlalchemy.orm import Session

    from iocop.core.outbox import Cursor
    from iocop.search.port import Document
    from iocop.search.postgres_engine.lexemes import Entry

SEARCH: Final = 0x5EA7
"""What the advisory locks of search are called; below, each of them."""
WRITING: Final = 1
BUILDING: Final = 2

DOCUMENTS_A_STEP: Final = 100
COUNTED_AT_ONCE: Final = 100_000
"""A rebuild counts so many words before it writes down how often each came: they come again and again."""

_ALONE: Final = text("select pg_try_advisory_xact_lock(:search, :lock)")
_UNMERGED: Final = text("set local gin_pending_list_limit = '256kB'")
"""Every search reads the whole list of what was not merged into the index yet; by itself it grows to 4 MB."""
_KNOWN: Final = text(
    "select lexeme, id from search_word where generation = :generation and lexeme = any(:lexemes)"
)
_NEW: Final = text(
    "insert into search_word (generation, lexeme, documents)"
    " select :generation, lexeme, 0 from unnest(cast(:lexemes as text[])) lexeme returning lexeme, id"
)
_COUNT: Final = text(
    "update search_word set documents = documents + more"
    " from unnest(cast(:numbers as bigint[]), cast(:more as integer[])) changed (number, more) where id = number"
)
_FORGET: Final = text("delete from search_word where id = any(cast(:numbers as bigint[])) and documents = 0")


def write(upserts: Iterable[Document], deletes: Collection[str], upto: Cursor) -> None:
    """Replace and delete in the generation in use, and remember the cursor.

    Raises:
        EngineDown: there is no index, or another process writes it.
    """
    with act() as session:
        if not session.scalar(_ALONE, {"search": SEARCH, "lock": WRITING}):
            raise EngineDown("another process writes the index")
        index = session.scalar(select(SearchIndex).where(SearchIndex.in_use).with_for_update())
        if index is None or index.version != VERSION:
            raise EngineDown("there is no index")
        session.execute(_UNMERGED)
        batch = _Batch(session, index, Counter())
        documents = list(upserts)
        batch.drop({*deletes, *(document.ref for document in documents)})
        batch.add(documents)
        batch.settle()
        index.xid, index.event_id = upto


def build(documents: Iterable[Document], upto: Cursor) -> Iterator[int]:
    """Fill a new generation and put it in use at the end; yield how many were taken after each 100.

    Each step is a transaction. The old generation goes after the new one is in use, in steps as well.
    """
    for _ in clear():
        pass
    generation = _begin(upto)
    remaining, taken, unfinished, counts = iter(documents), 0, True, Counter[int]()
    while unfinished:
        with act() as session:
            some = list(islice(remaining, DOCUMENTS_A_STEP))
            batch = _Batch(session, session.get_one(SearchIndex, generation), counts)
            batch.add(some)
            taken, unfinished = taken + len(some), len(some) == DOCUMENTS_A_STEP
            if len(counts) > COUNTED_AT_ONCE or not unfinished:
                batch.settle()
        if unfinished:
            yield taken
    use(generation)
    for _ in clear():
        pass
    yield taken


def _begin(upto: Cursor) -> int:
    with act() as session:
        last = session.scalar(select(SearchIndex.generation).order_by(SearchIndex.generation.desc()).limit(1))
        index = SearchIndex(
            generation=(last or 0) + 1, version=VERSION, in_use=False, xid=upto.xid, event_id=upto.event_id,
            documents=0, **dict.fromkeys(FIELDS, 0),
        )  # fmt: skip
        session.add(index)
        session.flush()
        return index.generation


def use(generation: int) -> None:
    """Put a generation in use; whoever searches at this moment has either the old one or the new one."""
    with act() as session:
        session.execute(update(SearchIndex).values(in_use=SearchIndex.generation == generation))


def clear() -> Iterator[int]:
    """Drop the generations that are not in use: an old one, or what is left of a rebuild that was killed.

    Yields how many were.
    """
    with act() as session:
        old = list(session.scalars(select(SearchIndex.generation).where(~SearchIndex.in_use)))
    for done, generation in enumerate(old, 1):
        for table, some in (("search_document", 2_000), ("search_word", 20_000)):
            while _cleared(table, generation, some):
                pass
        with act() as session:
            session.execute(delete(SearchIndex).where(SearchIndex.generation == generation))
        yield done


def drop() -> None:
    """Drop every generation, also the one in use: another engine is the site's now."""
    with act() as session:
        session.execute(update(SearchIndex).values(in_use=False))
    for _ in clear():
        pass


def _cleared(table: str, generation: int, some: int) -> int:
    """Delete some rows of a generation, so that no transaction is long."""
    these = (
        f"delete from {table} where id in (select id from {table} where generation = :generation limit :some)"  # noqa: S608 -- two names of our own
    )
    with act() as session:
        done: Any = session.execute(text(these), {"generation": generation, "some": some})
        return int(done.rowcount)


class _Batch:
    """What changes in one transaction: rows at once, counts at the end, where what comes and goes evens out."""

    def __init__(self, session: Session, index: SearchIndex, counts: Counter[int]) -> None:
        self._session = session
        self._index = index
        self._counts = counts

    def drop(self, refs: Collection[str]) -> None:
        """Delete documents, and take them out of the counts."""
        gone = (
            delete(SearchDocument)
            .where(SearchDocument.generation == self._index.generation, SearchDocument.ref.in_(sorted(refs)))
            .returning(
                SearchDocument.facts, SearchDocument.keys, SearchDocument.stems, SearchDocument.exacts,
                SearchDocument.sequence,
            )
        )  # fmt: skip
        for row in self._session.execute(gone).all():
            old = packing.Packed(*row)
            self._counts.subtract(packing.words_in(old).tolist())
            lengths = packing.facts_of([old.facts])[0, packing.LENGTHS :]
            self._tally([-int(length) for length in lengths], -1)

    def add(self, documents: Iterable[Document]) -> None:
        """Insert documents, and count them in."""
        index = self._index
        average = index.stem / index.documents if index.documents else 0.0
        entries = [entry_of(document, average) for document in documents]
        if not entries:
            return
        numbers = self._numbers({lexeme for entry in entries for lexeme in _lexemes(entry)})
        for entry in entries:
            self._counts.update(numbers[lexeme] for lexeme in _lexemes(entry))
            self._tally(entry.lengths, 1)
        self._insert([entry for entry in entries if len(entry.vectors) == 1], numbers)
        for entry in entries:
            if len(entry.vectors) > 1:
                self._insert_split(entry, numbers)

    def settle(self) -> None:
        """Write the counts, and drop the words that no document has any more."""
        changed = sorted((number, more) for number, more in self._counts.items() if more)
        if changed:
            numbers, more = (list(column) for column in zip(*changed, strict=True))
            self._session.execute(_COUNT, {"numbers": numbers, "more": more})
        fewer = [number for number, more in self._counts.items() if more <= 0]
        if fewer:
            self._session.execute(_FORGET, {"numbers": fewer})
        self._counts.clear()

    def _tally(self, lengths: Iterable[int], documents: int) -> None:
        self._index.documents += documents
        for field, length in zip(FIELDS, lengths, strict=True):
            setattr(self._index, field, getattr(self._index, field) + length)

    def _numbers(self, lexemes: set[str]) -> dict[str, int]:
        """Return each lexeme's number; new ones get one."""
        given = {"generation": self._index.generation, "lexemes": sorted(lexemes)}
        numbers: dict[str, int] = dict(self._session.execute(_KNOWN, given).all())
        new = sorted(lexemes - numbers.keys())
        if new:
            numbers.update(self._session.execute(_NEW, given | {"lexemes": new}).all())
        return numbers

    def _insert(self, entries: list[Entry], numbers: Mapping[str, int]) -> None:
        rows = [_row(entry, self._index.generation, numbers) for entry in entries]
        if rows:
            self._session.execute(insert(SearchDocument), rows)

    def _insert_split(self, entry: Entry, numbers: Mapping[str, int]) -> None:
        row = insert(SearchDocument).values(_row(entry, self._index.generation, numbers))
        key = self._session.scalar(row.returning(SearchDocument.id))
        more = [{"document_id": key, "words": words} for words in entry.vectors[1:]]
        self._session.execute(insert(SearchOverflow), more)


def _lexemes(entry: Entry) -> list[str]:
    return [*entry.stems, *entry.exacts, *entry.further, *entry.keys]


def _row(entry: Entry, generation: int, numbers: Mapping[str, int]) -> dict[str, Any]:
    document = entry.document
    return {
        "generation": generation, "ref": document.ref, "space_id": document.space_id, "label": document.label,
        "at": document.at, "votes": document.votes, "title": document.title, "words": entry.vectors[0],
        **packing.packed(entry, numbers)._asdict(),
    }  # fmt: skip
