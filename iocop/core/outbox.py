"""The reading side of the outbox: what was committed is delivered, also after a crash.

Readers go by the pair (xid, id). On PostgreSQL only rows below the oldest running transaction are read: a lower serial id
may still be committed later, a lower (xid, id) may not.
"""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import structlog
from flask import current_app
from sqlalchemy import (
    BigInteger,
    Text,
    and_,
    cast,
    column,
    delete,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
    values,
)
from sqlalchemy.dialects import postgresql, sqlite

from iocop.core import clock
from iocop.core.db import act, db, is_postgresql
from iocop.core.events import Event, Listener, listeners
from iocop.core.models import EventRow, FailedDelivery, ListenerRow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Dialect

LEASE = timedelta(seconds=30)
KEEP = timedelta(days=30)
FIRST_RETRY = timedelta(seconds=10)
LAST_ATTEMPT = 12
EVENTS_A_BEAT = 5
"""Told each listener before the worker does something else: what is new must soon be found as well."""

log = structlog.get_logger(__name__)


class Cursor(NamedTuple):
    """How far a reader has come."""

    xid: int
    event_id: int


START = Cursor(0, 0)


class Happened(NamedTuple):
    """An event as it stands in the outbox."""

    cursor: Cursor
    name: str
    payload: dict[str, Any]
    at: datetime

    @property
    def event(self) -> Event:
        """The event itself.

        Raises:
            TypeError: it was written by a version whose events had other fields.
        """
        given = {
            key: tuple(value) if isinstance(value, list) else value for key, value in self.payload.items()
        }
        kind: Callable[..., Event] = Event.kinds[self.name]
        return kind(**given)


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
    return [Happened(Cursor(row.xid, row.id), row.name, row.payload, row.at) for row in rows]


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
    insertion = (postgresql.insert if is_postgresql() else sqlite.insert)(ListenerRow)
    with act() as session:
        new = sorted(listeners().keys() - set(session.scalars(select(ListenerRow.name))))
        here = end()
        rows = [{"name": name, "xid": here.xid, "event_id": here.event_id} for name in new]
        if rows:  # another worker that starts at this moment may be quicker
            session.execute(insertion.values(rows).on_conflict_do_nothing())


def deliver_new() -> int:
    """Tell what is new, and nothing if nothing is: the worker asks four times a second."""
    here = end()
    if current_app.extensions.get("outbox_told") == here and not _retry_due():
        return 0
    told = deliver_all(EVENTS_A_BEAT)
    if told == 0 and not _leased():
        current_app.extensions["outbox_told"] = here
    return told


def deliver_all(limit: int = 100) -> int:
    """Tell every listener what it has not been told, so many events at most; return how many were told."""
    retries = set(db.session.scalars(select(FailedDelivery.listener).where(_due())))
    told, behind = 0, _behind()
    for name, listener in list(listeners().items()):
        if name in retries or name in behind:
            taken = deliver(listener, limit)
            if taken:
                told, behind = told + taken, _behind()  # what it did may be news to those that follow
    return told


def _behind() -> frozenset[str]:
    """Return the listeners that have something to be told, in one statement."""
    kinds = tuple((name, kind) for name, listener in listeners().items() for kind in listener.kinds)
    if not kinds:
        return frozenset()
    connection = db.session.connection()
    return frozenset(connection.exec_driver_sql(_who_is_behind(kinds, connection.dialect)).scalars())


@lru_cache(maxsize=8)
def _who_is_behind(kinds: tuple[tuple[str, str], ...], dialect: Dialect) -> str:
    """Return the statement for all that is listened to, written out once: the worker asks it all the time."""
    wanted = values(column("listener", Text), column("kind", Text), name="wanted").data(list(kinds)).cte()
    new = select(EventRow.id).where(
        _settled(),
        EventRow.name == wanted.c.kind,
        tuple_(EventRow.xid, EventRow.id) > tuple_(ListenerRow.xid, ListenerRow.event_id),
    )
    behind = (
        select(ListenerRow.name)
        .join(wanted, wanted.c.listener == ListenerRow.name)
        .where(new.correlate(wanted, ListenerRow).exists())
    )
    return str(behind.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))


