"""What searches read. On the session's own connection, past the ORM: thousands of rows of bytes at a time."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from iocop.core.db import LARGEST_ID, acting, db
from iocop.core.outbox import Cursor
from iocop.search.plan import FIELDS
from iocop.search.port import EngineDown, Health
from iocop.search.postgres_engine import packing
from iocop.search.postgres_engine.columns import Columns
from iocop.search.postgres_engine.kept import Known
from iocop.search.postgres_engine.lexemes import VERSION
from iocop.search.postgres_engine.scoring import Stands
from iocop.search.postgres_engine.writing import BUILDING, SEARCH

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from iocop.search.port import Mask

# The generation in use is asked for by itself: joined, PostgreSQL would expect many, and read all words.
_STANDS: Final = """
select i.version, i.generation, i.change, i.forgotten, i.documents, i.title_stem, i.stem, i.title_exact, i.exact,
       w.lexeme, w.id, w.documents, w.sealed, w.recent
  from search_index i left join search_word w
    on w.generation = (select generation from search_index where in_use) and w.lexeme = any(%(lexemes)s)
 where i.in_use
"""
_CURSOR: Final = "select version, documents, xid, event_id from search_index where in_use"
_SIZE: Final = """
select sum(pg_total_relation_size(name::regclass))
  from unnest(array['search_index', 'search_document', 'search_gone', 'search_word', 'search_postings']) name
"""
_LANGUAGES: Final = """
select i.version, substr(w.lexeme, 8)
  from search_index i left join search_word w
    on w.generation = (select generation from search_index where in_use)
   and w.lexeme >= 'k:lang=' and w.lexeme < 'k:lang>' and w.documents > 0
 where i.in_use
"""
_BUILDING: Final = """
select 1 from pg_locks where locktype = 'advisory' and classid = %(search)s and objid = %(lock)s and granted
   and database = (select oid from pg_database where datname = current_database())
"""
_POSTINGS: Final = """
select word_id, string_agg(packed, ''::bytea order by upto) from search_postings
 where word_id = any(%(words)s) group by word_id
"""
_ALL: Final = """
select coalesce(string_agg(facts, ''::bytea), ''), coalesce(string_agg(keys, ''::bytea), '') from search_document
 where generation = %(generation)s and number >= %(first)s and number < %(end)s
"""
_CHANGED: Final = """
select coalesce(string_agg(facts, ''::bytea), ''), coalesce(string_agg(keys, ''::bytea), '') from search_document
 where generation = %(generation)s and change > %(since)s and change <= %(last)s
"""
_LEFT: Final = "select numbered, change from search_index where generation = %(generation)s"
_GONE: Final = "select number from search_gone where generation = %(generation)s and change > %(since)s"
_SEQUENCES: Final = """
select number, sequence from search_document
 where generation = %(generation)s and number = any(%(numbers)s) and position(%(words)s::bytea in sequence) > 0
"""
_SUGGESTED: Final = """
select facts, title from search_document
 where generation = %(generation)s and title_words @@ %(query)s::tsquery
   and space_id = any(%(spaces)s) and (%(member)s or label = 'public')
 order by votes desc, at desc, number desc limit %(limit)s
"""
_NAMES: Final = "select id, substr(lexeme, 3) from search_word where id = any(%(numbers)s)"
_COUNTS: Final = """
select substr(lexeme, 3), documents from search_word
 where generation = (select generation from search_index where in_use) and lexeme = any(%(lexemes)s)
"""
_PUBLIC: Final = """
select id, substr(lexeme, 3) from search_word
 where generation = %(generation)s and id > %(last)s and left(lexeme, 2) = 'o:'
"""

A_STEP: Final = 10_000
"""Documents that are read at once: the memory they come in stays with the process, 16 MB more with five times as many."""

log = structlog.get_logger(__name__)


@contextmanager
def asking() -> Iterator[None]:
    """Ask the database in the body.

    Raises:
        EngineDown: it did not answer, or the tables are not as this code wants them; a reader goes on without.
    """
    try:
        yield
    except (SQLAlchemyError, db.engine.dialect.loaded_dbapi.Error, ValueError) as error:
        if acting():
            raise
        db.session.rollback()
        log.warning("search_index_unreadable", error=type(error).__name__, words=str(error)[:200])
        raise EngineDown(f"{type(error).__name__}: {error}") from error


def rows(statement: str, given: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run one of our statements; bytes come as they are, not as text."""
    connection: Any = db.session.connection().connection.driver_connection
    with connection.cursor(binary=True) as cursor:
        return list(cursor.execute(statement, given).fetchall())


