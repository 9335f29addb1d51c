"""Contributions written in thousands, for imports and the demo: what features share that write their own so."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnDefault, func, insert, select, text

from iocop.contributions.models import Contribution
from iocop.core.db import is_postgresql

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import FromClause
    from sqlalchemy.engine import Dialect
    from sqlalchemy.orm import Session

    from iocop.core.db import Model

ROWS = 2000
"""Rows handed to the driver at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkRevision:
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
        self._defaults = [
            (column.key, column.default)
            for column in table.columns
            if column.key not in keys and isinstance(column.default, ColumnDefault)
        ]
        names = [*keys, *(key for key, _ in self._defaults)]
        statement = insert(table).inline()  # type: ignore[arg-type]  # the table itself
        compiled = statement.compile(dialect=dialect, column_keys=names)
        self.sql = str(compiled)
        self._is_positional = compiled.positional
        self._names = list(compiled.positiontup or names)
        types = [table.columns[name].type.dialect_impl(dialect) for name in self._names]
        ways = [kind.bind_processor(dialect) for kind in types]
        self._ways = [(place, way) for place, way in enumerate(ways) if way]

    def made(self, row: dict[str, Any]) -> Any:
        if self._defaults:
            row = {key: _value(default) for key, default in self._defaults} | row
        values = [row[name] for name in self._names]
        for place, way in self._ways:
            values[place] = way(values[place])
        return tuple(values) if self._is_positional else dict(zip(self._names, values, strict=True))


def _value(default: ColumnDefault) -> Any:
    return default.arg(None) if default.is_callable else default.arg


_insertion = lru_cache(maxsize=64)(_Insertion)


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