def _due() -> ColumnElement[bool]:
    return FailedDelivery.retry_at <= clock.now()


def _retry_due() -> bool:
    return db.session.scalar(select(FailedDelivery.event_id).where(_due()).limit(1)) is not None


def _leased() -> bool:
    taken = select(ListenerRow.name).where(ListenerRow.leased_until.is_not(None)).limit(1)
    return db.session.scalar(taken) is not None


def deliver(listener: Listener, limit: int) -> int:
    """Tell one listener its next events, then those whose retry is due."""
    since = _lease(listener.name)
    if since is None:
        return 0
    told = 0
    try:
        for happened in read(since, listener.kinds, limit):
            error = _tell(listener, happened)
            _mark(listener.name, happened.cursor, error)
            told += 1
        told += _retry(listener)
    finally:
        _release(listener.name)
    return told


def _tell(listener: Listener, happened: Happened) -> str:
    """Tell one event; return what went wrong, or nothing."""
    try:
        listener.tell(happened.event)
    except Exception as error:  # noqa: BLE001 -- whatever a listener raises is kept and tried again
        db.session.rollback()
        log.warning("delivery_failed", listener=listener.name, kind=happened.name, error=type(error).__name__)
        return f"{type(error).__name__}: {error}"[:300]
    return ""


def _lease(name: str) -> Cursor | None:
    now = clock.now()
    free = or_(ListenerRow.leased_until.is_(None), ListenerRow.leased_until < now)
    with act() as session:
        row = session.scalar(
            select(ListenerRow).where(ListenerRow.name == name, free).with_for_update(skip_locked=True)
        )
        if row is None:
            return None
        row.leased_until = now + LEASE
        return Cursor(row.xid, row.event_id)


def _mark(name: str, cursor: Cursor, error: str) -> None:
    now = clock.now()
    come_so_far = {"xid": cursor.xid, "event_id": cursor.event_id, "leased_until": now + LEASE}
    with act() as session:
        session.execute(update(ListenerRow).where(ListenerRow.name == name).values(come_so_far))
        if error:
            failed = {"listener": name, "event_id": cursor.event_id, "attempts": 1, "error": error}
            session.execute(insert(FailedDelivery).values(**failed, retry_at=now + FIRST_RETRY))


def _release(name: str) -> None:
    with act() as session:
        session.execute(update(ListenerRow).where(ListenerRow.name == name).values(leased_until=None))


def _retry(listener: Listener) -> int:
    due = db.session.execute(
        select(
            FailedDelivery.attempts, EventRow.xid, EventRow.id, EventRow.name, EventRow.payload, EventRow.at
        )
        .join(EventRow, EventRow.id == FailedDelivery.event_id)
        .where(FailedDelivery.listener == listener.name, _due())
        .order_by(EventRow.id)
        .limit(20)
    ).all()
    for row in due:
        happened = Happened(Cursor(row.xid, row.id), row.name, row.payload, row.at)
        _settle_retry(listener.name, row.id, row.attempts + 1, _tell(listener, happened))
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
    """Drop events older than 30 days that every listener who cares has been told; return how many."""
    with act() as session:
        rows = session.execute(select(ListenerRow.name, ListenerRow.xid, ListenerRow.event_id)).all()
        waiting = [
            and_(
                EventRow.name.in_(listeners()[row.name].kinds),
                tuple_(EventRow.xid, EventRow.id) > tuple_(*row[1:]),
            )
            for row in rows
            if row.name in listeners()
        ]
        done = delete(EventRow).where(
            EventRow.at < clock.now() - KEEP,
            EventRow.id.not_in(select(FailedDelivery.event_id)),
            *(~condition for condition in waiting),
        )
        return int(session.execute(done).rowcount)  # type: ignore[attr-defined]
