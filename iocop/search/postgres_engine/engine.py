"""The engine: `SearchEngine` on PostgreSQL, in the site's own database.

What a search needs of the index lies in tables, packed; each process keeps what it read, and one statement a search says
what has changed since. So an answer is as fresh as the last commit of whoever writes the index.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from sqlalchemy import text

from iocop.core.db import db
from iocop.search.matches import NOTHING
from iocop.search.port import KINDS, Named
from iocop.search.postgres_engine import forgetting, found, packing, reading, writing
from iocop.search.postgres_engine.columns import Columns, Names
from iocop.search.postgres_engine.kept import Kept
from iocop.search.postgres_engine.lexemes import quoted
from iocop.search.postgres_engine.scoring import Scorer, lexemes_of
from iocop.search.postgres_engine.spelling import Spelling

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from iocop.core.outbox import Cursor
    from iocop.search.plan import Plan
    from iocop.search.port import Document, Health, Mask, Matches
    from iocop.search.postgres_engine.found import Found
    from iocop.search.postgres_engine.reading import Further
    from iocop.search.postgres_engine.scoring import Stands

ROOM: Final = 1_000
"""So many documents are found; where more match, the best of them."""
TRIES: Final = 3


class PostgresEngine:
    """An index in the database of the session; safe to use from threads and processes as the session is."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._spelling = Spelling()
        self._kept = Kept()
        self._lock = threading.Lock()
        self._columns = Columns(Names(), generation=0)

    def cursor(self) -> Cursor:
        with reading.asking():
            return reading.cursor()

    def languages(self) -> frozenset[str]:
        with reading.asking():
            return reading.languages()

    def apply(self, upserts: Iterable[Document], deletes: Collection[str], upto: Cursor) -> None:
        writing.write(upserts, deletes, upto)

    def search(self, plan: Plan, mask: Mask) -> Matches:
        if plan.is_empty or not mask.spaces or not all(plan.bounds.all_of):
            return NOTHING
        lexemes = lexemes_of(plan)
        with reading.asking():
            for _ in range(TRIES):
                stands = reading.stands(lexemes)
                further = reading.Further(stands)
                matches = self._found(plan, mask, stands, further)
                if not further.asked or reading.stands().generation == stands.generation:
                    break  # else a rebuild ended, and the old rows are going
        return matches

    def _found(self, plan: Plan, mask: Mask, stands: Stands, further: Further) -> Found:
        columns = self._columns_at(stands, further)
        postings = self._kept.of(stands.words.values(), further.postings)
        scorer = Scorer(columns, mask, stands, postings, further.sequences)
        documents, whole = scorer.search(plan)
        return found.best(columns, documents, scorer.scores()[documents], whole, self._room)

    def _columns_at(self, stands: Stands, further: Further) -> Columns:
        """Return the documents as they stood then, or later."""
        columns = self._columns
        if (columns.generation, columns.change) != (stands.generation, stands.change):
            with self._lock:
                columns = further.columns(self._columns)
                if columns.generation != self._columns.generation:
                    self._kept.forget()
                self._columns = columns
        return columns

    def suggest(self, words: Sequence[str], mask: Mask, limit: int) -> Sequence[Named]:
        if not words or not mask.spaces or limit < 1:
            return ()
        *whole, begun = map(quoted, words)
        query = " & ".join([*whole, f"{begun}:*"])
        with reading.asking():
            titles = reading.suggested(query, mask, reading.stands().generation, 2 * limit)
        named = (_named(facts, title) for facts, title in titles)
        return list({(one.kind, one.id): one for one in named}.values())[:limit]

    def known(self, words: Collection[str]) -> dict[str, int]:
        with reading.asking():
            reading.stands()
            return reading.counts([f"o:{word}" for word in words])

    def near(self, word: str, limit: int) -> Sequence[tuple[str, int]]:
        with reading.asking():
            return self._spelling.near(word, limit)

    def health(self) -> Health:
        with reading.asking():
            return reading.health()

    def building(self) -> bool:
        return reading.building()

    def rebuild(self, documents: Iterable[Document], upto: Cursor) -> Iterator[int]:
        with _alone() as free:
            if free:
                yield from writing.build(documents, upto)

    def forget_deleted(self) -> Iterator[int]:
        """Drop what is left of rebuilds that were killed, and deleted documents' numbers out of the postings.

        Rows of what was deleted, and words no document has any more, went in the transaction that deleted them. Their
        bytes lie in the files until autovacuum's next round, which comes soon for these tables (migration 0024);
        nobody but PostgreSQL reads those.
        """
        with _alone() as free:
            if free:
                yield from writing.clear()
                yield from forgetting.forget()


@contextmanager
def _alone() -> Iterator[bool]:
    """Hold the lock of rebuilding over transactions; say whether it was free. A killed process lets go of it."""
    given = {"search": writing.SEARCH, "lock": writing.BUILDING}
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        free = bool(connection.scalar(text("select pg_try_advisory_lock(:search, :lock)"), given))
        try:
            yield free
        finally:
            if free:
                connection.execute(text("select pg_advisory_unlock(:search, :lock)"), given)


def _named(facts: bytes, title: str) -> Named:
    told = packing.facts_of(facts)[0]
    return Named(KINDS[int(told["kind"])], int(told["id"]), int(told["topic"]), title)
