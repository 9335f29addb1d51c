"""Engines with an empty index of their own, gone when the work is done: the site's index is not touched."""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import TYPE_CHECKING

from flask import Flask, current_app
from flask_babel import gettext as _
from sqlalchemy import create_engine, text
from sqlalchemy.schema import CreateSchema, DropSchema

from iocop.core import migrations
from iocop.core.db import db, engine_options

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iocop.search.port import SearchEngine


class NoDatabaseError(Exception):
    """The PostgreSQL engine was asked for where the database is another; the message says what to set."""


@dataclass(frozen=True)
class Lent:
    """An engine, and whose CPU counts besides this process's.

    Attributes:
        servers: ids of the database's processes on this machine; empty where none counts.
        whole: all that works for the engine is counted.
    """

    engine: SearchEngine
    servers: Sequence[int] = ()
    whole: bool = True

    def cpu(self) -> float:
        """Return the seconds of CPU spent so far."""
        return process_time() + sum(map(_seconds, self.servers))


@contextmanager
def lent(name: str, database: str) -> Iterator[Lent]:
    """Lend an engine by its setting's value.

    Args:
        database: the site's database, in a passing schema of which the tables of a PostgreSQL engine stand.

    Raises:
        NoDatabaseError: that is not PostgreSQL.
    """
    with _whoosh() if name == "whoosh" else _postgresql(database) as found:
        yield found


@contextmanager
def _whoosh() -> Iterator[Lent]:
    from iocop.search.whoosh_engine.engine import WhooshEngine

    with TemporaryDirectory(prefix="iocop-bench-") as folder:
        yield Lent(WhooshEngine(Path(folder)))


@contextmanager
def _postgresql(database: str) -> Iterator[Lent]:
    if not database.startswith("postgresql"):
        raise NoDatabaseError(
            _(
                "The PostgreSQL engine works in a PostgreSQL database: set DATABASE_URL to one, or measure whoosh."
            )
        )
    from iocop.search.postgres_engine.engine import PostgresEngine

    with ExitStack() as stack:
        schema = stack.enter_context(_schema(database))
        stack.enter_context(_site(database, schema).app_context())
        stack.callback(db.engine.dispose)
        stack.callback(db.session.remove)
        migrations.upgrade()
        servers = _servers(schema)
        yield Lent(PostgresEngine(), servers, whole=bool(servers))


@contextmanager
def _schema(database: str) -> Iterator[str]:
    """Make a schema, and drop it with all that was put there."""
    name = f"iocop_bench_{os.getpid()}"
    engine = create_engine(database, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(CreateSchema(name))
        try:
            yield name
        finally:
            with engine.connect() as connection:
                connection.execute(DropSchema(name, cascade=True))
    finally:
        engine.dispose()


def _site(database: str, schema: str) -> Flask:
    """Return an application like this one, but of the database it sees only the schema."""
    options = engine_options(database)
    options["connect_args"]["options"] += f" -c search_path={schema} -c application_name={schema}"
    site = Flask(__name__)
    site.config |= {"SQLALCHEMY_DATABASE_URI": database, "SQLALCHEMY_ENGINE_OPTIONS": options}
    site.extensions |= {name: one for name, one in current_app.extensions.items() if name != "sqlalchemy"}
    db.init_app(site)
    return site


def _servers(name: str) -> list[int]:
    """Return the processes that answer this one, where they run on this machine and their CPU can be read."""
    with db.engine.connect() as connection:
        here = connection.scalar(
            text("select coalesce(host(inet_server_addr()), '127.0.0.1') in ('127.0.0.1', '::1')")
        )
        asked = text("select pid from pg_stat_activity where application_name = :name")
        pids = [int(pid) for (pid,) in connection.execute(asked, {"name": name})]
    return pids if here and all(_path(pid).exists() for pid in pids) else []


def _path(pid: int) -> Path:
    return Path(f"/proc/{pid}/schedstat")


def _seconds(pid: int) -> float:
    """Return what a process has spent; 0 for one that is gone."""
    try:
        return int(_path(pid).read_text().split()[0]) / 1e9
    except OSError:
        return 0.0
