"""One application a session for each database; every test begins with an empty, migrated one."""

from __future__ import annotations

import gc
import os
import shutil
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from sqlalchemy import event

from iocop import create_app
from iocop.core import migrations
from iocop.core.db import db
from iocop.core.limits import limiter
from iocop.core.settings import Settings
from tests.client import Browser
from tests.servers import PostgresServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

pytest_plugins = ["tests.theory_plugin", "tests.abreast", "pytester"]

DATABASES = ("sqlite", "postgresql")

gc.set_threshold(
    50_000, 20, 50
)  # thousands of tests keep much that is not garbage, and looking through it takes time


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test that touches a database on both, unless its marker names one."""
    if "database_url" in metafunc.fixturenames:
        only = metafunc.definition.get_closest_marker("only")
        names = list(only.args if only else DATABASES)
        if os.environ.get("IOCOP_TEST_DATABASES"):
            wanted = os.environ["IOCOP_TEST_DATABASES"].split(",")
            names = [name for name in names if name in wanted]
        metafunc.parametrize("database_url", names, indirect=True, scope="session")


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with PostgresServer() as server:
        yield server


@pytest.fixture(scope="session")
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('database') / 'iocop.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with server.fresh_database() as url:
        yield url


@pytest.fixture(scope="session")
def shared_app(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The migrated application; ask for `app`, which empties it, instead."""
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("data"),
        database_url=database_url,
        base_url="http://localhost",
        log_level="ERROR",
    )
    app = create_app(settings, TESTING=True)
    with app.app_context():
        event.listen(db.engine, "connect", _without_waiting)
        migrations.upgrade()
    yield app
    part_from(app)


def _without_waiting(connection: Any, _: object) -> None:
    """A test's database need not survive a power cut."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous = OFF")


@pytest.fixture
def app(shared_app: Flask) -> Iterator[Flask]:
    """The application inside its context, on empty tables and empty folders."""
    with shared_app.app_context():
        empty(shared_app)
        yield shared_app
        db.session.rollback()
        db.session.remove()


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A person at the keyboard; every page it fetches is checked."""
    return Browser(app)


def empty(app: Flask) -> None:
    """Empty every table, keeping what the migrations themselves wrote, and drop what was made of the rows."""
    db.session.remove()
    limiter.enabled = False  # an application made without TESTING, as a command does, switches it on
    if db.engine.dialect.name == "postgresql":
        _empty_postgresql(app)
    else:
        _empty_sqlite()
    from iocop.core.outbox import enrol_listeners

    enrol_listeners()
    app.extensions["fragments"]._kept.clear()
    app.extensions["ledger_books"]._books.clear()
    for known in ("site", "search_building", "search_round"):
        app.extensions.pop(known, None)
    shutil.rmtree(app.extensions["settings"].data_dir / "search", ignore_errors=True)


def _empty_sqlite() -> None:
    names = db.metadata.tables
    asked = " union all ".join(f"select '{name}' where exists (select 1 from {name})" for name in names)
    with db.engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        for name in connection.exec_driver_sql(asked).scalars().all():  # quicker than deleting from all
            connection.exec_driver_sql(f"delete from {name}")
        connection.exec_driver_sql("PRAGMA foreign_keys = ON")


def _empty_postgresql(app: Flask) -> None:
    """Delete everything and let the keys begin anew, by a function on a connection that does nothing else.

    Its plans are made once; and turning the foreign keys off where the site works would throw away those of the site.
    """
    if "emptying" not in app.extensions:
        connection = psycopg.connect(
            db.engine.url.set(drivername="postgresql").render_as_string(),
            autocommit=True,
            options="-c session_replication_role=replica",
        )
        connection.execute(_emptying().encode())
        app.extensions["emptying"] = connection
    app.extensions["emptying"].execute("select pg_temp.emptied()")


def _emptying() -> str:
    deleted = "".join(
        f"if exists (select 1 from {name}) then delete from {name}; end if; " for name in db.metadata.tables
    )
    began_anew = "perform setval(seqrelid, 1, false) from pg_sequence where pg_sequence_last_value(seqrelid) is not null;"
    body = f"begin {deleted}{began_anew} end"
    return f"create function pg_temp.emptied() returns void language plpgsql as $${body}$$"


def part_from(app: Flask) -> None:
    """Let go of an application's connections."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    if "emptying" in app.extensions:
        app.extensions.pop("emptying").close()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the project; tests that read it skip where it is absent."""
    folder = Path(os.environ.get("IOCOP_DATA", Path(__file__).parents[2] / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no real data at {folder}")
    return folder
