"""The formatting process seen from the site: started on first use, killed when late, started again."""

from __future__ import annotations

import atexit
import json
import logging
import os
import subprocess
import sys
from multiprocessing import Pipe
from pathlib import Path
from select import POLLIN, poll
from threading import Lock
from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iocop.core.text.working import Answer

A = TypeVar("A")

TIME_LIMIT: Final = 2.0  # seconds for one text
PATIENCE: Final = 0.25  # seconds a text waits for the one before it
START_LIMIT: Final = 20.0  # seconds for the process to start; far more than it needs on a quiet machine
ATTEMPTS: Final = 2  # a process ended from outside (a stop of the whole service) loses no text

log = logging.getLogger(__name__)


class _Child(Generic[A]):
    """One process and our ends of its pipes."""

    def __init__(self, working: str, seconds: float) -> None:
        self.seconds = seconds
        self.answered, answers = Pipe(duplex=False)
        asked, self.asks = Pipe(duplex=False)
        theirs = [asked.fileno(), answers.fileno()]
        command = [
            sys.executable,
            "-P",
            str(Path(__file__).with_name("child.py")),
            *map(str, theirs),
            working,
        ]
        self.process = subprocess.Popen(  # noqa: S603  (our own file)
            command, stdin=subprocess.DEVNULL, pass_fds=theirs
        )
        asked.close()
        answers.close()
        self._arrival = poll()  # once, where the pipe's own waiting would begin anew with every text
        self._arrival.register(self.answered, POLLIN)
        try:
            self._receive(START_LIMIT)
        except (EOFError, OSError):  # of which TimeoutError is one
            self.end()
            raise

    def answers(self, verb: str, texts: Sequence[str]) -> Iterator[A | None]:
        """One answer a text, None for one that could not be formatted.

        Raises:
            TimeoutError: the next answers did not come in time; of several texts, any may be the late one.
            EOFError, OSError: the process is gone.
        """
        self.asks.send_bytes(json.dumps([verb, texts]).encode())
        missing = len(texts)
        while missing > 0:
            ready = json.loads(self._receive(self.seconds))
            missing -= len(ready)
            yield from ready

    def _receive(self, seconds: float) -> bytes:
        if not self._arrival.poll(seconds * 1000):
            raise TimeoutError
        return self.answered.recv_bytes()

    def end(self) -> None:
        self._close()
        self.process.kill()
        self.process.wait()

    def disown(self) -> None:
        """In a fork: it is the parent's process, not ours to end or to wait for."""
        self._close()
        self.process.returncode = 0

    def _close(self) -> None:
        self.asks.close()
        self.answered.close()


class Worker(Generic[A]):
    """Formats texts in one child process; safe to use from threads and after a fork.

    Args:
        working: the module whose `VERBS` the process knows, and whose `forget_converter` follows a failure.
        seconds: for one text, up to the process's own last resort of ten.
    """

    def __init__(self, working: str, seconds: float = TIME_LIMIT) -> None:
        self._working, self._seconds = working, seconds
        self._lock, self._second = Lock(), Lock()
        self._child: _Child[A] | None = None

    def run(self, verb: str, texts: Sequence[str]) -> list[A | None]:
        """An answer a text, in order; None if it failed, took too long or broke the process twice."""
        if not self._lock.acquire(timeout=PATIENCE):
            return self._beside(verb, texts)
        try:
            return self._answers(verb, texts)
        finally:
            self._lock.release()

    def _answers(self, verb: str, texts: Sequence[str]) -> list[A | None]:
        done: list[A | None] = []
        at_once = len(texts)  # asked together; after a failure one at a time, which finds the culprit
        failures = 0  # of the next text, asked alone
        while len(done) < len(texts):
            before = len(done)
            asked = texts[before : before + at_once]
            try:
                done.extend(self._started().answers(verb, asked))
                failures = 0
                continue
            except TimeoutError:
                self._end("late")
                allowed = 1
            except (EOFError, OSError):
                self._end("dead")
                allowed = ATTEMPTS
            failures = failures + 1 if len(asked) == 1 else 0
            if failures >= allowed:
                done.append(None)
                failures = 0
            at_once = 1
        return done

    def _beside(self, verb: str, texts: Sequence[str]) -> list[A | None]:
        """Let a second process do what would wait behind a slow text: there is never a third, and it ends with it."""
        with self._second:
            spare = Worker[A](self._working, self._seconds)
            try:
                return spare.run(verb, texts)
            finally:
                spare.close()

    def close(self) -> None:
        with self._lock:
            if self._child:
                self._child.end()
                self._child = None

    def forget(self) -> None:
        """After a fork, in the new process, where another thread's lock would stay locked for ever."""
        self._lock, self._second = Lock(), Lock()
        if self._child:
            self._child.disown()
            self._child = None

    def _started(self) -> _Child[A]:
        if self._child is None:
            self._child = _Child(self._working, self._seconds)
        return self._child

    def _end(self, why: str) -> None:
        log.warning("the formatting process is %s and is started again", why)
        if self._child:
            self._child.end()
            self._child = None


worker: Final[Worker[Answer]] = Worker("iocop.core.text.working")
atexit.register(worker.close)
os.register_at_fork(after_in_child=worker.forget)
