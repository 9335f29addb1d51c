"""One application a session for each database; every test begins with an empty, migrated one."""

from __future__ import annotations

import gc
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iocop import create_app
from iocop.core import migrations
from iocop.core.db import db
from iocop.core.settings import Settings
from tests.client import Browser
from tests.servers import PostgresServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from sqlalchemy import Connection

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
        migrations.upgrade()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


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
    tables = [table.name for table in reversed(db.metadata.sorted_tables)]
    with db.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            _empty_postgresql(connection, tables)
        else:
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            for name in tables:
                connection.exec_driver_sql(f"delete from {name}")
            connection.exec_driver_sql("PRAGMA foreign_keys = ON")
    from iocop.core.outbox import enrol_listeners

    enrol_listeners()
    app.extensions["fragments"]._kept.clear()
    for known in ("site", "search_building", "search_round"):
        app.extensions.pop(known, None)
    shutil.rmtree(app.extensions["settings"].data_dir / "search", ignore_errors=True)


def _empty_postgresql(connection: Connection, tables: list[str]) -> None:
    """Delete everything and let the keys begin anew, in one message: a tenth of what truncating takes."""
    emptied = "".join(f"delete from {name};" for name in tables)
    began_anew = "select setval(oid, 1, false) from pg_class where relkind = 'S'"
    connection.exec_driver_sql(f"set local session_replication_role = replica;{emptied}{began_anew}")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the project; tests that read it skip where it is absent."""
    folder = Path(os.environ.get("IOCOP_DATA", Path(__file__).parents[2] / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no real data at {folder}")
    return folder
