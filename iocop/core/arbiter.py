"""gunicorn's first process, which minds the worker of `iocop serve` beside the web workers."""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import TYPE_CHECKING

import structlog
from gunicorn.app.wsgiapp import WSGIApplication  # type: ignore[import-untyped]  # nor has it stubs
from gunicorn.arbiter import Arbiter  # type: ignore[import-untyped]

from iocop.core.settings import ROOT
from iocop.core.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

CONFIG = ROOT / "deploy" / "gunicorn.conf.py"
PATIENCE = 15.0
"""Seconds a process has to stop by itself."""

log = structlog.get_logger(__name__)


class Site(WSGIApplication):  # type: ignore[misc]  # as it is untyped
    """What `gunicorn app:app` would serve with the same settings, of an application that is loaded, and its worker."""

    def __init__(self, app: Flask) -> None:
        self._loaded = app
        sys.argv = ["gunicorn", "--config", str(CONFIG)]
        super().__init__("%(prog)s")

    def load(self) -> Flask:
        return self._loaded

    def run(self) -> None:
        Minder(self).run()


class Minder(Arbiter):  # type: ignore[misc]
    """Starts a worker that died again, as gunicorn does with its own, and ends it when the site stops."""

    minded: Fork | None = None
    started = 0.0

    def manage_workers(self) -> None:
        """See that all that should run does; called after every signal, and every second."""
        super().manage_workers()
        if (self.minded is None or self.minded.poll() is not None) and time.monotonic() - self.started > 1:
            if self.minded is not None:
                log.warning("worker_restarted", code=self.minded.poll())
            self.started = time.monotonic()
            self.minded = Fork(self._work)

    def _work(self) -> None:
        for listener in self.LISTENERS:
            listener.close()  # or who asks for a page while the site stops would wait for us
        Minded(self.app.wsgi()).run()

    def reap_workers(self) -> None:
        """Take note of who ended; ours first, as gunicorn takes the codes of all children."""
        if self.minded is not None:
            self.minded.poll()
        super().reap_workers()

    def stop(self, graceful: bool = True) -> None:
        super().stop(graceful)
        if self.minded is not None:
            self.minded.end()


class Minded(Worker):
    """A worker that stops when the process that minds it is gone, however it went."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app)
        self._minder = os.getppid()

    def beat(self) -> int:
        if os.getppid() != self._minder:
            self.stopping.set()
        return super().beat()


class Fork:
    """A child of this process that does one thing, and then ends as a program does."""

    def __init__(self, do: Callable[[], object]) -> None:
        self._code: int | None = None
        sys.stdout.flush()
        sys.stderr.flush()
        self.pid = os.fork()
        if self.pid == 0:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_DFL)
            try:
                do()
            except Exception:  # or it would stop what its parent minds
                log.exception("fork_failed")
                sys.exit(1)
            sys.exit()

    def poll(self) -> int | None:
        """Return the code it ended with (negative: a signal's number); None while it runs."""
        if self._code is None:
            try:
                ended, status = os.waitpid(self.pid, os.WNOHANG)
            except ChildProcessError:
                ended, status = self.pid, 0  # gunicorn, which waits for any child, was told how
            if ended:
                self._code = os.waitstatus_to_exitcode(status)
        return self._code

    def end(self) -> None:
        """Ask it to stop, and kill it if it does not in time."""
        if self.poll() is None:
            os.kill(self.pid, signal.SIGTERM)
        patient_until = time.monotonic() + PATIENCE
        while self.poll() is None:
            if time.monotonic() > patient_until:
                os.kill(self.pid, signal.SIGKILL)
            time.sleep(0.02)
