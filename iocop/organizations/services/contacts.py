"""Administrators name who speaks for an organization here; whoever was named may lay it down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from iocop.core import audit, clock
from iocop.core.db import act
from iocop.core.errors import Conflict, Invalid, Missing
from iocop.core.events import emit
from iocop.core.policy import require
from iocop.organizations import policy, queries
from iocop.organizations.events import OrganizationContactEnded, OrganizationContactNamed
from iocop.organizations.models import OrganizationContact
from iocop.organizations.services.records import existing

if TYPE_CHECKING:
    from iocop.core.login import Viewer


def name_contact(actor: Viewer, organization_id: int, member_id: int) -> OrganizationContact:
    """Name a member to speak for an organization.

    Raises:
        Refused: not an administrator.
        Invalid: the member has no proved affiliation with the organization.
        Conflict: the member is its contact already.
    """
    with act() as session:
        require(policy.may_administer(actor))
        existing(session, organization_id)
        now = clock.now()
        if organization_id not in queries.organization_ids(member_id, now, verified_only=True):
            raise Invalid(
                _l("Only a member whose affiliation is proved can speak for the organization."), "contact"
            )
        row = OrganizationContact(
            organization_id=organization_id, member_id=member_id, named_at=now, named_by_id=actor.id
        )
        try:
            with session.begin_nested():
                session.add(row)
                session.flush()
        except IntegrityError as error:
            raise Conflict(_l("This member is the organization's contact already.")) from error
        emit(OrganizationContactNamed(actor.id, organization_id=organization_id, member_id=member_id))
        audit.record("name_contact", actor.id, f"organization:{organization_id}", member=member_id)
    return row


def end_contact(actor: Viewer, contact_id: int) -> OrganizationContact:
    """End that somebody speaks for an organization, now."""
    with act() as session:
        row = session.get(OrganizationContact, contact_id)
        if row is None or row.ended_at is not None:
            raise Missing(_l("There is no such contact, or it has ended."))
        require(policy.may_end_contact(actor, row))
        row.ended_at, row.ended_by_id = clock.now(), actor.id
        emit(OrganizationContactEnded(actor.id, organization_id=row.organization_id, member_id=row.member_id))
        audit.record("end_contact", actor.id, f"organization:{row.organization_id}", member=row.member_id)
    return row


def end_contacts_of(member_id: int) -> None:
    """End every such office of somebody who leaves the community."""
    with act() as session:
        session.execute(
            update(OrganizationContact)
            .where(OrganizationContact.member_id == member_id, OrganizationContact.ended_at.is_(None))
            .values(ended_at=clock.now(), ended_by_id=member_id)
        )


def move_contacts(old_id: int, new_id: int) -> None:
    """Let the contacts of a merged record speak for the one it turned out to be."""
    contact = OrganizationContact
    with act() as session:
        known = select(contact.member_id).where(contact.organization_id == new_id, contact.ended_at.is_(None))
        live = (contact.organization_id == old_id, contact.ended_at.is_(None))
        session.execute(
            update(contact)
            .where(*live, contact.member_id.not_in(known.scalar_subquery()))
            .values(organization_id=new_id)
        )
        session.execute(update(contact).where(*live).values(ended_at=clock.now()))
