"""An authenticator's codes (TOTP, RFC 6238) and ten recovery codes that stand in for it."""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pyotp
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select

from iocop.core import audit, clock
from iocop.core.db import act, db
from iocop.core.errors import Conflict, Gone, Invalid
from iocop.core.events import emit
from iocop.core.policy import require
from iocop.core.site import site
from iocop.members import mails, policy
from iocop.members.events import SecondFactorChanged
from iocop.members.models import Member, RecoveryCode, Ticket
from iocop.members.services.tickets import drop_tickets, issue_ticket
from iocop.members.tokens import keyed

if TYPE_CHECKING:
    from iocop.core.login import Viewer
    from iocop.core.policy import Sentence

STEP: Final = 30
"""Seconds a code is shown; the one before and the one after are taken as well, for clocks that differ."""
SET_UP_LASTS: Final = timedelta(hours=1)
CODES: Final = 10
ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
KIND: Final = "authenticator"


def enable_totp(actor: Viewer) -> None:
    """Begin to set up an authenticator: a secret waits an hour for its first code.

    Raises:
        Conflict: one is set up already.
    """
    with act() as session:
        require(policy.may_change_own(actor))
        if session.get_one(Member, actor.id).totp_secret:
            raise Conflict(_l("You have an authenticator. Remove it first to set up another."))
        drop_tickets(actor.id, KIND)
        issue_ticket(KIND, SET_UP_LASTS, actor.id, secret=pyotp.random_base32())


def waiting_secret(member_id: int) -> str | None:
    """Return the secret that waits for its first code."""
    payload = db.session.scalar(
        select(Ticket.payload).where(
            Ticket.kind == KIND, Ticket.member_id == member_id, Ticket.expires_at > clock.now(),
            Ticket.used_at.is_(None),
        )
    )  # fmt: skip
    return payload["secret"] if payload else None


def provisioning_address(member_id: int) -> str:
    """Return the ``otpauth:`` address an authenticator reads from the QR code.

    Raises:
        Gone: no set-up is under way.
    """
    secret = waiting_secret(member_id)
    if secret is None:
        raise Gone(_l("This set-up has expired. Please begin again."))
    email = db.session.scalar(select(Member.email).where(Member.id == member_id))
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=site().name.replace(":", " "))


def confirm_totp(actor: Viewer, code: str) -> list[str]:
    """Finish the set-up with a first code; return ten recovery codes, which are shown this once.

    Raises:
        Gone: no set-up is under way.
        Invalid: the code is wrong.
    """
    with act() as session:
        require(policy.may_change_own(actor))
        member = session.get_one(Member, actor.id, with_for_update=True)
        secret = waiting_secret(actor.id)
        if secret is None:
            raise Gone(_l("This set-up has expired. Please begin again."))
        step = _step_of(secret, code, after=0)
        if step is None:
            raise Invalid(
                _l("This code does not match. Check the clock of your device and type the next one."), "code"
            )
        member.totp_secret, member.totp_step = secret, step
        drop_tickets(actor.id, KIND)
        _changed(member, _l("Two-step sign-in is on"), enabled=True)
        return _write_codes(member.id)


def disable_totp(actor: Viewer) -> None:
    """Remove the authenticator and its recovery codes; the view has asked for the password."""
    with act() as session:
        require(policy.may_change_own(actor))
        member = session.get_one(Member, actor.id, with_for_update=True)
        member.totp_secret, member.totp_step = "", 0
        session.execute(delete(RecoveryCode).where(RecoveryCode.member_id == member.id))
        _changed(member, _l("Two-step sign-in is off"), enabled=False)


def renew_recovery_codes(actor: Viewer) -> list[str]:
    """Replace the recovery codes by ten new ones, shown this once.

    Raises:
        Conflict: there is no authenticator they could stand in for.
    """
    with act() as session:
        require(policy.may_change_own(actor))
        member = session.get_one(Member, actor.id, with_for_update=True)
        if not member.totp_secret:
            raise Conflict(_l("Set up an authenticator first."))
        audit.record("renew_recovery_codes", actor.id, f"member:{actor.id}")
        emit(SecondFactorChanged(actor_id=actor.id, member_id=actor.id))
        return _write_codes(member.id)


def take_code(member: Member, code: str) -> bool:
    """Say whether a code is right, and use it up, in the current act; the member's row is locked by the caller."""
    typed = "".join(code.split()).lower()
    step = _step_of(member.totp_secret, typed, after=member.totp_step)
    if step is not None:
        member.totp_step = step
        return True
    with act() as session:
        spare = session.scalar(
            select(RecoveryCode)
            .where(RecoveryCode.code_hash == _code_hash(member.id, typed), RecoveryCode.used_at.is_(None))
            .with_for_update()
        )
        if spare:
            spare.used_at = clock.now()
            audit.record("recovery_code", member.id, f"member:{member.id}")
        return spare is not None


def codes_left(member_id: int) -> int:
    """Return how many recovery codes a member has not used."""
    rows = db.session.scalars(
        select(RecoveryCode.id).where(RecoveryCode.member_id == member_id, RecoveryCode.used_at.is_(None))
    )
    return len(rows.all())


def _step_of(secret: str, code: str, after: int) -> int | None:
    """Return the time step a code belongs to, if it is later than the last one taken: no code works twice."""
    generator, now = pyotp.TOTP(secret, interval=STEP), int(clock.now().timestamp()) // STEP
    typed = code.strip().encode()
    for step in (now - 1, now, now + 1):
        if step > after and hmac.compare_digest(generator.generate_otp(step).encode(), typed):
            return step
    return None


def _write_codes(member_id: int) -> list[str]:
    codes = ["-".join(_letters(5) for _ in range(2)) for _ in range(CODES)]
    with act() as session:
        session.execute(delete(RecoveryCode).where(RecoveryCode.member_id == member_id))
        session.add_all(
            RecoveryCode(member_id=member_id, code_hash=_code_hash(member_id, code)) for code in codes
        )
    return codes


def _letters(count: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(count))


def _code_hash(member_id: int, code: str) -> str:
    return keyed(f"recovery:{member_id}:{code.replace('-', '')}")


def _changed(member: Member, subject: Sentence, *, enabled: bool) -> None:
    key = f"second_factor:{member.id}:{clock.now().isoformat()}"
    mails.to_member(
        member, "second_factor", key, subject, enabled=enabled, link=mails.link("members.security")
    )
    audit.record("second_factor", member.id, f"member:{member.id}", enabled=enabled)
    emit(SecondFactorChanged(actor_id=member.id, member_id=member.id))
