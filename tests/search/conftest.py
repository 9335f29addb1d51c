"""Tests of the port run on every engine."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from iocop import create_app
from iocop.core import migrations
from iocop.core.db import db
from iocop.core.settings import Settings
from iocop.search.postgres_engine.engine import PostgresEngine
from iocop.search.whoosh_engine.engine import WhooshEngine
from tests.conftest import empty, part_from
from tests.search.engines import filled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask

    from iocop.search.port import SearchEngine
    from tests.servers import PostgresServer

ENGINES = ("whoosh", pytest.param("postgresql", marks=pytest.mark.postgresql))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what an engine cannot do: PostgreSQL's works in PostgreSQL alone."""
    vain = [item for item in items if _is_in_vain(item)]
    if vain:
        config.hook.pytest_deselected(items=vain)
        items[:] = [item for item in items if not _is_in_vain(item)]


def _is_in_vain(item: pytest.Item) -> bool:
    given = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
    engines = {given.get(name) for name in ("there", "searching", "engine_here")}
    return given.get("database_url") == "sqlite" and "postgresql" in engines


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchEngine]:
    """An engine with an empty index."""
    if request.param == "whoosh":
        yield filled(WhooshEngine(tmp_path / "search"))
        return
    if "postgresql" not in os.environ.get("IOCOP_TEST_DATABASES", "postgresql"):
        pytest.skip("PostgreSQL is not among the databases of this run")
    site: Flask = request.getfixturevalue("postgres_site")
    with site.app_context():
        empty(site)
        yield filled(PostgresEngine())
        db.session.rollback()
        db.session.remove()


@pytest.fixture(scope="session")
def postgres_site(postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application on PostgreSQL, whatever database a test has besides."""
    with postgres.fresh_database() as url:
        settings = Settings(data_dir=tmp_path_factory.mktemp("data"), database_url=url, log_level="ERROR")
        site = create_app(settings, TESTING=True)
        with site.app_context():
            migrations.upgrade()
        yield site
        part_from(site)
