"""Sessions are rows: opened, touched, listed, revoked one by one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, update
from sqlalchemy.exc import OperationalError

from iocop.core import audit, clock
from iocop.core.db import act, acting, db
from iocop.core.errors import Missing
from iocop.members import queries
from iocop.members.models import Member, MemberSession
from iocop.members.tokens import hashed, new_token

if TYPE_CHECKING:
    from datetime import datetime

    from iocop.core.login import Viewer

ABSOLUTE = timedelta(days=90)
TOUCH_EVERY = timedelta(minutes=10)

log = structlog.get_logger(__name__)


def open_session(member_id: int, device: str) -> str:
    """Open a session and return the token its cookie will hold; *device* is shown in the member's list."""
    token, now = new_token(), clock.now()
    with act() as session:
        session.add(
            MemberSession(
                token_hash=hashed(token), member_id=member_id, device=device[:80],
                created_at=now, touched_at=now, expires_at=now + ABSOLUTE,
            )
        )  # fmt: skip
        session.execute(update(Member).where(Member.id == member_id).values(seen_week=week_of(now)))
        audit.record("open_session", member_id, f"member:{member_id}")
    return token


def sign_out(actor: Viewer) -> None:
    """End the session the member is looking with."""
    close_session(actor, actor.session_id)


def close_session(actor: Viewer, session_id: int) -> None:
    """End one of the member's own sessions.

    Raises:
        Missing: the member has no such session.
    """
    with act() as session:
        ended = session.scalar(
            delete(MemberSession)
            .where(MemberSession.id == session_id, MemberSession.member_id == actor.id)
            .returning(MemberSession.id)
        )
        if ended is None:
            raise Missing(_l("That session has ended already."))
        audit.record("close_session", actor.id, f"session:{session_id}")


revoke_session = close_session


def revoke_others(actor: Viewer) -> None:
    """End every session of the member but the one they are looking with."""
    with act():
        end_sessions(actor.id, but=actor.session_id)
        audit.record("close_other_sessions", actor.id, f"member:{actor.id}")


def end_sessions(member_id: int, but: int = 0) -> None:
    """End a member's sessions, in the current act."""
    with act() as session:
        session.execute(
            delete(MemberSession).where(MemberSession.member_id == member_id, MemberSession.id != but)
        )


def viewer_with(token: str) -> Viewer | None:
    """Return who holds a session, and note at most every ten minutes that it is used."""
    row = queries.session_row(token)
    if row is None:
        return None
    if row.touched_at < clock.now() - TOUCH_EVERY and not acting():
        _touch(row.session_id, row.id)
    return queries.as_viewer(row, session_id=row.session_id, token=token)


def _touch(session_id: int, member_id: int) -> None:
    now = clock.now()
    try:
        with act() as session:
            session.execute(
                update(MemberSession).where(MemberSession.id == session_id).values(touched_at=now)
            )
            session.execute(update(Member).where(Member.id == member_id).values(seen_week=week_of(now)))
    except OperationalError:  # the page matters more than the note
        db.session.rollback()
        log.info("session_not_touched", session=session_id)


def week_of(moment: datetime) -> str:
    """Return a moment's ISO week, such as ``2026-W47``."""
    year, week, _ = moment.isocalendar()
    return f"{year}-W{week:02}"


def forget_ended() -> None:
    """Drop the rows of sessions that have ended by age."""
    now = clock.now()
    ended = select(MemberSession.id).where(
        (MemberSession.expires_at <= now) | (MemberSession.touched_at <= now - queries.IDLE)
    )
    with act() as session:
        session.execute(delete(MemberSession).where(MemberSession.id.in_(ended)))
