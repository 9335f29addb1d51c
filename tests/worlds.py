"""Worlds that many tests begin with: made once by the services, and from then on written as the rows that they made."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import timedelta
from functools import cache, wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from sqlalchemy import Integer, Table, inspect, literal_column, select, text, union_all
from sqlalchemy.orm import make_transient_to_detached

from iocop.core import clock
from iocop.core.db import Model, act, acting, db, is_postgresql

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import CompoundSelect, Connection
    from sqlalchemy.orm import Session

P = ParamSpec("P")
R = TypeVar("R")

FRESH = timedelta(minutes=1)
"""A world older than this is made anew: what it wrote as now is no longer true."""
KEPT_ALWAYS = {"listener"}
"""Tables that hold rows when a test begins."""


@dataclass(frozen=True)
class _World:
    made_at: datetime
    rows: dict[Table, list[dict[str, Any]]]
    sequences: list[tuple[str, int]]
    what: Any
    """What the builder returned, with names in the place of models."""

    def fits(self) -> bool:
        return self.made_at <= clock.now() < self.made_at + FRESH


@dataclass(frozen=True)
class _Named:
    """A model by its key."""

    kind: type[Model]
    key: tuple[Any, ...]


_worlds: dict[tuple[Any, ...], _World] = {}


def kept(build: Callable[P, R]) -> Callable[P, R]:
    """Keep what a builder makes of an empty site; where something stands already, or time was turned, it builds."""

    @wraps(build)
    def again(*given: P.args, **named: P.kwargs) -> R:
        if acting() or named or not _is_bare():
            return build(*given, **named)
        place = (build, given, str(db.engine.url))
        world = _worlds.get(place)
        if world is not None and world.fits():
            _write(world)
            return _found(world.what)  # type: ignore[no-any-return]
        made_at = clock.now()
        made = build(*given, **named)
        _worlds[place] = _world_of(made, made_at)
        return made

    return again


def _is_bare() -> bool:
    """Say whether nothing stands but what every test begins with; asking leaves no transaction behind."""
    with db.engine.connect() as connection:
        return connection.execute(_whatever_stands()).first() is None


@cache
def _whatever_stands() -> CompoundSelect[int]:
    one, tables = literal_column("1", Integer), db.metadata.tables
    each = (select(one).select_from(tables[name]).exists() for name in tables.keys() - KEPT_ALWAYS)
    return union_all(*(select(one).where(stands) for stands in each)).limit(1)


def _world_of(made: object, made_at: datetime) -> _World:
    rows = {}
    with db.engine.connect() as connection:
        for table in db.metadata.sorted_tables:
            if table.name in KEPT_ALWAYS:
                continue
            found = connection.execute(select(table).order_by(*table.primary_key)).mappings().all()
            if found:
                rows[table] = [dict(row) for row in found]
        sequences = _sequences(connection) if is_postgresql() else []
    return _World(made_at, rows, sequences, _by_name(made))


def _sequences(connection: Connection) -> list[tuple[str, int]]:
    asked = "select seqrelid::regclass::text, pg_sequence_last_value(seqrelid) from pg_sequence"
    found = connection.execute(text(f"{asked} where pg_sequence_last_value(seqrelid) is not null"))
    return [(name, last) for name, last in found]


def _write(world: _World) -> None:
    with act() as session:
        connection = session.connection()
        for table, rows in world.rows.items():
            connection.execute(table.insert(), rows)
        if world.sequences:
            set_on = ", ".join(f"setval('{name}', {last})" for name, last in world.sequences)
            connection.exec_driver_sql(f"select {set_on}")


def _by_name(made: Any) -> Any:
    if isinstance(made, Model):
        return _Named(type(made), tuple(inspect(made).identity or ()))
    if is_dataclass(made) and not isinstance(made, type):
        return replace(made, **{one.name: _by_name(getattr(made, one.name)) for one in fields(made)})
    return tuple(map(_by_name, made)) if isinstance(made, tuple) else made


def _found(what: Any) -> Any:
    if isinstance(what, _Named):
        return _model(db.session(), what)
    if is_dataclass(what) and not isinstance(what, type):
        return replace(what, **{one.name: _found(getattr(what, one.name)) for one in fields(what)})
    return tuple(map(_found, what)) if isinstance(what, tuple) else what


def _model(session: Session, named: _Named) -> Model:
    """The row as a model that is read when it is first asked something."""
    model = named.kind()
    for column, value in zip(inspect(named.kind).primary_key, named.key, strict=True):
        setattr(model, inspect(named.kind).get_property_by_column(column).key, value)
    make_transient_to_detached(model)
    session.add(model)
    return model
