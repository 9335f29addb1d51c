"""Contributions written in thousands, for imports and the demo: what features share that write their own so."""

from __future__ import annotations

from contextlib import contextmanager
from functools import lru_cache
from itertools import chain, islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import ColumnDefault, func, insert, select, text

from iocop.contributions.models import Contribution
from iocop.core.db import db, is_postgresql

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from sqlalchemy import FromClause
    from sqlalchemy.engine import Dialect
    from sqlalchemy.orm import Session

    from iocop.core.db import Model

ROWS = 2000
"""Rows handed to the driver at once."""
ROOM: Final = {"cache_size": -16_000, "wal_autocheckpoint": 4_000}
"""Kibibytes (below nothing), and pages."""


class BulkRevision(NamedTuple):
    """One saved state; the last of a post is the one that stands."""

    editor_id: int
    at: datetime
    text: str
    title: str = ""
    reason: str = ""
    organization_id: int | None = None


def new_ids(session: Session, count: int) -> Iterable[int]:
    """Return ids nobody else is given: the act holds SQLite's write lock; PostgreSQL's sequence never repeats."""
    if is_postgresql():
        numbers = text(
            "select nextval(pg_get_serial_sequence('contribution', 'id')) from generate_series(1, :count)"
        )
        return sorted(session.scalars(numbers, {"count": count}))
    last = session.scalar(select(func.max(Contribution.id))) or 0
    return range(last + 1, last + 1 + count)


class _Insertion:
    """A statement that writes one row of a table, and what makes its parameters of the row's values.

    Args:
        keys: of the values that are given; other columns take their defaults.
    """

    def __init__(self, table: FromClause, keys: tuple[str, ...], dialect: Dialect) -> None:
        defaults = {
            column.key: column.default
            for column in table.columns
            if column.key not in keys and isinstance(column.default, ColumnDefault)
        }
        self._fixed = {key: default.arg for key, default in defaults.items() if not default.is_callable}
        self._called = [(key, default.arg) for key, default in defaults.items() if default.is_callable]
        names = [*keys, *defaults]
        statement = insert(table).inline()  # type: ignore[arg-type]  # the table itself
        compiled = statement.compile(dialect=dialect, column_keys=names)
        self.sql = str(compiled)
        self._taken = itemgetter(*(compiled.positiontup or names)) if compiled.positional else None
        ways = ((name, table.columns[name].type.dialect_impl(dialect)) for name in names)
        self._ways = [(name, way) for name, kind in ways if (way := kind.bind_processor(dialect))]

    def made(self, row: dict[str, Any]) -> Any:
        whole = self._fixed | row
        for name, make in self._called:
            whole[name] = make(None)
        for name, way in self._ways:
            whole[name] = way(whole[name])
        return whole if self._taken is None else self._taken(whole)


_insertion = lru_cache(maxsize=64)(_Insertion)


@contextmanager
def roomy() -> Iterator[None]:
    """Give large acts room, on SQLite: indexes stay in memory, and more is written before the log is copied.

    What is committed is as safe as ever.
    """
    connection = db.session.connection()
    is_sqlite = connection.dialect.name == "sqlite"
    usual = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ROOM if is_sqlite}
    for name in usual:
        connection.exec_driver_sql(f"PRAGMA {name} = {ROOM[name]}")
    try:
        yield
    finally:
        for name, value in usual.items():
            db.session.connection().exec_driver_sql(f"PRAGMA {name} = {value}")


def write_rows(session: Session, model: type[Model], rows: Iterable[dict[str, Any]]) -> None:
    """Write rows, all with the same keys, past the unit of work and the building of statements, in the current act."""
    if not session.info.get("acting"):
        raise RuntimeError("written outside act()")
    remaining = iter(rows)
    first = next(remaining, None)
    if first is None:
        return
    connection = session.connection()
    insertion = _insertion(model.__table__, tuple(first), connection.dialect)
    made = map(insertion.made, chain([first], remaining))
    while batch := list(islice(made, ROWS)):
        connection.exec_driver_sql(insertion.sql, batch)
