"""What administrators say of organizations: how they are related, which were one, which domains are theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import IntegrityError

from iocop.core import audit, clock
from iocop.core.db import act
from iocop.core.errors import Conflict, Invalid, Missing
from iocop.core.events import emit
from iocop.core.policy import require
from iocop.core.versions import bump
from iocop.organizations import mail_domains, naming, policy, queries
from iocop.organizations.events import OrganizationChanged, OrganizationMerged, OrganizationsRelated
from iocop.organizations.models import (
    Affiliation,
    MailDomain,
    Offer,
    Organization,
    OrganizationAlias,
    OrganizationRelation,
)
from iocop.organizations.services.affiliations import supersede
from iocop.organizations.services.cards import refresh_card
from iocop.organizations.services.contacts import move_contacts
from iocop.organizations.services.records import existing

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from iocop.core.login import Viewer

UPWARD = ("parent", "successor")
"""Kinds that lead from one organization up to another; a circle of them would lead nowhere."""


def relate(
    actor: Viewer, a_id: int, kind: str, b_id: int, valid_from: date, valid_to: date | None = None
) -> OrganizationRelation:
    """Say that *a* is, from one day until another, the *kind* of *b*: its parent, successor, supplier, …"""
    with act() as session:
        require(policy.may_administer(actor))
        for organization_id in sorted((a_id, b_id)):
            existing(session, organization_id)
        if a_id == b_id:
            raise Invalid(_l("Name two organizations."), "other")
        if valid_to is not None and valid_to <= valid_from:
            raise Invalid(_l("The end lies after the beginning."), "valid_to")
        if queries.related(a_id, kind, b_id, valid_from, valid_to):
            raise Conflict(_l("This relation is known for that time already."))
        if kind in UPWARD and b_id in queries.above(a_id, kind):
            raise Conflict(_l("That would close a circle: the one already stands above the other."))
        relation = OrganizationRelation(
            a_id=a_id, b_id=b_id, kind=kind, valid_from=valid_from, valid_to=valid_to
        )
        session.add(relation)
        session.flush()
        emit(OrganizationsRelated(actor_id=actor.id, organization_ids=(a_id, b_id), relation_id=relation.id))
        audit.record("relate_organizations", actor.id, f"relation:{relation.id}", kind=kind)
        bump("organizations", f"organization:{a_id}", f"organization:{b_id}")
    return relation


def end_relation(actor: Viewer, relation_id: int, on: date) -> OrganizationRelation:
    """Say from which day a relation no longer held."""
    with act() as session:
        require(policy.may_administer(actor))
        relation = session.get(OrganizationRelation, relation_id)
        if relation is None:
            raise Missing(_l("There is no such relation."))
        if on <= relation.valid_from:
            raise Invalid(_l("The end lies after the beginning."), "valid_to")
        relation.valid_to = on
        session.flush()
        emit(
            OrganizationsRelated(
                actor_id=actor.id, organization_ids=(relation.a_id, relation.b_id), relation_id=relation.id
            )
        )
        audit.record("end_relation", actor.id, f"relation:{relation.id}")
        bump("organizations", f"organization:{relation.a_id}", f"organization:{relation.b_id}")
    return relation


def add_mail_domain(actor: Viewer, organization_id: int, domain: str) -> MailDomain:
    """Say that an internet domain is an organization's, so that an address on it proves an affiliation.

    Raises:
        Invalid: not a domain somebody registered, or one where anybody gets an address.
        Conflict: it is another organization's.
    """
    try:
        tidy = mail_domains.tidy(domain)
    except ValueError as error:
        raise Invalid(_l("That is no internet domain; write it like acme.example."), "domain") from error
    if not mail_domains.can_be_proved(tidy):
        raise Invalid(
            _l("Anybody can have an address there; only a domain of its own proves anything."), "domain"
        )
    with act() as session:
        require(policy.may_administer(actor))
        existing(session, organization_id)
        row = MailDomain(
            organization_id=organization_id, domain=tidy, verified_by="admin", verified_at=clock.now()
        )
        try:
            with session.begin_nested():
                session.add(row)
                session.flush()
        except IntegrityError as error:
            raise Conflict(_l("This domain is known as an organization's already.")) from error
        emit(OrganizationChanged(actor_id=actor.id, organization_id=organization_id))
        audit.record("add_mail_domain", actor.id, f"organization:{organization_id}", domain=tidy)
        bump("organizations", f"organization:{organization_id}")
    return row


def remove_mail_domain(actor: Viewer, domain_id: int) -> None:
    """Take a domain away; what was proved with it stands until it expires."""
    with act() as session:
        require(policy.may_administer(actor))
        row = session.get(MailDomain, domain_id)
        if row is None:
            raise Missing(_l("There is no such domain."))
        organization_id = row.organization_id
        session.delete(row)
        emit(OrganizationChanged(actor_id=actor.id, organization_id=organization_id))
        audit.record("remove_mail_domain", actor.id, f"organization:{organization_id}")
        bump("organizations", f"organization:{organization_id}")


def merge(actor: Viewer, organization_id: int, into_id: int) -> Organization:
    """Say that two records were one organization all along; the first goes on as a signpost to the second.

    Stamps keep the old record. What members state is corrected to the new one, with its history; names, products,
    relations and domains move. (An organization that *became* another is related as predecessor, not merged.)
    """
    with act() as session:
        require(policy.may_administer(actor))
        if organization_id == into_id:
            raise Invalid(_l("Name two organizations."), "other")
        first, second = (existing(session, key) for key in sorted((organization_id, into_id)))
        old, new = (first, second) if first.id == organization_id else (second, first)
        if old.merged_into_id is not None or new.merged_into_id is not None:
            raise Conflict(_l("One of the two was merged already."))
        old.merged_into_id = new.id
        session.execute(
            update(Organization).where(Organization.merged_into_id == old.id).values(merged_into_id=new.id)
        )
        _move_names(session, old, new)
        _move_relations(session, old.id, new.id)
        session.execute(
            update(MailDomain).where(MailDomain.organization_id == old.id).values(organization_id=new.id)
        )
        _move_affiliations(session, actor, old.id, new.id)
        move_contacts(old.id, new.id)
        emit(OrganizationMerged(actor_id=actor.id, organization_id=old.id, into_id=new.id))
        audit.record("merge_organizations", actor.id, f"organization:{old.id}", into=new.id)
        bump("organizations", f"organization:{old.id}", f"organization:{new.id}")
    return new


def _move_names(session: Session, old: Organization, new: Organization) -> None:
    for model in (OrganizationAlias, Offer):
        kept = select(model.name).where(model.organization_id == new.id)
        session.execute(delete(model).where(model.organization_id == old.id, model.name.in_(kept)))
        session.execute(update(model).where(model.organization_id == old.id).values(organization_id=new.id))
    known = set(
        session.scalars(select(OrganizationAlias.name).where(OrganizationAlias.organization_id == new.id))
    )
    if old.name not in known | {new.name}:
        session.add(OrganizationAlias(organization_id=new.id, name=old.name, folded=naming.folded(old.name)))
        session.flush()


def _move_relations(session: Session, old_id: int, new_id: int) -> None:
    relation = OrganizationRelation
    between = or_(relation.a_id == new_id, relation.b_id == new_id)
    session.execute(delete(relation).where(or_(relation.a_id == old_id, relation.b_id == old_id), between))
    session.execute(update(relation).where(relation.a_id == old_id).values(a_id=new_id))
    session.execute(update(relation).where(relation.b_id == old_id).values(b_id=new_id))


def _move_affiliations(session: Session, actor: Viewer, old_id: int, new_id: int) -> None:
    rows = session.scalars(
        select(Affiliation)
        .where(Affiliation.organization_id == old_id, Affiliation.superseded_at.is_(None))
        .order_by(Affiliation.member_id)
    ).all()
    for row in rows:
        supersede(session, actor.id, row, organization_id=new_id)
    for member_id in {row.member_id for row in rows}:
        refresh_card(member_id)
