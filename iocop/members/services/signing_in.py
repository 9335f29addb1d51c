"""Signing in: address and password, then a code where the member has an authenticator, then a session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, TypeAlias

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from iocop.core import audit
from iocop.core.db import act, db
from iocop.core.errors import Conflict, Invalid
from iocop.core.events import emit
from iocop.members import passwords
from iocop.members.events import MemberReturned
from iocop.members.models import Member
from iocop.members.services import second_factor, standing
from iocop.members.services.attempts import count_attempt, forgive
from iocop.members.services.sessions import open_session
from iocop.members.services.tickets import issue_ticket, peek_ticket, take_ticket

if TYPE_CHECKING:
    from iocop.core.policy import Sentence

STEP_LASTS: Final = timedelta(minutes=10)
MAY_SIGN_IN: Final = ("active", "suspended", "left")
WRONG: Final = _l(
    "This address and this password do not belong together. Check both, or ask for a new password."
)
WRONG_CODE: Final = _l("This code is not right, or was used already. Wait for the next one and try again.")


@dataclass(frozen=True)
class Opened:
    """A session is open; *token* goes into the cookie."""

    token: str


@dataclass(frozen=True)
class CodeNeeded:
    """The password was right; *ticket* goes with the code."""

    ticket: str


@dataclass(frozen=True)
class ReturnOffered:
    """Somebody who left is back at the door; *ticket* opens it."""

    ticket: str


Outcome: TypeAlias = Opened | CodeNeeded | ReturnOffered


def sign_in(email: str, password: str, device: str, address: str = "") -> Outcome:
    """Try an address and a password. An unknown address costs the same time and reads the same.

    Raises:
        Invalid: they do not belong together.
        TooMany: ten tries in five minutes.
    """
    email = email.strip().lower()
    counted = count_attempt("sign_in", email, address)
    stored = db.session.execute(
        select(Member.id, Member.password_hash).where(Member.email == email, Member.state.in_(MAY_SIGN_IN))
    ).first()
    checked = stored.password_hash if stored else None
    right = passwords.matches(checked, password)
    if stored is None or not right:
        return _refuse("sign_in", stored.id if stored else None, WRONG, "password")
    fresh = passwords.hash_password(password) if passwords.outdated(str(checked)) else checked
    with act() as session:
        forgive(counted)
        member = session.get_one(Member, stored.id, with_for_update=True)
        if member.password_hash != checked:  # changed while we looked
            raise Invalid(WRONG, "password")
        member.password_hash = fresh
        if member.totp_secret:
            return CodeNeeded(issue_ticket("second_step", STEP_LASTS, member.id))
        return _admit(member, device)


def sign_in_with_code(ticket: str, code: str, device: str, address: str = "") -> Outcome:
    """Give the second step: a code of the authenticator or a recovery code.

    Raises:
        Gone: ten minutes have passed since the first step.
        Invalid: the code is wrong or was used.
        TooMany: ten tries in five minutes.
    """
    member_id = peek_ticket("second_step", ticket).member_id or 0
    counted = count_attempt("code", str(member_id), address)
    with act() as session:
        member = session.get_one(Member, member_id, with_for_update=True)
        taken = second_factor.take_code(member, code)
        if taken:
            take_ticket("second_step", ticket)
            forgive(counted)
            return _admit(member, device)
    return _refuse("sign_in_code", member_id, WRONG_CODE, "code")


def come_back(ticket: str, device: str) -> Opened:
    """Return after having left; what was there before is there again.

    Raises:
        Gone: the offer has expired.
        Conflict: the member is not away.
    """
    with act() as session:
        member_id, _ = take_ticket("return", ticket)
        member = session.get_one(Member, member_id, with_for_update=True)
        if member.state != "left":
            raise Conflict(_l("You are a member already: just sign in."))
        standing.resume(member)
        emit(MemberReturned(actor_id=member.id, member_id=member.id))
        audit.record("return", member.id, f"member:{member.id}")
        return Opened(open_session(member.id, device))


def _admit(member: Member, device: str) -> Outcome:
    if member.state == "left":
        return ReturnOffered(issue_ticket("return", STEP_LASTS, member.id))
    return Opened(open_session(member.id, device))


def _refuse(act_name: str, member_id: int | None, why: Sentence, field: str) -> Outcome:
    audit.record(act_name, None, f"member:{member_id}" if member_id else "", result="failed")
    raise Invalid(why, field)


def require_password(member_id: int, password: str, address: str = "") -> None:
    """Have a signed-in member give the password once more, before something that matters.

    Raises:
        Invalid: it is another password.
        TooMany: ten tries in five minutes.
    """
    counted = count_attempt("password", str(member_id), address)
    stored = db.session.scalar(select(Member.password_hash).where(Member.id == member_id))
    if not passwords.matches(stored, password):
        _refuse("password", member_id, _l("This is not your present password."), "password")
    forgive(counted)
