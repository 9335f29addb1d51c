"""Work in batches, the next one made while the last is written."""

from __future__ import annotations

import signal
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import islice
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from iocop.core.db import db

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from multiprocessing.connection import Connection

    from flask import Flask

T = TypeVar("T")

READY = 3
"""Things made beforehand: who makes them need not wait while one is synced to the disk."""


def batches(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of *size* things; the last may be shorter, none is empty."""
    remaining = iter(things)
    while batch := list(islice(remaining, size)):
        yield batch


def ahead(app: Flask, things: Iterator[T]) -> Iterator[T]:
    """The same things, made in a thread (with a database session of its own) while those before are used."""

    def following() -> T | None:
        with app.app_context():
            return next(things, None)

    with ThreadPoolExecutor(max_workers=1) as pool:
        coming = deque(pool.submit(following) for _ in range(READY))
        while (thing := coming.popleft().result()) is not None:
            coming.append(pool.submit(following))
            yield thing


def early(things: Iterator[T]) -> Iterator[T]:
    """The same things, each given out once the one after it has been begun."""
    before = next(things, None)
    while before is not None:
        following = next(things, None)
        yield before
        before = following


class Aside(Generic[T]):
    """A process that makes things of what it is told, each while the one before is used; forked off this one at once.

    A context manager, at whose end it is gone. To be begun before locks are taken: a fork would hold them as well.

    Args:
        make: called in the process, in a context of the application, with what `made` is given.
    """

    def __init__(self, app: Flask, make: Callable[[Any], Iterator[T]]) -> None:
        db.session.remove()
        db.engine.dispose()  # SQLite forbids a fork to share what was open
        forking = get_context("fork")
        self._ours, theirs = forking.Pipe()
        self._process = forking.Process(target=_aside, args=(app, make, theirs, self._ours), daemon=True)
        self._process.start()
        theirs.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        self._ours.close()
        self._process.kill()
        self._process.join()

    def made(self, given: Any) -> Iterator[T]:
        """What it makes of *given*; to be asked once.

        Raises:
            RuntimeError: it was killed, or failed and said why.
        """
        self._ours.send(given)
        try:
            while (thing := self._ours.recv()) is not None:
                yield thing
        except EOFError:
            raise RuntimeError("the process that works beside this one was ended") from None
        self._process.join()


def _aside(
    app: Flask,
    make: Callable[[Any], Iterator[T]],
    theirs: Connection[Any, Any],
    ours: Connection[Any, Any],
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal's Ctrl-C is for the importing process
    ours.close()  # or its end would never be noticed here
    with suppress(EOFError, BrokenPipeError, ConnectionResetError), app.app_context():
        for thing in make(theirs.recv()):
            theirs.send(thing)
        theirs.send(None)
