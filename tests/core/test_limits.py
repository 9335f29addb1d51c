"""Rates on named routes: so much a minute, told with when to come back, and counted apart for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from flask import Flask

from iocop import create_app
from iocop.core import migrations
from iocop.core.db import db
from iocop.core.limits import limiter
from iocop.core.login import public

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iocop.core.settings import Settings


@pytest.fixture
def site(quiet: Settings) -> Iterator[Flask]:
    app = create_app(quiet, TESTING=True)
    limiter.enabled = True

    @app.get("/ground/limited")
    @public
    @limiter.limit("2 per minute")
    def limited() -> str:
        return "done"

    @app.get("/ground/free")
    @public
    def free() -> str:
        return "done"

    with app.app_context():
        migrations.upgrade()
        yield app
        db.engine.dispose()
    limiter.reset()
    limiter.enabled = False


def statuses(app: Flask, path: str, address: str = "203.0.113.1") -> list[int]:
    client = app.test_client()
    return [client.get(path, environ_base={"REMOTE_ADDR": address}).status_code for _ in range(4)]


def test_a_named_route_has_its_rate_and_others_have_none(site: Flask) -> None:
    assert statuses(site, "/ground/limited") == [200, 200, 429, 429]
    assert statuses(site, "/ground/limited", "203.0.113.2") == [200, 200, 429, 429]
    assert statuses(site, "/ground/free") == [200] * 4


def test_who_was_too_quick_reads_when_to_come_back(site: Flask) -> None:
    statuses(site, "/ground/limited")

    answer = site.test_client().get("/ground/limited", environ_base={"REMOTE_ADDR": "203.0.113.1"})

    assert "wait a little" in answer.text
    assert 0 < int(answer.headers["Retry-After"]) <= 61
