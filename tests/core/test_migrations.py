"""The schema goes up and down, is what the models say, and a migration that is killed is completed by the next."""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import event, inspect

from iocop import create_app
from iocop.core import migrations
from iocop.core.db import db
from iocop.core.settings import Settings
from tests.apart import Apart

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from tests.servers import PostgresServer

ROOT = Path(__file__).parents[2]


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[str]:
    """The address of a database without a table."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with server.fresh_database() as url:
        yield url


@contextmanager
def site_on(url: str, folder: Path) -> Iterator[Flask]:
    app = create_app(Settings(data_dir=folder, database_url=url, log_level="CRITICAL"), TESTING=True)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def tables() -> set[str]:
    return set(inspect(db.engine).get_table_names())


def test_up_is_what_the_models_say_and_down_leaves_nothing(empty_url: str, tmp_path: Path) -> None:
    with site_on(empty_url, tmp_path):
        migrations.upgrade()
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            differences = compare_metadata(context, db.metadata)
        at_the_top = migrations.stands_at()
        migrations.downgrade("base")
        left = tables()
        migrations.upgrade()

        assert differences == []
        assert at_the_top == migrations.head() == migrations.stands_at()
        assert left == {"alembic_version"}


def test_up_twice_changes_nothing(empty_url: str, tmp_path: Path) -> None:
    with site_on(empty_url, tmp_path):
        migrations.upgrade()
        before = tables()
        migrations.upgrade()

        assert tables() == before


def upgrade_and_die(url: str, folder: Path) -> None:
    """Be a process that is killed right after it made a table."""
    with site_on(url, folder):

        @event.listens_for(db.engine, "after_cursor_execute")
        def die(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            if "CREATE TABLE organization" in statement:
                os.kill(os.getpid(), signal.SIGKILL)

        migrations.upgrade()


def test_a_migration_killed_half_way_is_completed_by_the_next(empty_url: str, tmp_path: Path) -> None:
    with Apart(upgrade_and_die, empty_url, tmp_path) as process:
        assert process.wait() == -signal.SIGKILL

    with site_on(empty_url, tmp_path):
        assert tables() <= {"alembic_version"}  # nothing half-done
        migrations.upgrade()
        assert migrations.stands_at() == migrations.head()
        assert {"audit", "organization"} <= tables()


def test_migrations_are_numbered_in_one_line_and_import_no_model() -> None:
    files = sorted((ROOT / "migrations" / "versions").glob("*.py"))

    assert [path.name[:4] for path in files] == [f"{number:04}" for number in range(1, len(files) + 1)]
    assert [path.name for path in files if "iocop" in path.read_text()] == []
