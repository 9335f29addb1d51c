"""The worker: tells listeners what was committed, sends mail, runs periodic jobs. One embedded, any number over Redis."""

from __future__ import annotations

import fcntl
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import OperationalError

from iocop.core import jobs, mail, outbox
from iocop.core.db import db, is_postgresql

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TextIO

    from flask import Flask

BEAT = 0.25
"""Seconds between two looks at the outbox."""
MAILS_A_BEAT = 2
"""Few, as what else is done on a beat waits for them meanwhile."""

log = structlog.get_logger(__name__)

_between: list[Callable[[], int]] = []
_beside: list[Callable[[], int]] = []


def every_beat(work: Callable[[], int]) -> Callable[[], int]:
    """Have the worker call the decorated function on every beat; it returns how much it did."""
    if work not in _between:
        _between.append(work)
    return work


def beside(work: Callable[[], int]) -> Callable[[], int]:
    """Have the worker call the decorated function every 250 ms in a thread of its own: it waits for nothing else."""
    if work not in _beside:
        _beside.append(work)
    return work


every_beat(outbox.deliver_new)


@every_beat
def send_some() -> int:
    """Send a few of the mails that are due."""
    return mail.send_due(MAILS_A_BEAT)


class Worker:
    """Runs until told to stop; what it was doing when killed is done again by the next one."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.stopping = threading.Event()

    def run(self) -> None:
        """Work until a signal says stop."""
        self._heed_signals()
        with self.app.app_context(), self._alone() as granted:
            if not granted:
                return
            outbox.enrol_listeners()
            settings = self.app.extensions["settings"]
            with jobs.without_clients(settings):
                queue = jobs.make_queue(settings)
            jobs.bind(self.app, queue)
            consumer = queue.create_consumer(
                workers=1, periodic=True, check_worker_health=False, initial_delay=0.5
            )
            consumer.start()
            self._heed_signals()  # the library has put its own handlers in their place
            threads = [threading.Thread(target=self._go_on_with, args=(work,)) for work in _beside]
            for thread in threads:
                thread.start()
            try:
                while not self.stopping.wait(0 if self.beat() else BEAT):
                    pass
            finally:
                self.stopping.set()
                for thread in threads:
                    thread.join()
                consumer.stop(graceful=False)

    def _go_on_with(self, work: Callable[[], int]) -> None:
        with self.app.app_context():
            while not self.stopping.wait(BEAT):
                _done(work)

    def _heed_signals(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stopping.set())

    @contextmanager
    def _alone(self) -> Iterator[bool]:
        """Wait for the embedded site's one worker lock, unless told to stop first; over PostgreSQL many may work."""
        if is_postgresql():
            yield True
            return
        with (self.app.extensions["settings"].folder("jobs") / "worker.lock").open("w") as lock:
            while not _locked(lock):
                if self.stopping.wait(BEAT):
                    yield False
                    return
            outbox.release_all()
            yield True

    def beat(self) -> int:
        """Do once what is due, but for what has a thread of its own; return how much was done."""
        return sum(map(_done, _between))


def _done(work: Callable[[], int]) -> int:
    """Return how much a part of the work did; one that fails is called again by the next beat."""
    try:
        return work()
    except OperationalError as error:
        log.warning("worker_waits", work=work.__qualname__, error=type(error.orig).__name__)
    except Exception:
        log.exception("worker_part_failed", work=work.__qualname__)
    finally:
        db.session.rollback()
    return 0


def _locked(lock: TextIO) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@jobs.periodic(minute="17", hour="3")
def clean_up() -> None:
    """Drop what has served: told events after 30 days, sent mails after 7."""
    outbox.purge()
    mail.purge_sent()
