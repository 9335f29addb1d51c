"""What an organization is: founded by any member who names an employer, then mended by those who may."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from iocop.core import audit, clock
from iocop.core.db import act
from iocop.core.errors import Conflict, Invalid, Missing
from iocop.core.events import emit
from iocop.core.policy import require
from iocop.core.text.render import render
from iocop.core.versions import bump
from iocop.organizations import naming, policy, queries
from iocop.organizations.events import OrganizationChanged, OrganizationFounded
from iocop.organizations.models import MemberCard, Offer, Organization, OrganizationAlias
from iocop.organizations.services.cards import refresh_card

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from iocop.core.login import Viewer


@dataclass(frozen=True)
class Facts:
    """What is said of an organization; *country* as in ISO 3166-1 alpha-2, *about* in Markdown."""

    name: str
    type: str
    size_band: str = ""
    industry: str = ""
    country: str = ""
    city: str = ""
    website: str = ""
    about: str = ""


def found_organization(actor: Viewer, facts: Facts, *, distinct: bool = False) -> Organization:
    """Enter an organization nobody has entered yet.

    Args:
        distinct: the member has seen those that sound alike, and means another.

    Raises:
        Conflict: one of the same name is known, and *distinct* was not said.
    """
    about_html = render(facts.about).html if facts.about else ""
    with act() as session:
        require(policy.may_found(actor))
        _check_name(facts.name)
        if not distinct and queries.same_name(facts.name):
            raise Conflict(_l("An organization of this name is known already."))
        organization = Organization(
            **asdict(facts),
            slug=naming.free_slug(facts.name, queries.slugs_like(naming.slug(facts.name))),
            about_html=about_html,
            created_at=clock.now(),
            founded_by_id=actor.id,
        )
        _write(session, organization)
        emit(OrganizationFounded(actor_id=actor.id, organization_id=organization.id))
        bump("organizations")
    return organization


def _write(session: Session, organization: Organization) -> None:
    try:
        with session.begin_nested():
            session.add(organization)
            session.flush()
    except IntegrityError as error:  # the slug: two founded the same at once
        raise Conflict(_l("An organization of this name is known already.")) from error


def _check_name(name: str) -> None:
    if not name.strip() or not naming.folded(name):
        raise Invalid(_l("Give the organization's name."), "name")


def change_organization(actor: Viewer, organization_id: int, facts: Facts) -> Organization:
    """Mend what is said of an organization; a former name is kept as an alias."""
    about_html = render(facts.about).html if facts.about else ""
    with act() as session:
        organization = changeable(session, actor, organization_id)
        _check_name(facts.name)
        former = organization.name
        for key, value in asdict(facts).items():
            setattr(organization, key, value)
        organization.about_html = about_html
        session.flush()
        if former != facts.name:
            _enter_alias(session, organization_id, former)
            refresh_cards(session, organization_id)
        _changed(actor, organization_id)
    return organization


def changeable(session: Session, actor: Viewer, organization_id: int) -> Organization:
    """Return an organization, locked, that the actor may change."""
    organization = existing(session, organization_id)
    require(policy.may_change(actor, organization, clock.now()))
    return organization


def existing(session: Session, organization_id: int) -> Organization:
    """Return an organization, locked until the act ends."""
    found = session.scalar(select(Organization).where(Organization.id == organization_id).with_for_update())
    if found is None:
        raise Missing(_l("There is no such organization."))
    return found


def refresh_cards(session: Session, organization_id: int) -> None:
    """Bring the cards that name an organization up to date."""
    for member_id in session.scalars(
        select(MemberCard.member_id).where(MemberCard.organization_id == organization_id)
    ).all():
        refresh_card(member_id)


def _changed(actor: Viewer, organization_id: int) -> None:
    emit(OrganizationChanged(actor_id=actor.id, organization_id=organization_id))
    audit.record("change_organization", actor.id, f"organization:{organization_id}")
    bump("people", "organizations", f"organization:{organization_id}")  # profiles name it


def add_alias(actor: Viewer, organization_id: int, name: str) -> None:
    """Enter another name the organization is, or was, known by; one that is known changes nothing."""
    with act() as session:
        changeable(session, actor, organization_id)
        _check_name(name)
        _enter_alias(session, organization_id, name.strip())
        _changed(actor, organization_id)


def _enter_alias(session: Session, organization_id: int, name: str) -> None:
    known = session.scalar(
        select(OrganizationAlias.id).where(
            OrganizationAlias.organization_id == organization_id, OrganizationAlias.name == name
        )
    )
    if known is None:
        session.add(OrganizationAlias(organization_id=organization_id, name=name, folded=naming.folded(name)))
        session.flush()


def remove_alias(actor: Viewer, organization_id: int, alias_id: int) -> None:
    with act() as session:
        changeable(session, actor, organization_id)
        session.execute(
            delete(OrganizationAlias).where(
                OrganizationAlias.id == alias_id, OrganizationAlias.organization_id == organization_id
            )
        )
        _changed(actor, organization_id)


def add_offer(actor: Viewer, organization_id: int, name: str, kind: str = "product") -> None:
    """Enter a product or service the organization sells; whoever answers about it and belongs here is marked so."""
    with act() as session:
        changeable(session, actor, organization_id)
        if not name.strip():
            raise Invalid(_l("Give the name of the product or service."), "offer")
        known = session.scalar(
            select(Offer.id).where(Offer.organization_id == organization_id, Offer.name == name.strip())
        )
        if known is None:
            session.add(Offer(organization_id=organization_id, name=name.strip(), kind=kind))
            session.flush()
        _changed(actor, organization_id)


def remove_offer(actor: Viewer, organization_id: int, offer_id: int) -> None:
    with act() as session:
        changeable(session, actor, organization_id)
        session.execute(delete(Offer).where(Offer.id == offer_id, Offer.organization_id == organization_id))
        _changed(actor, organization_id)
