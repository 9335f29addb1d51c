"""Whose organization sells what a domain is about: no level 4 and no stewardship there, whatever was earned."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from iocop.core import clock
from iocop.core.db import db
from iocop.core.policy import provides
from iocop.domains.models import Domain, Tag
from iocop.domains.products import is_about
from iocop.organizations.models import Affiliation, Offer, Organization
from iocop.organizations.queries import holding
from iocop.reputation.queries.levels import Place

if TYPE_CHECKING:
    from collections.abc import Collection


def sold_at(places: Collection[Place]) -> dict[Place, str]:
    """Return a product that each domain is about and an organization of the member sells; else they are left out.

    A domain is about what its name or one of its sub-topics says. Services are no products: who lives by the practice
    itself is no vendor. Affiliations are those that hold now, proved or not, as for the chip beside what one writes.
    """
    sold = _sold_by({place.member_id for place in places})
    if not sold:
        return {}
    domains = {place.domain_id for place in places if place.member_id in sold}
    names = {
        row.id: row.name
        for row in db.session.execute(select(Domain.id, Domain.name).where(Domain.id.in_(domains)))
    }
    tags: dict[int, set[str]] = defaultdict(set)
    listed = Tag.domain_id.in_(domains), Tag.sub_topic, Tag.merged_into_id.is_(None)
    for row in db.session.execute(select(Tag.domain_id, Tag.slug).where(*listed)):
        tags[row.domain_id or 0].add(row.slug)
    found: dict[Place, str] = {}
    for place in places:
        for product in sold.get(place.member_id, ()):
            if is_about(product, names.get(place.domain_id, ""), tags[place.domain_id]):
                found.setdefault(place, product)
    return found


def _sold_by(member_ids: Collection[int]) -> dict[int, list[str]]:
    """Return the products of members' organizations; what was merged into another sells what that one does."""
    sells = func.coalesce(Organization.merged_into_id, Organization.id)
    rows = db.session.execute(
        select(Affiliation.member_id, Offer.name)
        .join(Organization, Organization.id == Affiliation.organization_id)
        .join(Offer, Offer.organization_id == sells)
        .where(Affiliation.member_id.in_(member_ids), holding(clock.now()), Offer.kind == "product")
        .order_by(Offer.id)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for member_id, name in rows:
        found[member_id].append(name)
    return found


@provides("sold_there")
def sold_there(member_id: int, domain_id: int) -> str:
    """Return a product that a domain is about and an organization of the member sells; nothing where there is none."""
    place = Place(member_id, domain_id)
    return sold_at([place]).get(place, "")
