"""The import command in a process that dies, as by kill -9, at a chosen moment."""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOMENTS = ("before_cursor_execute", "commit")
"""Just before a statement, or before what was done is committed."""


@contextmanager
def at_each_moment(do: Callable[[], None]) -> Iterator[None]:
    """Have something done whenever this process is about to change or to ask any database."""

    def listen(*_: Any) -> None:
        do()

    for moment in MOMENTS:
        event.listen(Engine, moment, listen)
    try:
        yield
    finally:
        for moment in MOMENTS:
            event.remove(Engine, moment, listen)


def import_until(moment: int, weight: int, *words: str) -> None:
    """Do what `iocop` does with these words, in batches of so much, until the so many-th moment."""
    from iocop.core.cli import main
    from iocop.imports.stackexchange import posting

    posting.WEIGHT = weight
    passed = count(1)

    def die() -> None:
        if next(passed) == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    with at_each_moment(die):
        main(words)
