"""Suspension: reading goes on, writing stops, until a day or until it is lifted."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from iocop.core import audit, clock
from iocop.core.db import act, db
from iocop.core.errors import Invalid
from iocop.core.events import emit
from iocop.core.policy import require
from iocop.members import mails, policy
from iocop.members.events import MemberSuspended, SuspensionLifted
from iocop.members.models import Member

if TYPE_CHECKING:
    from iocop.core.login import Viewer

FOREVER: Final = datetime(9999, 1, 1, tzinfo=UTC)
"""Stands, while a member is away, for a suspension without an end."""


def suspend(actor: Viewer, member_id: int, until: datetime | None, reason: str) -> None:
    """Suspend a member, who reads the reason by mail; *until* None: until lifted.

    Raises:
        Refused: the actor is no moderator, or it is themselves.
        Invalid: no reason, or a day in the past.
    """
    now = clock.now()
    if not reason.strip():
        raise Invalid(_l("Give the reason; the member will read it."), "reason")
    if until is not None and until <= now:
        raise Invalid(_l("The day must lie in the future."), "until")
    with act() as session:
        member = session.get_one(Member, member_id, with_for_update=True)
        require(policy.may_suspend(actor, member))
        member.state, member.suspended_until = "suspended", until
        mails.to_member(
            member, "suspended", f"suspension:{member_id}:{now.isoformat()}", _l("You are suspended"),
            until=until.date().isoformat() if until else "", reason=reason.strip(),
        )  # fmt: skip
        audit.record("suspend", actor.id, f"member:{member_id}")
        emit(MemberSuspended(actor_id=actor.id, member_id=member_id))


def lift(actor: Viewer, member_id: int) -> None:
    """End a suspension before its day.

    Raises:
        Refused: the actor is no moderator, or the member is not suspended.
    """
    with act() as session:
        member = session.get_one(Member, member_id, with_for_update=True)
        require(policy.may_lift(actor, member))
        _lift(member, actor.id)


def lift_ended() -> None:
    """End the suspensions whose day has come."""
    due = select(Member.id).where(Member.state == "suspended", Member.suspended_until <= clock.now())
    for member_id in db.session.scalars(due).all():
        with act() as session:
            member = session.get_one(Member, member_id, with_for_update=True)
            if member.state == "suspended":
                _lift(member, None)


def resume(member: Member) -> None:
    """Bring back, in the current act, who returns: suspended, if that has not ended meanwhile."""
    until = member.suspended_until
    member.state = "suspended" if until and until > clock.now() else "active"
    member.suspended_until = until if member.state == "suspended" and until != FOREVER else None


def _lift(member: Member, actor_id: int | None) -> None:
    member.state, member.suspended_until = "active", None
    key = f"lifted:{member.id}:{clock.now().isoformat()}"
    mails.to_member(member, "lifted", key, _l("Your suspension has ended"))
    audit.record("lift", actor_id, f"member:{member.id}")
    emit(SuspensionLifted(actor_id=actor_id, member_id=member.id))
