"""Is the site alive and ready, and in words: what is wrong."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from flask import Blueprint, current_app
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from iocop.core import audit, clock
from iocop.core.db import db
from iocop.core.login import public
from iocop.core.models import EventRow, FailedDelivery, ListenerRow, MailRow

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

health = Blueprint("health", __name__)

LEAST_FREE = 200 * 2**20
LATE = timedelta(minutes=2)


@dataclass(frozen=True)
class Finding:
    """One thing looked at; *words* say what was found and, if it is not well, the mend."""

    name: str
    well: bool
    words: str


_checks: list[Callable[[], Finding]] = []


def check(look: Callable[[], Finding]) -> Callable[[], Finding]:
    """Add a look to `/readyz` and `iocop doctor`."""
    if look not in _checks:
        _checks.append(look)
    return look


def findings() -> list[Finding]:
    """Look at everything; a look that fails is a finding too."""
    found = []
    for look in _checks:
        try:
            found.append(look())
        except SQLAlchemyError as error:
            db.session.rollback()
            found.append(Finding(look.__name__, well=False, words=f"cannot look: {type(error).__name__}"))
    return found


@health.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    return {"alive": True}


@health.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    found = findings()
    ready = all(finding.well for finding in found)
    return {finding.name: finding.words for finding in found} | {"ready": ready}, 200 if ready else 503


@check
def database() -> Finding:
    db.session.execute(text("select 1"))
    return Finding("database", well=True, words=db.engine.dialect.name)


@check
def migrations() -> Finding:
    from iocop.core.migrations import head, stands_at  # alembic, only when somebody asks

    here, newest = stands_at(), head()
    words = (
        f"at {here}"
        if here == newest
        else f"at {here or 'nothing'}, the code wants {newest}: run iocop migrate"
    )
    return Finding("migrations", here == newest, words)


@check
def outbox() -> Finding:
    oldest = db.session.execute(
        select(func.min(EventRow.at)).where(
            EventRow.id > select(func.min(ListenerRow.event_id)).scalar_subquery()
        )
    ).scalar()
    given_up = db.session.scalar(
        select(func.count()).select_from(FailedDelivery).where(FailedDelivery.retry_at.is_(None))
    )
    late = oldest is not None and oldest < clock.now() - LATE and _worker_is_behind()
    words = "the worker is late: is it running?" if late else "delivering"
    return Finding("outbox", not late, f"{words}; {given_up} deliveries given up")


def _worker_is_behind() -> bool:
    """A listener that has no kind of event waiting is not behind, however old its cursor."""
    from iocop.core.events import listeners  # filled by features after this module
    from iocop.core.outbox import Cursor, read

    rows = db.session.execute(select(ListenerRow.name, ListenerRow.xid, ListenerRow.event_id)).all()
    known = listeners()
    for row in rows:
        waiting = read(Cursor(row.xid, row.event_id), known[row.name].kinds, 1) if row.name in known else []
        if waiting and waiting[0].at < clock.now() - LATE:
            return True
    return False


@check
def mail() -> Finding:
    waiting = db.session.scalar(
        select(func.count()).where(MailRow.state == "queued", MailRow.due_at < clock.now() - LATE)
    )
    failed = db.session.scalar(select(func.count()).where(MailRow.state == "failed"))
    return Finding("mail", not waiting, f"{waiting} mails late, {failed} refused for good")


@check
def disk() -> Finding:
    free = shutil.disk_usage(current_app.extensions["settings"].folder(".")).free
    return Finding("disk", free > LEAST_FREE, f"{free // 2**20} MB free")


def security_log() -> Finding:
    """Walk the whole chain; too long for `/readyz`, so only `iocop doctor` does."""
    broken = list(audit.broken_links())
    return Finding(
        "security log", not broken, f"broken at lines {broken[:5]}" if broken else "every line follows"
    )
