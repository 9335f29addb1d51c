"""What members were told, after the worker has been round."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from iocop.core import outbox
from iocop.core.db import db
from iocop.core.models import MailRow
from iocop.notifications.models import Notice

if TYPE_CHECKING:
    from iocop.members.models import Member


def told(member: Member) -> list[str]:
    """The kinds in a member's inbox, oldest first."""
    outbox.deliver_all()
    return list(
        db.session.scalars(select(Notice.kind).where(Notice.member_id == member.id).order_by(Notice.id))
    )


def mails_to(member: Member) -> list[MailRow]:
    outbox.deliver_all()
    return list(
        db.session.scalars(select(MailRow).where(MailRow.recipient_id == member.id).order_by(MailRow.id))
    )
