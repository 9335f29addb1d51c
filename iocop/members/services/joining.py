"""Joining: an address is confirmed before there is a member; by open door, by approval or by invitation."""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from iocop.core import audit, clock
from iocop.core.db import act, db, is_postgresql
from iocop.core.errors import Conflict, Invalid, Missing, TooMany
from iocop.core.events import emit
from iocop.core.policy import require
from iocop.core.site import site
from iocop.members import mails, passwords, policy, queries
from iocop.members.events import ApplicationDecided, ApplicationReceived, MemberInvited, MemberJoined
from iocop.members.models import Application, Invitation, Member
from iocop.members.services.attempts import count_attempt
from iocop.members.services.tickets import issue_ticket, mail_key, take_ticket

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from iocop.core.login import Viewer

JOIN_LASTS: Final = timedelta(hours=48)
INVITATIONS_A_DAY: Final = 20
HANDLE_LENGTH: Final = 32


def join(name: str, email: str, password: str, address: str = "", locale: str = "") -> None:
    """Ask to join. Whatever the answer, it goes by mail to the address, so that nobody learns who is a member.

    Raises:
        Invalid: the password is too easy to guess.
        TooMany: ten tries in five minutes.
    """
    weak = passwords.weakness(password, name, email, site().name)
    if weak:
        raise Invalid(weak, "password")
    email = email.strip().lower()
    count_attempt("join", email, address)
    password_hash = passwords.hash_password(
        password
    )  # done for a known address too: the same time either way
    with act():
        known = queries.member_by_email(email)
        if known:
            key = f"join:{known.id}:{clock.now().isoformat()}"
            mails.to_member(known, "join_known", key, _l("You have an account already"))
        elif site().registration == "invitation" and not _invited(email):
            mails.to_address(email, "join_uninvited", _key(email), _l("Joining is by invitation"))
        else:
            token = issue_ticket(
                "join", JOIN_LASTS, name=name.strip(), email=email, password_hash=password_hash, locale=locale
            )
            mails.to_address(
                email, "join", mail_key(token), _l("Please confirm your address"),
                name=name.strip(), link=mails.link("members.confirm", token=token),
            )  # fmt: skip


def _key(email: str) -> str:
    from iocop.members.tokens import keyed  # an address itself never stands in a key

    return f"join:{keyed(email)[:24]}:{int(clock.now().timestamp())}"


def _invited(email: str) -> bool:
    return db.session.scalar(select(Invitation.id).where(Invitation.email == email)) is not None


def confirm(token: str) -> Member | None:
    """Make the confirmed address a member; None where an administrator decides first.

    Raises:
        Gone: the link was used or has expired.
        Conflict: the address joined meanwhile by another link.
    """
    with act() as session:
        _, given = take_ticket("join", token)
        if queries.member_by_email(given["email"]):
            raise Conflict(_l("This address belongs to a member already: just sign in."))
        if site().registration == "approval":
            _apply(session, given)
            return None
        invitation = session.scalar(select(Invitation).where(Invitation.email == given["email"]))
        if invitation:
            invitation.used_at = clock.now()
        return add_member(given["name"], given["email"], given["password_hash"], given.get("locale", ""))


def _apply(session: Session, given: dict[str, str]) -> None:
    application = session.scalar(select(Application).where(Application.email == given["email"]))
    if application:
        application.name, application.password_hash = given["name"], given["password_hash"]
        return
    application = Application(
        name=given["name"], email=given["email"], password_hash=given["password_hash"], created_at=clock.now()
    )
    session.add(application)
    session.flush()
    emit(ApplicationReceived(actor_id=None, application_id=application.id))


def add_member(name: str, email: str, password_hash: str, locale: str = "") -> Member:
    """Write a member whose address is confirmed, in the current act.

    Raises:
        Conflict: the address belongs to a member already.
    """
    with act() as session:
        now = clock.now()
        member = Member(
            number=next_number(), handle=free_handle(name), name=name, email=email, password_hash=password_hash,
            joined_at=now, reviewed_at=now, locale=locale,
        )  # fmt: skip
        try:
            with session.begin_nested():
                session.add(member)
        except IntegrityError as error:
            raise Conflict(_l("This address belongs to a member already: just sign in.")) from error
        emit(MemberJoined(actor_id=member.id, member_id=member.id))
        audit.record("join", member.id, f"member:{member.id}")
    return member


def next_number() -> int:
    """Return the next free member number; nobody else gets one until the current act ends."""
    with act() as session:
        if is_postgresql():
            session.execute(text("lock table member in share row exclusive mode"))
        return (session.scalar(select(func.max(Member.number))) or 0) + 1


def free_handle(name: str) -> str:
    """Return a handle made of a name that nobody has yet, in the current act."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    start = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:HANDLE_LENGTH].strip("-") or "member"
    taken = set(
        db.session.scalars(select(Member.handle).where(Member.handle.startswith(start, autoescape=True)))
    )
    number = 2
    handle = start
    while handle in taken:
        handle, number = f"{start}-{number}", number + 1
    return handle


def invite(actor: Viewer, email: str) -> None:
    """Vouch for an address; it gets a mail, once. A member's address gets none, and the answer is the same.

    Raises:
        Refused: the actor may not invite.
        TooMany: twenty invitations in a day.
    """
    email = email.strip().lower()
    with act() as session:
        require(policy.may_invite(actor))
        since = clock.now() - timedelta(days=1)
        recent = select(func.count()).where(
            Invitation.invited_by_id == actor.id, Invitation.created_at > since
        )
        if (session.scalar(recent) or 0) >= INVITATIONS_A_DAY:
            raise TooMany(
                _l("Twenty invitations a day are the limit. Please go on tomorrow."), retry_after=86_400
            )
        if _invited(email) or queries.member_by_email(email):
            return
        invitation = Invitation(invited_by_id=actor.id, email=email, created_at=clock.now())
        session.add(invitation)
        session.flush()
        mails.to_address(
            email, "invitation", f"invitation:{invitation.id}", _l("%(name)s invites you", name=actor.name),
            inviter=actor.name, link=mails.link("members.join"),
        )  # fmt: skip
        emit(MemberInvited(actor_id=actor.id, invitation_id=invitation.id))


def decide_application(actor: Viewer, application_id: int, *, approve: bool) -> Member | None:
    """Let somebody in, or not; either way a mail says so, and what they gave is not kept in the application.

    Raises:
        Refused: the actor is no administrator.
        Missing: there is no such application.
        Conflict: it has been decided already.
    """
    with act() as session:
        require(policy.may_decide_application(actor))
        application = session.get(Application, application_id, with_for_update=True)
        if application is None:
            raise Missing(_l("There is no such application."))
        if application.state != "waiting":
            raise Conflict(_l("This application has been decided already."))
        name, email, password_hash = application.name, application.email, application.password_hash
        application.state = "approved" if approve else "declined"
        application.decided_at, application.decided_by_id = clock.now(), actor.id
        application.name, application.email, application.password_hash = "", f"#{application_id}", ""
        emit(ApplicationDecided(actor_id=actor.id, application_id=application_id))
        audit.record("decide_application", actor.id, f"application:{application_id}", approved=approve)
        member = add_member(name, email, password_hash) if approve else None
        subject = _l("Welcome") if approve else _l("About your application")
        mails.to_address(
            email, "application", f"application:{application_id}", subject,
            name=name, approved=approve, link=mails.link("members.sign_in"),
        )  # fmt: skip
        return member
