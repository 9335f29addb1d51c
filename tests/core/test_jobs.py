"""Periodic work is run by the worker, at its time, inside the application."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from flask import current_app
from huey import MemoryHuey, RedisHuey, SqliteHuey

from iocop.core import jobs
from iocop.core.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask


def test_a_job_is_run_at_its_minute_and_hour(shared_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_periodic", {})
    ran: list[str] = []

    @jobs.periodic(minute="17", hour="3")
    def nightly() -> None:
        ran.append(current_app.name)

    queue = MemoryHuey(immediate=True)
    jobs.bind(shared_app, queue)

    at_half_past_three = queue.read_periodic(datetime(2026, 5, 1, 3, 30, tzinfo=UTC))
    due = queue.read_periodic(datetime(2026, 5, 1, 3, 17, tzinfo=UTC))
    for task in due:
        queue.execute(task)

    assert at_half_past_three == []
    assert list(jobs.periodic_jobs()) == [f"{__name__}.{nightly.__qualname__}"]
    assert ran == ["iocop"]


def test_every_periodic_job_can_be_run_on_an_empty_site(app: Flask) -> None:
    assert "iocop.core.worker.clean_up" in jobs.periodic_jobs()
    for job in jobs.periodic_jobs().values():
        job.work()


def test_the_queue_lies_in_a_folder_until_redis_is_named(tmp_path: Path) -> None:
    here = jobs.make_queue(Settings(data_dir=tmp_path))
    there = jobs.make_queue(Settings(data_dir=tmp_path, redis_url="redis://127.0.0.1:1"))

    assert isinstance(here, SqliteHuey)
    assert (tmp_path / "jobs" / "jobs.db").exists()
    assert isinstance(there, RedisHuey)
    here.storage.close()


def test_the_queue_is_loaded_without_clients_that_the_site_does_without(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, "redis", raising=False)

    with jobs.without_clients(Settings()):
        embedded = "redis" in sys.modules and sys.modules["redis"] is None
    with jobs.without_clients(Settings(redis_url="redis://localhost")):
        grown = "redis" in sys.modules

    assert embedded
    assert not grown
    assert "redis" not in sys.modules