def of_index(statement: str, given: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run a statement about the index in use; its version comes first, and goes."""
    found = rows(statement, given)
    if not found or found[0][0] != VERSION:
        raise EngineDown("there is no index")
    return [row[1:] for row in found]


def stands(lexemes: Collection[str] = ()) -> Stands:
    """Say which generation is in use, and what it knows of some lexemes."""
    found = of_index(_STANDS, {"lexemes": sorted(lexemes)})
    generation, change, forgotten, documents, *lengths = found[0][:8]
    return Stands(
        generation, change, forgotten, documents,
        {field: float(length) / max(documents, 1) for field, length in zip(FIELDS, lengths, strict=True)},
        {row[8]: Known(*row[9:]) for row in found if row[8] is not None},
    )  # fmt: skip


def cursor() -> Cursor:
    return Cursor(*of_index(_CURSOR, {})[0][1:])


def health() -> Health:
    documents, xid, event_id = of_index(_CURSOR, {})[0]
    return Health(documents, int(rows(_SIZE, {})[0][0]), Cursor(xid, event_id))


def languages() -> frozenset[str]:
    return frozenset(name for (name,) in of_index(_LANGUAGES, {}) if name)


def building() -> bool:
    return bool(rows(_BUILDING, {"search": SEARCH, "lock": BUILDING}))


class Further:
    """What one search reads besides how the index stands, where this process has not kept it.

    Attributes:
        asked: whether it had to: then a rebuild may have ended meanwhile, and what was read be gone.
    """

    def __init__(self, stands: Stands) -> None:
        self._stands = stands
        self.asked = False

    def postings(self, words: Sequence[int]) -> dict[int, bytes]:
        """Return what is sealed of the postings of some words."""
        self.asked = True
        return _as_dict(rows(_POSTINGS, {"words": list(words)}))

    def sequences(self, numbers: Sequence[int], words: bytes) -> dict[int, bytes]:
        """Return the exact words in their order of those among some documents that hold some in a row."""
        self.asked = True
        given = {"generation": self._stands.generation, "numbers": list(numbers), "words": words}
        return _as_dict(rows(_SEQUENCES, given))

    def columns(self, columns: Columns) -> Columns:
        """Read what is told of documents, as far as it is not here; all of it if that is not known any more."""
        self.asked = True
        stands = self._stands
        given = {"generation": stands.generation, "since": columns.change, "last": LARGEST_ID}
        change = max((int(change) for _, change in rows(_LEFT, given)), default=0)
        known = columns.generation == stands.generation and stands.forgotten <= columns.change <= change
        if not known:
            return _all(Columns(columns.names, stands.generation))
        if columns.change == change:  # another thread was sooner
            return columns
        gone = [number for (number,) in rows(_GONE, given)]
        return _with(columns, change, rows(_CHANGED, given)[0], gone)


def _all(columns: Columns) -> Columns:
    """Read a generation in steps; what is written meanwhile has a later change, and is read again next time."""
    given: dict[str, Any] = {"generation": columns.generation}
    left = rows(_LEFT, given)
    numbered, change = left[0] if left else (0, 0)
    for first in range(0, numbered, A_STEP):
        some = rows(_ALL, given | {"first": first, "end": first + A_STEP})[0]
        columns = _with(columns, change, some, ())
    return columns if numbered else _with(columns, change, (b"", b""), ())


def _with(columns: Columns, change: int, found: Sequence[bytes], gone: Collection[int]) -> Columns:
    facts, keys = found
    return columns.changed(change, packing.facts_of(facts), packing.numbers_of(keys), gone, names_of)


def suggested(query: str, mask: Mask, generation: int, limit: int) -> list[tuple[bytes, str]]:
    """Read the titles that a `tsquery` finds, the most helpful first."""
    given = {
        "generation": generation, "query": query, "spaces": sorted(mask.spaces), "member": mask.member, "limit": limit,
    }  # fmt: skip
    return [(facts, title) for facts, title in rows(_SUGGESTED, given)]


def names_of(numbers: Sequence[int]) -> dict[int, str]:
    """Return what lexemes say, by their numbers."""
    return _as_dict(rows(_NAMES, {"numbers": list(numbers)}))


def counts(lexemes: Collection[str]) -> dict[str, int]:
    """Return in how many documents some lexemes stand, by their words."""
    return _as_dict(rows(_COUNTS, {"lexemes": sorted(lexemes)}))


def _as_dict(found: Iterable[tuple[Any, ...]]) -> dict[Any, Any]:
    return dict(found)


def public_since(generation: int, last: int) -> list[tuple[int, str]]:
    """Return the words of what everybody may read whose number is higher than one."""
    return [(number, word) for number, word in rows(_PUBLIC, {"generation": generation, "last": last})]
