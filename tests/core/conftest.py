"""What tests of the ground share: an application with a few pages of its own, events that ring, counted statements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event as listen

from iocop import create_app
from iocop.core import events
from iocop.core.db import db
from iocop.core.settings import Settings
from tests.conftest import empty, part_from
from tests.core.pages import add_pages

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask


@pytest.fixture(scope="session")
def shared_pages(
    shared_app: Flask, database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """A second application on the same migrated database, with pages that only these tests have."""
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("pages"),
        database_url=database_url,
        base_url="http://localhost",
        log_level="CRITICAL",
    )
    app = create_app(settings, TESTING=True)
    add_pages(app)
    yield app
    part_from(app)


@pytest.fixture
def pages(shared_pages: Flask) -> Iterator[Flask]:
    """The application with pages of its own, inside its context, on empty tables."""
    with shared_pages.app_context():
        empty(shared_pages)
        yield shared_pages
        db.session.rollback()
        db.session.remove()


@pytest.fixture
def quiet(tmp_path: Path) -> Settings:
    """The settings of a site of one's own."""
    return Settings(data_dir=tmp_path / "data", base_url="http://localhost", log_level="CRITICAL")


@pytest.fixture
def own_listeners() -> Iterator[None]:
    """Only the listeners that the test registers are told anything."""
    kept_after, kept_within = dict(events._after), dict(events._within)
    events._after.clear()
    events._within.clear()
    yield
    events._after.clear()
    events._within.clear()
    events._after.update(kept_after)
    events._within.update(kept_within)


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """The statements sent since the test began; clear it where counting begins."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    engine = db.engine
    listen.listen(engine, "before_cursor_execute", note)
    yield sent
    listen.remove(engine, "before_cursor_execute", note)
