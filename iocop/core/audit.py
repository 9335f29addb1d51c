"""The security log: append-only, each line chained to the one before by its hash."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import TYPE_CHECKING, Any

from flask import current_app, has_request_context, request
from sqlalchemy import func, select

from iocop.core import clock
from iocop.core.db import act, db, is_postgresql
from iocop.core.models import AuditRow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

BEGINNING = "0" * 64
AUDIT_LOCK = 0x10C0B
"""The number of the advisory lock that every line takes in turn."""


def record(
    act_name: str, actor_id: int | None, subject: str = "", result: str = "done", **details: Any
) -> None:
    """Append a line, in the current act.

    Args:
        act_name: what was done, such as ``sign_in``.
        actor_id: the member who did it; None for the site itself or somebody unknown.
        subject: what it was done to, as ``kind:id``; never a name or an address.
        result: ``done``, ``refused`` or ``failed``.
        details: ids and words of the program, nothing personal.
    """
    with act() as session:
        if (
            is_postgresql()
        ):  # two lines at once would both follow the same one; SQLite's act holds the one write lock
            session.execute(select(func.pg_advisory_xact_lock(AUDIT_LOCK)))
        before = session.scalar(select(AuditRow.chain).order_by(AuditRow.id.desc()).limit(1))
        row = AuditRow(
            at=clock.now(), actor_id=actor_id, act=act_name, subject=subject, result=result,
            address_hash=address_hash(), details=details,
        )  # fmt: skip
        row.chain = _link(before or BEGINNING, row)
        session.add(row)
        session.flush()


def address_hash(period: datetime | None = None) -> str:
    """Return a keyed hash of the request's address; the key changes every 90 days, so that old hashes say nothing."""
    if not has_request_context() or not request.remote_addr:
        return ""
    settings = current_app.extensions["settings"]
    days = (period or clock.now()).toordinal() // settings.pepper_days
    key = f"{settings.secret_key}:{days}".encode()
    return hmac.new(key, request.remote_addr.encode(), hashlib.sha256).hexdigest()


def _link(before: str, row: AuditRow) -> str:
    line = json.dumps(
        [
            before,
            row.at.isoformat(),
            row.actor_id,
            row.act,
            row.subject,
            row.result,
            row.address_hash,
            row.details,
        ],
        sort_keys=True,
    )
    return hashlib.sha256(line.encode()).hexdigest()


def broken_links() -> Iterator[int]:
    """Yield the ids of lines that do not follow from the line before: none, unless somebody wrote in the table."""
    before = BEGINNING
    for row in db.session.scalars(select(AuditRow).order_by(AuditRow.id)).yield_per(500):
        if row.chain != _link(before, row):
            yield row.id
        before = row.chain
