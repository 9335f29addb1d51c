"""The one place that asks what time it is, so that tests can travel, and the demo can tell what happened before."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """Return this moment, aware, in UTC."""
    return _told.get() or datetime.now(UTC)


@contextmanager
def telling(moment: datetime) -> Iterator[None]:
    """Have services act at a moment that has passed, such as when a made-up history is told."""
    token = _told.set(moment)
    try:
        yield
    finally:
        _told.reset(token)
