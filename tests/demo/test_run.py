"""`iocop run`: one command to a served site, with or without the demo."""

from __future__ import annotations

import gc
import os
import runpy
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from sqlalchemy import select

from iocop import create_app
from iocop.core import serve
from iocop.core.db import db
from iocop.core.settings import Settings
from iocop.members.models import Member

if TYPE_CHECKING:
    import pytest
    from flask import Flask

PATIENCE = 120
"""Seconds; a quiet machine needs five."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fetched(address: str) -> str:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with urlopen(address, timeout=5) as answer:
                return str(answer.read().decode())
        except HTTPError:
            raise  # it answers, and wrongly
        except (URLError, ConnectionError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def worker_after(killed: int, supervisor: int) -> int:
    """Return the number of the worker that took the place of one that was killed."""
    deadline = time.monotonic() + PATIENCE
    while str(killed) in children(supervisor) or len(children(supervisor)) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return int(children(supervisor)[-1])


def alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def test_run_serves_the_filled_demo_and_says_how_to_look_around(filled_app: Flask, tmp_path: Path) -> None:
    address = f"127.0.0.1:{free_port()}"
    environment = os.environ | {
        "IOCOP_DEMO": "1", "IOCOP_DATA_DIR": str(filled_app.extensions["settings"].data_dir), "IOCOP_BIND": address,
        "IOCOP_BASE_URL": f"http://{address}", "IOCOP_WORKERS": "1", "DATABASE_URL": "",
    }  # fmt: skip
    command = [sys.executable, "-m", "iocop.core.cli", "run"]
    with (tmp_path / "said").open("w") as said:
        site = subprocess.Popen(command, env=environment, stdout=said, stderr=subprocess.STDOUT)
        try:
            page = fetched(f"http://{address}/demo")
            web, worker = map(int, children(site.pid))
            heaps = Path(f"/proc/{worker}/environ").read_bytes()
            os.kill(worker, signal.SIGKILL)
            another = worker_after(worker, site.pid)
        finally:
            site.send_signal(signal.SIGTERM)
            code = site.wait(PATIENCE)
    words = (tmp_path / "said").read_text()

    assert "Be Niamh Carrick" in page
    assert b"MALLOC_ARENA_MAX=2" in heaps
    assert another not in {web, worker}
    assert (code, alive(web), alive(another)) == (0, False, False)
    assert f"http://{address}/demo" in words
    assert all(name in words for name in ("Niamh Carrick", "Ruth Callander", "Katrin Ullmann", "/dev/mail"))
    assert "first administrator" in words
    assert "code=-9" in next(line for line in words.splitlines() if "worker_restarted" in line)
    assert "Writing the demo community" not in words  # it stands already


def test_run_without_the_demo_leaves_an_empty_site_and_names_the_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "serve", lambda _app: 0)  # the processes are the other test's matter
    app = create_app(Settings(data_dir=tmp_path, log_level="ERROR"), TESTING=True)

    with app.app_context():
        result = app.test_cli_runner().invoke(args=["run"])

        assert result.exit_code == 0, result.output
        assert "you are the first administrator" in result.output
        assert "/demo" not in result.output
        assert db.session.scalars(select(Member)).all() == []
        db.session.remove()
        db.engine.dispose()


def test_gunicorn_by_itself_names_the_link_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(gc, "freeze", lambda: None)
    app = create_app(Settings(data_dir=tmp_path, log_level="ERROR"), TESTING=True)
    with app.app_context():
        assert app.test_cli_runner().invoke(args=["migrate"]).exit_code == 0
    ready = runpy.run_path("deploy/gunicorn.conf.py")["when_ready"]

    ready(SimpleNamespace(app=SimpleNamespace(wsgi=lambda: app)))

    assert "/first-administrator/" in capsys.readouterr().out


def test_run_fills_an_empty_demo_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "serve", lambda _app: 0)
    app = create_app(Settings(data_dir=tmp_path, log_level="ERROR", demo=True), TESTING=True)

    with app.app_context():
        first, second = (app.test_cli_runner().invoke(args=["run"]) for _ in range(2))

        assert (first.exit_code, second.exit_code) == (0, 0), first.output
        assert "The database is brought up to date." in first.output
        assert "brought up to date" not in second.output
        assert len(db.session.scalars(select(Member)).all()) == 150
        db.session.remove()
        db.engine.dispose()
