"""A new password: changed by who is signed in, or reset by a link. Either ends every session."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from flask_babel import lazy_gettext as _l

from iocop.core import audit, clock
from iocop.core.db import act, db
from iocop.core.errors import Gone, Invalid
from iocop.core.events import emit
from iocop.core.policy import require
from iocop.core.site import site
from iocop.members import mails, passwords, policy, queries
from iocop.members.events import PasswordChanged
from iocop.members.models import Member
from iocop.members.services.attempts import count_attempt
from iocop.members.services.sessions import end_sessions, open_session
from iocop.members.services.signing_in import MAY_SIGN_IN, require_password
from iocop.members.services.tickets import (
    ENDED,
    drop_tickets,
    issue_ticket,
    mail_key,
    peek_ticket,
    take_ticket,
)

if TYPE_CHECKING:
    from iocop.core.login import Viewer

RESET_LASTS: Final = timedelta(hours=1)


def request_reset(email: str, address: str = "") -> None:
    """Send a link for a new password to an address, if it is a member's; nobody learns whether it is.

    Raises:
        TooMany: ten tries in five minutes.
    """
    email = email.strip().lower()
    count_attempt("reset", email, address)
    with act():
        member = queries.member_by_email(email)
        if member is None or member.state not in MAY_SIGN_IN:
            key = f"reset:{clock.now().isoformat()}"
            mails.to_address(email, "reset_unknown", key, _l("Somebody asked for a new password"))
            return
        drop_tickets(member.id, "reset")
        token = issue_ticket("reset", RESET_LASTS, member.id)
        mails.to_member(
            member, "reset", mail_key(token), _l("A new password"),
            link=mails.link("members.reset", token=token),
        )  # fmt: skip


def reset_password(token: str, password: str) -> None:
    """Set a new password by a link; the second step of signing in stays as it was.

    Raises:
        Gone: the link was used or has expired.
        Invalid: the password is too easy to guess.
    """
    member_id = peek_ticket("reset", token).member_id or 0
    password_hash = _hashed(member_id, password)
    with act() as session:
        take_ticket("reset", token)
        member = session.get_one(Member, member_id, with_for_update=True)
        if member.state not in MAY_SIGN_IN:
            raise Gone(ENDED)
        _set(member, password_hash)


def change_password(actor: Viewer, present: str, password: str, device: str, address: str = "") -> str:
    """Set a new password; every session ends, and a fresh one for this browser is returned.

    Raises:
        Invalid: the present password is wrong or the new one too easy to guess.
        TooMany: ten tries in five minutes.
    """
    require(policy.may_change_own(actor))
    require_password(actor.id, present, address)
    password_hash = _hashed(actor.id, password)
    with act() as session:
        _set(session.get_one(Member, actor.id, with_for_update=True), password_hash)
        return open_session(actor.id, device)


def _hashed(member_id: int, password: str) -> str:
    member = db.session.get_one(Member, member_id)
    weak = passwords.weakness(password, member.name, member.email or "", site().name)
    if weak:
        raise Invalid(weak, "new_password")
    return passwords.hash_password(password)


def _set(member: Member, password_hash: str) -> None:
    member.password_hash = password_hash
    end_sessions(member.id)
    drop_tickets(member.id, "reset", "email_change", "second_step", "return")
    key = f"password:{member.id}:{clock.now().isoformat()}"
    mails.to_member(
        member,
        "password_changed",
        key,
        _l("Your password was changed"),
        link=mails.link("members.request_reset"),
    )
    audit.record("change_password", member.id, f"member:{member.id}")
    emit(PasswordChanged(actor_id=member.id, member_id=member.id))
