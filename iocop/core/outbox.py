"""The reading side of the outbox: what was committed is delivered, also after a crash.

Readers go by the pair (xid, id). On PostgreSQL only rows below the oldest running transaction are read: a lower serial id
may still be committed later, a lower (xid, id) may not.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import structlog
from sqlalchemy import BigInteger, Text, and_, cast, delete, func, insert, or_, select, tuple_, update

from iocop.core import clock
from iocop.core.db import act, db, is_postgresql
from iocop.core.events import Event, Listener, listeners
from iocop.core.models import EventRow, FailedDelivery, ListenerRow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement

LEASE = timedelta(seconds=30)
KEEP = timedelta(days=30)
FIRST_RETRY = timedelta(seconds=10)
LAST_ATTEMPT = 12

log = structlog.get_logger(__name__)


class Cursor(NamedTuple):
    """How far a reader has come."""

    xid: int
    event_id: int


START = Cursor(0, 0)


class Happened(NamedTuple):
    """An event as it stands in the outbox."""

    cursor: Cursor
    event: Event
    at: datetime


def _settled() -> ColumnElement[bool]:
    if not is_postgresql():
        return EventRow.id > 0
    floor = cast(cast(func.pg_snapshot_xmin(func.pg_current_snapshot()), Text), BigInteger)
    return EventRow.xid < floor


def read(since: Cursor, kinds: Sequence[str], limit: int = 100) -> list[Happened]:
    """Return the next settled events of some kinds, oldest first."""
    rows = db.session.execute(
        select(EventRow.xid, EventRow.id, EventRow.name, EventRow.payload, EventRow.at)
        .where(_settled(), tuple_(EventRow.xid, EventRow.id) > tuple_(*since), EventRow.name.in_(kinds))
        .order_by(EventRow.xid, EventRow.id)
        .limit(limit)
    ).all()
    return [Happened(Cursor(row.xid, row.id), _event(row.name, row.payload), row.at) for row in rows]


def _event(name: str, payload: dict[str, object]) -> Event:
    lists_to_tuples = {
        key: tuple(value) if isinstance(value, list) else value for key, value in payload.items()
    }
    return Event.kinds[name](**lists_to_tuples)  # type: ignore[arg-type]


def end() -> Cursor:
    """Return the place behind the newest settled event."""
    row = db.session.execute(
        select(EventRow.xid, EventRow.id)
        .where(_settled())
        .order_by(EventRow.xid.desc(), EventRow.id.desc())
        .limit(1)
    ).first()
    return Cursor(*row) if row else START


def enrol_listeners() -> None:
    """Give every new listener a row: it is told of what happens from now on."""
    with act() as session:
        known = set(session.scalars(select(ListenerRow.name)))
        here = end()
        for name in listeners().keys() - known:
            session.add(ListenerRow(name=name, xid=here.xid, event_id=here.event_id))


def deliver_all() -> int:
    """Tell every listener what it has not been told; return how many events were told."""
    return sum(deliver(listener) for listener in list(listeners().values()))


def deliver(listener: Listener, limit: int = 100) -> int:
    """Tell one listener its next events, then those whose retry is due."""
    since = _lease(listener.name)
    if since is None:
        return 0
    told = 0
    try:
        for happened in read(since, listener.kinds, limit):
            error = _tell(listener, happened.event)
            _mark(listener.name, happened.cursor, error)
            told += 1
        told += _retry(listener)
    finally:
        _release(listener.name)
    return told


def _tell(listener: Listener, happened: Event) -> str:
    """Tell one event; return what went wrong, or nothing."""
    try:
        listener.tell(happened)
    except Exception as error:  # noqa: BLE001 -- whatever a listener raises is kept and tried again
        db.session.rollback()
        log.warning(
            "delivery_failed",
            listener=listener.name,
            kind=type(happened).__name__,
            error=type(error).__name__,
        )
        return f"{type(error).__name__}: {error}"[:300]
    return ""


def _lease(name: str) -> Cursor | None:
    now = clock.now()
    with act() as session:
        row = session.scalar(
            select(ListenerRow)
            .where(
                ListenerRow.name == name,
                or_(ListenerRow.leased_until.is_(None), ListenerRow.leased_until < now),
            )
            .with_for_update(skip_locked=True)
        )
        if row is None:
            return None
        row.leased_until = now + LEASE
        return Cursor(row.xid, row.event_id)


def _mark(name: str, cursor: Cursor, error: str) -> None:
    now = clock.now()
    with act() as session:
        session.execute(
            update(ListenerRow)
            .where(ListenerRow.name == name)
            .values(xid=cursor.xid, event_id=cursor.event_id, leased_until=now + LEASE)
        )
        if error:
            session.execute(
                insert(FailedDelivery).values(
                    listener=name,
                    event_id=cursor.event_id,
                    attempts=1,
                    retry_at=now + FIRST_RETRY,
                    error=error,
                )
            )


def _release(name: str) -> None:
    with act() as session:
        session.execute(update(ListenerRow).where(ListenerRow.name == name).values(leased_until=None))


def _retry(listener: Listener) -> int:
    due = db.session.execute(
        select(FailedDelivery.event_id, FailedDelivery.attempts, EventRow.name, EventRow.payload)
        .join(EventRow, EventRow.id == FailedDelivery.event_id)
        .where(FailedDelivery.listener == listener.name, FailedDelivery.retry_at <= clock.now())
        .limit(20)
    ).all()
    for row in due:
        error = _tell(listener, _event(row.name, row.payload))
        _settle_retry(listener.name, row.event_id, row.attempts + 1, error)
    return len(due)


def _settle_retry(name: str, event_id: int, attempts: int, error: str) -> None:
    this = and_(FailedDelivery.listener == name, FailedDelivery.event_id == event_id)
    with act() as session:
        if not error:
            session.execute(delete(FailedDelivery).where(this))
            return
        wait = FIRST_RETRY * 2 ** min(attempts, 9)
        retry_at = None if attempts >= LAST_ATTEMPT else clock.now() + wait
        session.execute(
            update(FailedDelivery).where(this).values(attempts=attempts, retry_at=retry_at, error=error)
        )


def release_all() -> None:
    """Forget every lease: said by the one worker of an embedded site when it starts."""
    with act() as session:
        session.execute(update(ListenerRow).values(leased_until=None))


def purge() -> int:
    """Drop events older than 30 days that every listener has been told; return how many."""
    with act() as session:
        told = session.execute(
            select(ListenerRow.xid, ListenerRow.event_id)
            .order_by(ListenerRow.xid, ListenerRow.event_id)
            .limit(1)
        ).first()
        if told is None:
            return 0
        failed = select(FailedDelivery.event_id)
        rows = session.execute(
            delete(EventRow).where(
                EventRow.at < clock.now() - KEEP,
                tuple_(EventRow.xid, EventRow.id) <= tuple_(*told),
                EventRow.id.not_in(failed),
            )
        )
        return int(rows.rowcount)  # type: ignore[attr-defined]
