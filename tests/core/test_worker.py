"""A real worker process: quick, stopped by a word, and killed without a loss."""

from __future__ import annotations

import signal
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event as listen
from sqlalchemy.exc import OperationalError

from iocop import create_app
from iocop.core import mail, migrations, worker
from iocop.core.db import act, db
from iocop.core.events import emit
from iocop.core.settings import Settings
from tests.apart import Apart
from tests.core import postman
from tests.core.bells import BellRang

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask import Flask

START = 30.0
"""Seconds a process gets to come up on a busy machine."""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Flask]:
    """A migrated site of its own on SQLite, whose worker runs as a process."""
    app = create_app(Settings(data_dir=tmp_path, log_level="CRITICAL"), TESTING=True)
    with app.app_context():
        migrations.upgrade()
        yield app
        db.session.remove()
        db.engine.dispose()


@contextmanager
def working(folder: Path) -> Iterator[Apart]:
    variables = {"IOCOP_DATA_DIR": str(folder), "IOCOP_LOG_LEVEL": "ERROR", "DATABASE_URL": ""}
    with Apart(postman.main, environment=variables) as process:
        yield process


def wait_for(what: Callable[[], bool], patience: float) -> float:
    """Return how many seconds it took until something was so."""
    begun = time.monotonic()
    while not what():
        assert time.monotonic() - begun < patience, f"not within {patience} s"
        time.sleep(0.01)
    return time.monotonic() - begun


def letters(folder: Path) -> int:
    return len(list((folder / "mail").glob("*.eml"))) if (folder / "mail").exists() else 0


def ring(bell: int) -> None:
    with act():
        emit(BellRang(None, bell_id=bell))


def enrolled(site: Flask, folder: Path) -> None:
    """Wait until the worker has come up: it then has sent what one ring asked for."""
    postman.enrol()
    ring(0)
    wait_for(lambda: letters(folder) == 1, START)


def test_mail_goes_out_within_a_second_of_what_it_tells_of(site: Flask, tmp_path: Path) -> None:
    with working(tmp_path) as process:
        enrolled(site, tmp_path)
        took = []
        for bell in range(1, 4):
            ring(bell)
            took.append(wait_for(lambda bell=bell: letters(tmp_path) == bell + 1, START))  # type: ignore[misc]
        process.stop()
        begun = time.monotonic()
        code = process.wait(START)
        stopping = time.monotonic() - begun

    assert min(took) < 1
    assert code == 0
    assert stopping < 3


def test_a_worker_that_is_killed_loses_nothing(site: Flask, tmp_path: Path) -> None:
    with working(tmp_path) as process:
        enrolled(site, tmp_path)
        for bell in range(1, 11):
            ring(bell)
        process.kill()
        process.wait()
    for bell in range(11, 16):
        ring(bell)
    with working(tmp_path):
        wait_for(lambda: letters(tmp_path) == 16, START)
        time.sleep(0.6)

    assert letters(tmp_path) == 16  # each once: the mail's row is unique


def test_a_second_worker_waits_and_stops_when_told(site: Flask, tmp_path: Path) -> None:
    with working(tmp_path) as first:
        enrolled(site, tmp_path)
        with working(tmp_path) as second:
            time.sleep(1)
            assert second.poll() is None
            first.kill()
            first.wait()
            ring(1)
            wait_for(lambda: letters(tmp_path) == 2, START)
            with working(tmp_path) as third:
                time.sleep(4)  # it has come up and waits
                third.stop()
                assert third.wait(START) in {0, -signal.SIGTERM}
            assert second.poll() is None


def test_an_idle_beat_writes_nothing(site: Flask) -> None:
    own = worker.Worker(site)
    own.beat()
    sent: list[str] = []
    listen.listen(db.engine, "before_cursor_execute", lambda *given: sent.append(given[2]))

    assert own.beat() == 0

    assert [statement for statement in sent if not statement.lstrip().upper().startswith("SELECT")] == []


def test_one_part_that_fails_does_not_keep_the_others_from_their_work(
    site: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> int:
        raise RuntimeError("no")

    def busy() -> int:
        raise OperationalError("select 1", {}, Exception("locked"))

    monkeypatch.setattr(worker, "_between", [fails, busy, mail.send_due, lambda: 2])

    assert worker.Worker(site).beat() == 2


def test_what_is_done_beside_waits_for_nothing_else_and_is_called_again_after_it_failed(site: Flask) -> None:
    own, called = worker.Worker(site), threading.Semaphore(0)

    def works() -> int:
        called.release()
        return len(db.session.connection().exec_driver_sql("select 1 / 0 union select no_such").all())

    thread = threading.Thread(target=own._go_on_with, args=(works,))
    thread.start()
    try:
        assert called.acquire(timeout=START)
        assert called.acquire(timeout=START)
    finally:
        own.stopping.set()
        thread.join()
