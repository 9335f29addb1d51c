"""Leaving, which can be taken back, and erasure, which cannot."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, update

from iocop.core import audit, clock
from iocop.core.db import act
from iocop.core.events import emit
from iocop.core.mail import mail_folder
from iocop.core.models import MailRow
from iocop.core.policy import require
from iocop.core.storage import storage
from iocop.members import policy
from iocop.members.events import MemberErased, MemberLeft
from iocop.members.models import (
    Application,
    Claim,
    Invitation,
    Member,
    MemberSession,
    RecoveryCode,
    Ticket,
)
from iocop.members.services.sessions import end_sessions
from iocop.members.services.standing import FOREVER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from iocop.core.login import Viewer

TOMBSTONE = "Former member"
"""Stored as it is and translated where it is shown."""


def leave(actor: Viewer) -> None:
    """Leave: every session ends, what was written stays under the name; signing in again offers to return."""
    with act() as session:
        require(policy.may_leave(actor))
        member = session.get_one(Member, actor.id, with_for_update=True)
        if member.state == "suspended":  # it waits for a return, so leaving is no way around it
            member.suspended_until = member.suspended_until or FOREVER
        member.state = "left"
        end_sessions(actor.id)
        audit.record("leave", actor.id, f"member:{actor.id}")
        emit(MemberLeft(actor_id=actor.id, member_id=actor.id))


def erase(actor: Viewer, *, with_texts: bool = False) -> None:
    """Make the member's row a tombstone: nothing personal stays, others' threads keep their shape.

    Args:
        with_texts: the own texts are to go as well; the features that hold them listen.
    """
    with act() as session:
        require(policy.may_leave(actor))
        member = session.get_one(Member, actor.id, with_for_update=True)
        photo, email = member.photo_key, member.email or ""
        mails = _mails_of(session, member.id, email)
        _forget_rows(session, member.id, email)
        session.execute(delete(MailRow).where(MailRow.id.in_(mails)))
        _bury(session, member)
        audit.record("erase", member.id, f"member:{member.id}")
        emit(MemberErased(actor_id=member.id, member_id=member.id, with_texts=with_texts))
    if photo:
        storage().delete(photo)
    for mail_id in mails:
        (mail_folder() / f"{mail_id:08d}.eml").unlink(missing_ok=True)


def _mails_of(session: Session, member_id: int, email: str) -> Sequence[int]:
    his = (MailRow.recipient_id == member_id) | (MailRow.address == email)
    return session.scalars(select(MailRow.id).where(his)).all()


def _forget_rows(session: Session, member_id: int, email: str) -> None:
    for table in (MemberSession, RecoveryCode, Ticket):
        session.execute(delete(table).where(table.member_id == member_id))
    session.execute(delete(Application).where(Application.email == email))
    session.execute(delete(Invitation).where(Invitation.email == email))
    session.execute(update(Claim).where(Claim.member_id == member_id).values(evidence=""))
    for ticket in session.scalars(select(Ticket).where(Ticket.kind == "join", Ticket.used_at.is_(None))):
        if ticket.payload.get("email") == email:  # asked to join twice, confirmed once
            session.delete(ticket)


def _bury(session: Session, member: Member) -> None:
    empty: dict[str, Any] = {
        "name": TOMBSTONE, "handle": _free_anonymous_handle(session), "name_mode": "pseudonym", "state": "erased",
        "email": None, "password_hash": None, "suspended_until": None, "seen_week": "", "about": "", "about_html": "",
        "country": "", "languages": [], "links": [], "photo_key": "", "roles": [], "visibility": {}, "locale": "",
        "time_zone": "", "theme": "", "totp_secret": "", "totp_step": 0, "source": None, "source_id": None,
        "reviewed_at": clock.now(),
    }  # fmt: skip
    for field, value in empty.items():
        setattr(member, field, value)
    session.flush()


def _free_anonymous_handle(session: Session) -> str:
    """Return a handle that says nothing, not even when somebody joined or was erased."""
    while True:
        handle = f"anon{secrets.randbelow(9_000_000) + 1_000_000}"
        if session.scalar(select(Member.id).where(Member.handle == handle)) is None:
            return handle
