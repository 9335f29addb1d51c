"""What searches read. On the session's own connection, past the ORM: thousands of rows of bytes at a time."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import structlog
from sqlalchemy.exc import SQLAlchemyError

from iocop.core.db import LARGEST_ID, acting, db
from iocop.core.outbox import Cursor
from iocop.search.plan import FIELDS
from iocop.search.port import EngineDown, Health
from iocop.search.postgres_engine import packing
from iocop.search.postgres_engine.choosing import Known
from iocop.search.postgres_engine.lexemes import VERSION
from iocop.search.postgres_engine.scoring import Candidates
from iocop.search.postgres_engine.writing import BUILDING, SEARCH

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from iocop.search.plan import Bounds
    from iocop.search.port import Mask
    from iocop.search.postgres_engine.choosing import Split

_KNOWN: Final = """
select i.generation, i.version, i.documents, i.title_stem, i.stem, i.title_exact, i.exact,
       w.lexeme, w.id, w.documents
  from search_index i left join search_word w on w.generation = i.generation and w.lexeme = any(%(lexemes)s)
 where i.in_use
"""
_STANDS: Final = """
select generation, version, documents, xid, event_id from search_index where in_use
"""
_SIZE: Final = """
select sum(pg_total_relation_size(name::regclass))
  from unnest(array['search_index', 'search_document', 'search_overflow', 'search_word']) name
"""
_LANGUAGES: Final = """
select substr(lexeme, 8) from search_word
 where generation = %(generation)s and lexeme >= 'k:lang=' and lexeme < 'k:lang>' and documents > 0
"""
_BUILDING: Final = """
select 1 from pg_locks where locktype = 'advisory' and classid = %(search)s and objid = %(lock)s and granted
   and database = (select oid from pg_database where datname = current_database())
"""
_WITHIN: Final = """
generation = %(generation)s and space_id = any(%(spaces)s)
   and (%(member)s or label = 'public')
   and (not %(dated)s or at <> 0 and at >= %(after)s and at < %(before)s)
"""
_SUGGESTED: Final = f"""
select facts, title from search_document
 where words @@ %(query)s::tsquery and {_WITHIN}
 order by votes desc, at desc, id desc limit %(limit)s
"""  # noqa: S608 -- of our own parts
_NAMES: Final = "select id, lexeme from search_word where id = any(%(numbers)s)"
_COUNTS: Final = """
select substr(lexeme, 3), documents from search_word where generation = %(generation)s and lexeme = any(%(lexemes)s)
"""
_PUBLIC: Final = """
select id, substr(lexeme, 3) from search_word
 where generation = %(generation)s and id > %(last)s and lexeme >= 'o:' and lexeme < 'o;'
