"""`iocop serve`: gunicorn and one worker process under one roof, on one machine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import structlog

from iocop.core.settings import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

WEB = [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "deploy" / "gunicorn.conf.py"), "app:app"]
WORKER = [sys.executable, "-m", "iocop.core.cli", "worker"]
ARENAS = {"MALLOC_ARENA_MAX": "2"}
"""Heaps of the C library: by its own choice each thread of a process gets one, and keeps what it once needed."""
PATIENCE = 15.0
"""Seconds a process has to stop by itself."""

log = structlog.get_logger(__name__)

_at_start: list[Callable[[], None]] = []


def at_start(say: Callable[[], None]) -> Callable[[], None]:
    """Call the decorated function, in an application context, before the site serves."""
    if say not in _at_start:
        _at_start.append(say)
    return say


def serve(app: Flask) -> int:
    """Serve until told to stop; a worker that dies is started again, a web server that dies ends it."""
    with app.app_context():
        for say in _at_start:
            say()
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    environment = ARENAS | os.environ
    web = subprocess.Popen(WEB, cwd=ROOT, env=environment)  # noqa: S603 -- our own command
    worker = subprocess.Popen(WORKER, cwd=ROOT, env=environment)  # noqa: S603
    started = time.monotonic()
    while not stopping.wait(0.5) and web.poll() is None:
        if worker.poll() is not None and time.monotonic() - started > 1:
            log.warning("worker_restarted", code=worker.returncode)
            started = time.monotonic()
            worker = subprocess.Popen(WORKER, cwd=ROOT, env=environment)  # noqa: S603
    for process in (web, worker):
        _end(process)
    return web.returncode or 0


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
