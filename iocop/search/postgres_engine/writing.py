"""Writing the index: documents, which words they have, and the cursor, in the one transaction of an `act`."""

from __future__ import annotations

from collections import defaultdict
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, insert, select, text, update

from iocop.core.db import act
from iocop.search.models import SearchDocument, SearchGone, SearchIndex
from iocop.search.plan import FIELDS
from iocop.search.port import EngineDown
from iocop.search.postgres_engine import packing
from iocop.search.postgres_engine.lexemes import VERSION, entry_of
from iocop.search.postgres_engine.told import Told

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from sqlalchemy.orm import Session

    from iocop.core.outbox import Cursor
    from iocop.search.port import Document
    from iocop.search.postgres_engine.lexemes import Entry

SEARCH: Final = 0x5EA7
"""What the advisory locks of search are called; below, each of them."""
WRITING: Final = 1
BUILDING: Final = 2

DOCUMENTS_A_STEP: Final = 100
TOLD_AT_ONCE: Final = 2_000_000
"""A rebuild gathers so many words of documents before it writes them down: the same ones come again and again."""

_ALONE: Final = text("select pg_try_advisory_xact_lock(:search, :lock)")
_KNOWN: Final = text(
    "select lexeme, id from search_word where generation = :generation and lexeme = any(:lexemes)"
)
_NEW: Final = text(
    "insert into search_word (generation, lexeme, documents, sealed, recent)"
    " select :generation, lexeme, 0, -1, '' from unnest(cast(:lexemes as text[])) lexeme returning lexeme, id"
)
_CHANGE: Final = text(
    "update search_document set change = :change, space_id = :space_id, label = :label, at = :at, votes = :votes,"
    " title = :title, facts = :facts, keys = :keys where generation = :generation and number = :number"
)
_ANALYZE: Final = ("analyze search_document", "analyze search_word", "analyze search_postings")


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
        index.change += 1
        told = Told()
        documents = list(upserts)
        _Batch(session, index, told).replace(documents, {*deletes, *(document.ref for document in documents)})
        told.settle(session)
        index.xid, index.event_id = upto


def build(documents: Iterable[Document], upto: Cursor) -> Iterator[int]:
    """Fill a new generation and put it in use at the end; yield how many were taken after each 100.

    Each step is a transaction. The old generation goes after the new one is in use, in steps as well.
    """
    for _ in clear():
        pass
    generation = _begin(upto)
    remaining, taken, unfinished, told = iter(documents), 0, True, Told()
    while unfinished:
        with act() as session:
            some = list(islice(remaining, DOCUMENTS_A_STEP))
            _Batch(session, session.get_one(SearchIndex, generation), told).add(some)
            taken, unfinished = taken + len(some), len(some) == DOCUMENTS_A_STEP
            if told.size > TOLD_AT_ONCE or not unfinished:
                told.settle(session)
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
            change=1, forgotten=0, numbered=0, documents=0, **dict.fromkeys(FIELDS, 0),
        )  # fmt: skip
        session.add(index)
        session.flush()
        return index.generation


def use(generation: int) -> None:
    """Put a generation in use; whoever searches at this moment has either the old one or the new one."""
    with act() as session:
        for statement in _ANALYZE:  # else PostgreSQL takes the tables for as small as they were
            session.execute(text(statement))
        session.execute(update(SearchIndex).values(in_use=SearchIndex.generation == generation))


def clear() -> Iterator[int]:
    """Drop the generations that are not in use: an old one, or what is left of a rebuild that was killed.

    Yields how many were.
    """
    with act() as session:
        old = list(session.scalars(select(SearchIndex.generation).where(~SearchIndex.in_use)))
    for done, generation in enumerate(old, 1):
        for table, key, some in (
            ("search_document", "number", 2_000),
            ("search_gone", "number", 20_000),
            ("search_word", "id", 5_000),
        ):
            while _cleared(table, key, generation, some):
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


def _cleared(table: str, key: str, generation: int, some: int) -> int:
    """Delete some rows of a generation, so that no transaction is long."""
    these = (
        f"delete from {table} where generation = :generation and {key} in"  # noqa: S608 -- names of our own
        f" (select {key} from {table} where generation = :generation limit :some)"
    )
    with act() as session:
        done: Any = session.execute(text(these), {"generation": generation, "some": some})
        return int(done.rowcount)


