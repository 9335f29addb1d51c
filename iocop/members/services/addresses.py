"""Another e-mail address: confirmed at the new one, told to both."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from iocop.core import audit, clock
from iocop.core.db import act
from iocop.core.errors import Conflict
from iocop.core.events import emit
from iocop.core.policy import require
from iocop.members import mails, policy, queries
from iocop.members.events import AddressChanged
from iocop.members.models import Member
from iocop.members.services.signing_in import require_password
from iocop.members.services.tickets import drop_tickets, issue_ticket, mail_key, take_ticket

if TYPE_CHECKING:
    from iocop.core.login import Viewer

CHANGE_LASTS: Final = timedelta(hours=24)
KIND: Final = "email_change"


def request_email_change(actor: Viewer, email: str, password: str, address: str = "") -> None:
    """Ask for another address: it gets a link, the present one a warning. A taken address reads the same here.

    Raises:
        Invalid: the password is wrong.
        TooMany: ten tries in five minutes.
    """
    require(policy.may_change_own(actor))
    require_password(actor.id, password, address)
    email = email.strip().lower()
    with act() as session:
        member = session.get_one(Member, actor.id)
        drop_tickets(actor.id, KIND)
        token = issue_ticket(KIND, CHANGE_LASTS, actor.id, email=email)
        key = mail_key(token)
        mails.to_member(
            member, "email_change_asked", key, _l("A new address for your account was asked for"),
            link=mails.link("members.request_reset"),
        )  # fmt: skip
        if queries.member_by_email(email):
            mails.to_address(email, "email_taken", key, _l("This address has an account already"))
        else:
            mails.to_address(
                email, "email_change", key, _l("Please confirm your new address"), member_id=member.id,
                name=member.name, link=mails.link("members.confirm_email", token=token),
            )  # fmt: skip
        audit.record("request_email_change", actor.id, f"member:{actor.id}")


def confirm_email_change(token: str) -> None:
    """Make the confirmed address the member's; both addresses are told.

    Raises:
        Gone: the link was used or has expired.
        Conflict: the address has come to belong to another member.
    """
    with act() as session:
        member_id, given = take_ticket(KIND, token)
        member = session.get_one(Member, member_id, with_for_update=True)
        key = f"email:{member.id}:{clock.now().isoformat()}"
        subject = _l("Your address was changed")
        mails.to_member(member, "email_changed_old", key, subject, link=mails.link("members.request_reset"))
        member.email = given["email"]
        try:
            with session.begin_nested():
                session.flush()
        except IntegrityError as error:
            raise Conflict(_l("This address belongs to another member.")) from error
        drop_tickets(member.id, "reset")
        mails.to_member(member, "email_changed", key, subject, link=mails.link("members.security"))
        audit.record("change_email", member.id, f"member:{member.id}")
        emit(AddressChanged(actor_id=member.id, member_id=member.id))
