"""Work in batches, the next one made while the last is written."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from flask import Flask

T = TypeVar("T")


def batches(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of *size* things; the last may be shorter, none is empty."""
    remaining = iter(things)
    while batch := list(islice(remaining, size)):
        yield batch


def ahead(app: Flask, things: Iterator[T]) -> Iterator[T]:
    """The same things, each made in a thread (with a database session of its own) while the one before is used."""

    def following() -> T | None:
        with app.app_context():
            return next(things, None)

    with ThreadPoolExecutor(max_workers=1) as pool:
        coming = pool.submit(following)
        while (thing := coming.result()) is not None:
            coming = pool.submit(following)
            yield thing
