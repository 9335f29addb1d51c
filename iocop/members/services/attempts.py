"""Tries at passwords, codes and links, counted exactly: ten in five minutes per account and per address."""

from __future__ import annotations

from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING, Final

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, func, select

from iocop.core import audit, clock
from iocop.core.db import act, is_postgresql
from iocop.core.errors import TooMany
from iocop.members.models import Attempt
from iocop.members.tokens import keyed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

LIMIT: Final = 10
WINDOW: Final = timedelta(minutes=5)


def count_attempt(kind: str, account: str, address: str = "") -> tuple[int, ...]:
    """Count a try before it is made, in an act of its own; return what `forgive` takes.

    Args:
        kind: ``sign_in``, ``code``, ``reset`` or ``join``.
        account: what is tried: an e-mail address or a member's key; stored as a keyed hash.
        address: where from: the internet address of the request.

    Raises:
        TooMany: ten tries stand in the last five minutes, by this account or from this address.
    """
    keys = sorted(
        keyed(f"{kind}:{part}") for part in (f"account:{account}", f"from:{address}") if part[-1] != ":"
    )
    now = clock.now()
    with act() as session:
        _one_at_a_time(session, keys)
        free_at = max((_free_at(session, kind, key, now) for key in keys), default=now)
        rows = [Attempt(kind=kind, key=key, at=now) for key in keys] if free_at <= now else []
        if not rows:
            audit.record(kind, None, result="refused", why="too many attempts")
        session.add_all(rows)
        session.flush()
        counted = tuple(row.id for row in rows)
    if not counted:
        wait = ceil((free_at - now).total_seconds())
        minutes = ceil(wait / 60)
        raise TooMany(
            _l(
                "After ten tries in five minutes there is a pause. Please try again in %(minutes)s min.",
                minutes=minutes,
            ),
            retry_after=wait,
        )
    return counted


def _one_at_a_time(session: Session, keys: Sequence[str]) -> None:
    """On PostgreSQL, let nobody else count these keys meanwhile; SQLite's act has one writer anyway."""
    if is_postgresql():
        for key in keys:
            session.execute(select(func.pg_advisory_xact_lock(int(key[:15], 16))))


def _free_at(session: Session, kind: str, key: str, now: datetime) -> datetime:
    """Return when the next try may be made: as soon as fewer than ten stand in the window."""
    latest = session.scalars(
        select(Attempt.at)
        .where(Attempt.kind == kind, Attempt.key == key, Attempt.at > now - WINDOW)
        .order_by(Attempt.at.desc())
        .limit(LIMIT)
    ).all()
    return latest[-1] + WINDOW if len(latest) == LIMIT else now


def forgive(counted: Sequence[int]) -> None:
    """Take a try back that succeeded, so that signing in often is never held against anybody."""
    with act() as session:
        session.execute(delete(Attempt).where(Attempt.id.in_(counted)))


def forget_old() -> None:
    """Drop what no longer counts."""
    with act() as session:
        session.execute(delete(Attempt).where(Attempt.at < clock.now() - WINDOW))