"""

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


def known(lexemes: Collection[str]) -> Known:
    """Say which generation is in use, and what it knows of some lexemes."""
    found = rows(_KNOWN, {"lexemes": sorted(lexemes)})
    if not found or found[0][1] != VERSION:
        raise EngineDown("there is no index")
    generation, _, documents, *lengths = found[0][:7]
    words = [row[7:] for row in found if row[7] is not None]
    return Known(
        generation, documents,
        {field: float(length) / max(documents, 1) for field, length in zip(FIELDS, lengths, strict=True)},
        {name: number for name, number, _ in words},
        {name: count for name, _, count in words if count},
    )  # fmt: skip


def stands() -> tuple[int, int, Cursor]:
    """Return the generation in use, its documents and its cursor."""
    found = rows(_STANDS, {})
    if not found or found[0][1] != VERSION:
        raise EngineDown("there is no index")
    generation, _, documents, xid, event_id = found[0]
    return generation, documents, Cursor(xid, event_id)


def health() -> Health:
    _, documents, cursor = stands()
    return Health(documents, int(rows(_SIZE, {})[0][0]), cursor)


def languages() -> frozenset[str]:
    return frozenset(name for (name,) in rows(_LANGUAGES, {"generation": stands()[0]}))


def building() -> bool:
    return bool(rows(_BUILDING, {"search": SEARCH, "lock": BUILDING}))


class Columns(NamedTuple):
    """What is read of a document besides its facts, keys and stems."""

    exacts: bool
    sequences: bool
    latest: bool
    """And whether those written last come first."""

    @property
    def names(self) -> list[str]:
        return ["id", "facts", "keys", "stems", *["exacts"] * self.exacts, *["sequence"] * self.sequences]


def candidates(
    query: str, mask: Mask, bounds: Bounds, generation: int, limit: int, columns: Columns
) -> Candidates:
    """Read the documents that a `tsquery` finds; where it asks for no word, the latest."""
    statement = f"select {', '.join(columns.names)}, at from search_document where {_WITHIN}"  # noqa: S608 -- of our own parts
    if query:  # all of them, then sorted: walking through the latest would unpack each one's words
        statement = f"select * from ({statement} and words @@ %(query)s::tsquery offset 0) found"  # noqa: S608
    statement += (" order by at desc, id desc" if columns.latest else "") + " limit %(limit)s"
    return _together(rows(statement, _given(mask, bounds, generation, limit, query)), columns.names)


def overflowing(
    split: Split, mask: Mask, bounds: Bounds, generation: int, limit: int, columns: Columns
) -> Candidates:
    """Read the documents of more words than one `tsvector` holds that have any of some."""
    statement = (
        f"select {', '.join(columns.names)} from search_document where {_WITHIN}"  # noqa: S608 -- of our own parts
        " and words @@ %(query)s::tsquery"
        " and id in (select document_id from search_overflow where words @@ %(any)s::tsquery) limit %(limit)s"
    )
    given = _given(mask, bounds, generation, limit, split.bounds) | {"any": split.words}
    return _together(rows(statement, given), columns.names)


def _given(mask: Mask, bounds: Bounds, generation: int, limit: int, query: str) -> dict[str, Any]:
    return {
        "generation": generation, "spaces": sorted(mask.spaces), "member": mask.member, "query": query,
        "limit": limit, "dated": bounds.after is not None or bounds.before is not None,
        "after": -LARGEST_ID if bounds.after is None else bounds.after,
        "before": LARGEST_ID if bounds.before is None else bounds.before,
    }  # fmt: skip


def _together(found: Sequence[tuple[Any, ...]], names: Sequence[str]) -> Candidates:
    columns: dict[str, Any] = dict(zip(names, zip(*found, strict=True), strict=False)) if found else {}
    return Candidates(
        np.array(columns.get("id", ()), np.int64),
        packing.facts_of(columns.get("facts", ())),
        columns.get("keys", ()),
        columns.get("stems", ()),
        columns.get("exacts", ()),
        columns.get("sequence", ()),
    )


def suggested(query: str, mask: Mask, bounds: Bounds, generation: int, limit: int) -> list[tuple[bytes, str]]:
    """Read the titles that a `tsquery` finds, the most helpful first."""
    return [
        (facts, title) for facts, title in rows(_SUGGESTED, _given(mask, bounds, generation, limit, query))
    ]


def names_of(numbers: Sequence[int]) -> dict[int, str]:
    """Return lexemes by their numbers."""
    return _as_dict(rows(_NAMES, {"numbers": list(numbers)}))


def counts(lexemes: Collection[str]) -> dict[str, int]:
    """Return in how many documents some lexemes stand, by their words."""
    return _as_dict(rows(_COUNTS, {"generation": stands()[0], "lexemes": sorted(lexemes)}))


def _as_dict(found: Iterable[tuple[Any, ...]]) -> dict[Any, Any]:
    return dict(found)


def public_since(generation: int, last: int) -> list[tuple[int, str]]:
    """Return the words of what everybody may read whose number is higher than one."""
    return [(number, word) for number, word in rows(_PUBLIC, {"generation": generation, "last": last})]
