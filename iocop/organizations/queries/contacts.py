"""Who speaks for an organization here."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import and_, or_, select

from iocop.core.db import db
from iocop.members.models import Member
from iocop.members.numbers import shown
from iocop.organizations.models import Affiliation, OrganizationContact
from iocop.organizations.queries.standing import holding

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement


class Contact(NamedTuple):
    """A contact as pages show one; *proved*: the affiliation is, so the office holds at this moment."""

    id: int
    name: str
    number: str
    since: datetime
    proved: bool


def proved(at: datetime) -> ColumnElement[bool]:
    """Return the condition that a contact's affiliation holds and is proved at a moment."""
    return (
        select(Affiliation.id)
        .where(
            Affiliation.member_id == OrganizationContact.member_id,
            Affiliation.organization_id == OrganizationContact.organization_id,
            holding(at),
            Affiliation.evidence != "self",
            or_(Affiliation.expires_at.is_(None), Affiliation.expires_at > at),
        )
        .exists()
    )


def contacts_of(organization_id: int, at: datetime) -> list[Contact]:
    """Return the contacts of an organization, the one named first first."""
    contact = OrganizationContact
    rows = db.session.execute(
        select(contact.id, Member.name, Member.number, contact.named_at, proved(at).label("proved"))
        .join(Member, Member.id == contact.member_id)
        .where(
            contact.organization_id == organization_id, contact.ended_at.is_(None), Member.state == "active"
        )
        .order_by(contact.named_at, contact.id)
    )
    return [Contact(row.id, row.name, shown(row.number), row.named_at, row.proved) for row in rows]


def is_contact(member_id: int, organization_id: int, at: datetime) -> bool:
    """Say whether a member speaks for an organization: named, not ended, and the affiliation is proved."""
    contact = OrganizationContact
    named = and_(
        contact.member_id == member_id, contact.organization_id == organization_id, contact.ended_at.is_(None)
    )
    return db.session.scalar(select(contact.id).where(named, proved(at)).limit(1)) is not None
