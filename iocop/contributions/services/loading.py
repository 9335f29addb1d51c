"""Contributions written in thousands, for imports and the demo: what features share that write their own so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, text

from iocop.contributions.models import Contribution
from iocop.core.db import is_postgresql

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from iocop.core.db import Model

ROWS = 2000
"""Rows handed to the driver at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkRevision:
    """One saved state; the last of a post is the one that stands."""

    editor_id: int
    at: datetime
    text: str
    title: str = ""
    reason: str = ""
    organization_id: int | None = None


def new_ids(session: Session, count: int) -> Iterable[int]:
    """Return ids nobody else is given: the act holds SQLite's write lock; PostgreSQL's sequence never repeats."""
    if is_postgresql():
        numbers = text(
            "select nextval(pg_get_serial_sequence('contribution', 'id')) from generate_series(1, :count)"
        )
        return sorted(session.scalars(numbers, {"count": count}))
    last = session.scalar(select(func.max(Contribution.id))) or 0
    return range(last + 1, last + 1 + count)


def write_rows(session: Session, model: type[Model], rows: Iterable[dict[str, Any]]) -> None:
    """Write rows past the unit of work, in the current act."""
    statement = insert(model.__table__)  # type: ignore[arg-type]  # the table itself
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == ROWS:
            session.execute(statement, batch)
            batch = []
    if batch:
        session.execute(statement, batch)
