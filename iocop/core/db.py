"""The database: typed models, UTC moments, and `act`, in which alone anything is written."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from flask import g, has_request_context
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BindParameter, DateTime, MetaData, TextClause, bindparam, event, inspect, literal
from sqlalchemy.engine import Engine
from sqlalchemy.orm import DeclarativeBase, Session, aliased, mapped_column
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from sqlalchemy import Executable
    from sqlalchemy.engine import Connection, CursorResult, Dialect
    from sqlalchemy.orm import ORMExecuteState

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

PATIENCE_MS = 5000
"""How long a write waits for another before the member reads that the site is busy."""

LARGEST_ID = 2**63 - 1
"""Both databases' integer keys end here; a larger one in an address is simply not found."""


class _Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=_Base, disable_autonaming=True)

if TYPE_CHECKING:
    Model = _Base
else:
    Model = db.Model


Aliased = TypeVar("Aliased", bound=_Base)


def alias_of(model: type[Aliased]) -> type[Aliased]:
    """Return another name for a model, fit to be kept by a module and shared by threads.

    SQLAlchemy fills an alias's index of columns at its first use. Threads that come to that first use together see
    half of the index, and take the model itself for the alias: joins lose their condition while the process lives.
    """
    made = aliased(model)
    table = model.__table__
    inspect(made).selectable.corresponding_column(next(iter(table.c)))
    return made


def _in_utc(value: datetime | None) -> datetime | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError(f"a moment without a time zone: {value}")
    return value.astimezone(UTC)


def _as_text(value: datetime | None) -> str | None:
    """As SQLite's DateTime writes it, at a third of the cost."""
    moment = value if value is None or value.tzinfo is UTC else _in_utc(value)
    return None if moment is None else moment.isoformat(" ", "microseconds").removesuffix("+00:00")


def _from_text(value: str | None) -> datetime | None:
    """As `_as_text` wrote it, in one step instead of SQLAlchemy's three."""
    return None if value is None else datetime.fromisoformat(f"{value}+00:00")


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware in Python, stored in UTC on either database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any]:
        return _as_text if dialect.name == "sqlite" else _in_utc

    def result_processor(
        self,
        dialect: Dialect,
        coltype: object,  # noqa: ARG002
    ) -> Callable[[Any], datetime | None]:
        return _from_text if dialect.name == "sqlite" else _in_utc


Moment = Annotated[datetime, mapped_column(UtcDateTime)]


class _Act:
    """What hangs on one act while it is under way."""

    def __init__(self) -> None:
        self.kept: dict[str, Any] = {}
        self.last: list[Callable[[], None]] = []
        self.then: list[Callable[[], None]] = []


@contextmanager
def act() -> Iterator[Session]:
    """Make what is written in the body one act: the outermost begins and commits, an inner one joins it.

    What was read before is expired, so that policies inside read rows as they stand now. On SQLite the act takes the
    write lock at once (upgrading a read transaction fails without waiting); on PostgreSQL the services lock the rows
    that decide.
    """
    session = db.session()
    if session.info.get("acting"):
        yield session
        return
    if session.new or session.deleted:
        raise RuntimeError("written outside act()")  # it would be lost below
    session.rollback()
    under_way = session.info["acting"] = _Act()
    try:
        connection = session.connection()
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield session
        for do in under_way.last:
            do()
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("acting", None)
    for do in under_way.then:
        do()


def kept_in_act() -> dict[str, Any]:
    """Return what services keep for one another until the act under way ends."""
    under_way: _Act = db.session().info["acting"]
    return under_way.kept


def as_the_last(do: Callable[[], None]) -> None:
    """Have something written last in the act under way: rows that every act writes are locked for no longer."""
    under_way: _Act = db.session().info["acting"]
    under_way.last.append(do)


def when_committed(do: Callable[[], None]) -> None:
    """Have something done in this process once the act under way is committed; where it is not, never."""
    under_way: _Act = db.session().info["acting"]
    under_way.then.append(do)


def read(statement: Executable, given: Mapping[str, Any] | None = None) -> CursorResult[Any]:
    """Run a prebuilt statement of columns past the ORM, whose part would be a third; an act reads what it wrote."""
    return _reading().execute(statement, given)


def _reading() -> Connection:
    """Return the session's connection while it is in use, else the request's own: most pages need no session."""
    if db.session.registry.has():
        session = db.session()
        if session.info.get("acting"):
            session.flush()  # as the ORM would
        if session.in_transaction():
            return session.connection()
    if not has_request_context():
        return db.session.connection()
    reading: Connection | None = g.get("reading")
    if reading is None:
        reading = g.reading = db.engine.connect()
        if reading.dialect.name == "postgresql":
            reading.execution_options(isolation_level="AUTOCOMMIT")  # it holds no lock after what it read
    return reading


def end_reading(_: BaseException | None = None) -> None:
    """Give back what a request read on."""
    reading: Connection | None = g.pop("reading", None)
    if reading is not None:
        reading.close()


def fixed(values: Iterable[str]) -> list[BindParameter[str]]:
    """Return what `in_` takes for values that never change: given as they are, SQL would be written anew each time."""
    return [literal(value) for value in values]


def places(count: int) -> list[BindParameter[Any]]:
    """Return what `in_` takes for so many values that differ by time, to be given with `placed`."""
    return [bindparam(str(place)) for place in range(count)]


def placed(values: Iterable[Any]) -> dict[str, Any]:
    """Return the parameters of `places`."""
    return {str(place): value for place, value in enumerate(values)}


def acting() -> bool:
    """Say whether an act is under way in this context."""
    return bool(db.session().info.get("acting"))


def is_postgresql() -> bool:
    return db.engine.dialect.name == "postgresql"


@event.listens_for(Session, "before_flush")
def _written_inside_an_act(session: Session, *_: object) -> None:
    if not session.info.get("acting"):
        raise RuntimeError("written outside act()")


@event.listens_for(Session, "do_orm_execute")
def _executed_inside_an_act(state: ORMExecuteState) -> None:
    reading = state.is_select or not (state.is_insert or state.is_update or state.is_delete or _writes(state))
    if not reading and not state.session.info.get("acting"):
        raise RuntimeError("written outside act()")


def _writes(state: ORMExecuteState) -> bool:
    """Say whether a statement given as text is none of those that only read."""
    statement = state.statement
    return isinstance(statement, TextClause) and not statement.text.lstrip().lower().startswith(
        ("select", "with")
    )


class Unprepared(sqlite3.Connection):
    """A connection to another file than the site's database, which whoever opens it settles."""


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _: object) -> None:
    if not isinstance(connection, sqlite3.Connection) or isinstance(connection, Unprepared):
        return
    connection.isolation_level = None  # the driver begins nothing by itself: `act` does
    for pragma in (
        "journal_mode = WAL",
        "foreign_keys = ON",
        f"busy_timeout = {PATIENCE_MS}",
        "synchronous = FULL",  # an acknowledged post survives a power cut
        "temp_store = MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def engine_options(url: str) -> dict[str, Any]:
    """Return the engine's options for a database address."""
    if url.startswith("sqlite"):
        return {
            "connect_args": {"timeout": PATIENCE_MS / 1000, "check_same_thread": False},
            "pool_use_lifo": True,  # each connection keeps pages in memory, so the fewest are used
        }
    waiting = {"options": f"-c lock_timeout={PATIENCE_MS}"}
    return {"connect_args": waiting, "pool_pre_ping": True, "pool_size": 8, "max_overflow": 4}