class _Batch:
    """What changes in one transaction: rows at once, words when they are settled."""

    def __init__(self, session: Session, index: SearchIndex, told: Told) -> None:
        self._session = session
        self._index = index
        self._told = told

    def replace(self, documents: Sequence[Document], refs: Collection[str]) -> None:
        """Put documents in place of all that has one of some refs; one whose words are the same keeps its number."""
        before = self._standing(refs)
        entries = [entry_of(document) for document in documents]
        numbers = self._numbers(entries)
        new, changed = [], []
        for entry in entries:
            packed = packing.packed(entry, numbers)
            same = before[entry.document.ref, packed.words, packed.sequence]
            if same:
                changed.append(self._again(entry, packed, same.pop()))
            else:
                new.append(self._new(entry, packed, numbers))
        self._delete([one for some in before.values() for one in some])
        if changed:
            self._session.execute(_CHANGE, changed)
        if new:
            self._session.execute(insert(SearchDocument), new)

    def add(self, documents: Sequence[Document]) -> None:
        """Insert documents of which none is there."""
        entries = [entry_of(document) for document in documents]
        numbers = self._numbers(entries)
        rows = [self._new(entry, packing.packed(entry, numbers), numbers) for entry in entries]
        if rows:
            self._session.execute(insert(SearchDocument), rows)

    def _standing(self, refs: Collection[str]) -> dict[tuple[str, bytes, bytes], list[SearchDocument]]:
        """Return the documents of some refs, by what has to be the same for them to stay."""
        asked = select(SearchDocument).where(
            SearchDocument.generation == self._index.generation, SearchDocument.ref.in_(sorted(refs))
        )
        before: dict[tuple[str, bytes, bytes], list[SearchDocument]] = defaultdict(list)
        for one in self._session.scalars(asked):
            before[one.ref, one.words, one.sequence].append(one)
        return before

    def _delete(self, gone: Sequence[SearchDocument]) -> None:
        for one in gone:
            self._told.count(one.words, -1)
            self._told.count(one.keys, -1)
            facts = packing.facts_of(one.facts)[0]
            self._tally([-int(facts[field]) for field in FIELDS], -1)
        if gone:
            generation, numbers = self._index.generation, [one.number for one in gone]
            these = SearchDocument.generation == generation, SearchDocument.number.in_(numbers)
            self._session.execute(delete(SearchDocument).where(*these))
            change = {"generation": generation, "change": self._index.change}
            self._session.execute(insert(SearchGone), [{"number": number} | change for number in numbers])

    def _again(self, entry: Entry, packed: packing.Packed, before: SearchDocument) -> dict[str, Any]:
        """Return the row of a document whose words are as they were."""
        self._told.count(before.keys, -1)
        self._told.count(packed.keys, 1)
        return self._row(entry, packed, before.number)

    def _new(self, entry: Entry, packed: packing.Packed, numbers: Mapping[str, int]) -> dict[str, Any]:
        """Number a document, tell of its words and return its row."""
        number = self._index.numbered
        self._index.numbered += 1
        self._told.count(packed.keys, 1)
        self._told.count(packed.words, 1)
        self._told.place(number, {numbers[lexeme]: times for lexeme, times in entry.times.items()})
        self._tally(entry.lengths, 1)
        return self._row(entry, packed, number) | {
            "ref": entry.document.ref, "words": packed.words, "sequence": packed.sequence, "title_words": entry.title,
        }  # fmt: skip

    def _row(self, entry: Entry, packed: packing.Packed, number: int) -> dict[str, Any]:
        document = entry.document
        return {
            "generation": self._index.generation, "number": number, "change": self._index.change,
            "space_id": document.space_id, "label": document.label, "at": document.at, "votes": document.votes,
            "title": document.title, "facts": packing.facts(entry, number), "keys": packed.keys,
        }  # fmt: skip

    def _tally(self, lengths: Iterable[int], documents: int) -> None:
        self._index.documents += documents
        for field, length in zip(FIELDS, lengths, strict=True):
            setattr(self._index, field, getattr(self._index, field) + length)

    def _numbers(self, entries: Iterable[Entry]) -> dict[str, int]:
        """Return the number of each lexeme; new ones get one."""
        lexemes = {lexeme for entry in entries for lexeme in entry.all}
        given = {"generation": self._index.generation, "lexemes": sorted(lexemes)}
        numbers: dict[str, int] = dict(self._session.execute(_KNOWN, given).all()) if lexemes else {}
        new = sorted(lexemes - numbers.keys())
        if new:
            numbers.update(self._session.execute(_NEW, given | {"lexemes": new}).all())
        return numbers
