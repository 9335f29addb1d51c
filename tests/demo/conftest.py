"""One site filled with the demo, for all tests that only look at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iocop import create_app
from iocop.core import migrations
from iocop.core.db import db
from iocop.core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask


@pytest.fixture(scope="session")
def filled_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    settings = Settings(data_dir=tmp_path_factory.mktemp("demo"), demo=True, log_level="ERROR")
    app = create_app(settings, TESTING=True)
    with app.app_context():
        result = app.test_cli_runner().invoke(args=["demo"])
    assert result.exit_code == 0, result.output
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def filled(filled_app: Flask) -> Iterator[Flask]:
    """The filled site inside its context."""
    with filled_app.app_context():
        assert migrations.stands_at() == migrations.head()
        yield filled_app
        db.session.rollback()
        db.session.remove()
