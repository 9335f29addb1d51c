"""What the pages about organizations and affiliations need, each in a constant number of statements."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, bindparam, case, func, literal, or_, select, true
from sqlalchemy.orm import aliased

from iocop.core import clock, pages
from iocop.core.db import db, fixed
from iocop.core.errors import Missing
from iocop.members.models import Member
from iocop.organizations import naming
from iocop.organizations.models import (
    Affiliation,
    MailDomain,
    Offer,
    Organization,
    OrganizationAlias,
    OrganizationContact,
    OrganizationRelation,
)
from iocop.organizations.queries.contacts import proved
from iocop.organizations.queries.standing import holding

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime

    from sqlalchemy import BindParameter, ColumnElement, Select

    from iocop.core.login import Viewer

from flask_babel import lazy_gettext as _l

PAGE = 24
FEW = 5
"""Fewer people than this are not counted aloud: a figure so small names them."""

INVERSE = {
    "parent": "subsidiary", "successor": "predecessor", "supplier": "customer", "customer": "supplier",
    "competitor": "competitor",
}  # fmt: skip
"""What *b* is to *a*, where *a* is the … of *b*."""


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition that a viewer may read an affiliation."""
    return _open_to(viewer.is_authenticated, "board_member" in viewer.roles, viewer.id)


def _open_to(member: bool, board: bool, viewer_id: int | BindParameter[int]) -> ColumnElement[bool]:
    if not member:
        return Affiliation.visibility == "public"
    levels = ["public", "members"] + (["board"] if board else [])
    return or_(Affiliation.visibility.in_(fixed(levels)), Affiliation.member_id == viewer_id)


def _headcount(at: datetime) -> Any:
    return (
        select(func.count(func.distinct(Affiliation.member_id)))
        .join(Member, Member.id == Affiliation.member_id)
        .where(Affiliation.organization_id == Organization.id, holding(at), Member.state == "active")
        .correlate(Organization)
        .scalar_subquery()
    )


class Listed(NamedTuple):
    """An organization in a list; *members* is None where fewer than `FEW` belong to it."""

    slug: str
    name: str
    type: str
    industry: str
    city: str
    country: str
    members: int | None


def directory(words: str = "", kind: str = "", country: str = "", number: int = 1) -> pages.Page[Listed]:
    """Return a page of living organizations by name, narrowed by words of a name or alias, type and country."""
    wanted: list[ColumnElement[bool]] = [Organization.merged_into_id.is_(None)]
    if words.strip():
        folded = naming.folded(words)
        aliases = select(OrganizationAlias.organization_id).where(
            OrganizationAlias.folded.contains(folded, autoescape=True)
        )
        wanted.append(
            or_(Organization.folded.contains(folded, autoescape=True), Organization.id.in_(aliases))
        )
    wanted += [Organization.type == kind] if kind else []
    wanted += [Organization.country == country] if country else []
    listed = (Organization.slug, Organization.name, Organization.type, Organization.industry, Organization.city,
              Organization.country, _headcount(clock.now()).label("members"))  # fmt: skip
    rows = db.session.execute(
        select(*listed, func.count().over().label("total"))
        .where(*wanted)
        .order_by(Organization.folded, Organization.id)
        .limit(PAGE)
        .offset(pages.offset(number, PAGE))
    ).all()
    if not rows and number > 1:
        raise Missing(_l("There is no such page."))
    shown = [
        Listed(row.slug, row.name, row.type, row.industry, row.city, row.country, _spoken(row.members))
        for row in rows
    ]
    return pages.Page(shown, number, PAGE, rows[0].total if rows else 0)


def countries() -> list[str]:
    """Return the countries that have an organization, as codes."""
    living = Organization.merged_into_id.is_(None)
    return list(
        db.session.scalars(select(Organization.country).where(Organization.country != "", living).distinct())
    )


def _spoken(count: int) -> int | None:
    return count if count >= FEW else None


class Named(NamedTuple):
    """An alias, a product, a service, an internet domain or a contact of an organization; a contact by member number."""

    id: int
    kind: str
    name: str


class Related(NamedTuple):
    """What another organization is to this one, from one day until another."""

    id: int
    kind: str
    name: str
    slug: str
    valid_from: date
    valid_to: date | None

    def holds(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


@dataclass(frozen=True)
class Sheet:
    """What the page of one organization shows; *members* is None where fewer than `FEW` belong to it."""

    organization: Organization
    named: Sequence[Named]
    related: Sequence[Related]
    people: pages.Page[Any]
    members: int | None

    def of_kind(self, *kinds: str) -> list[Named]:
        return [each for each in self.named if each.kind in kinds]

    @property
    def successor(self) -> Related | None:
        """What this organization has become by today."""
        today = clock.now().date()
        return next((each for each in self.related if each.kind == "successor" and each.holds(today)), None)


def sheet(organization: Organization, viewer: Viewer, number: int = 1) -> Sheet:
    """Return one organization's page, in three statements; further pages hold further people."""
    people, members = _people(organization.id, viewer, number)
    return Sheet(
        organization=organization,
        named=named(organization.id),
        related=related_to(organization.id),
        people=people,
        members=_spoken(members),
    )


def named(organization_id: int) -> list[Named]:
    alias, offer, domain = OrganizationAlias, Offer, MailDomain
    parts = (
        select(alias.id, literal("alias"), alias.name).where(alias.organization_id == organization_id),
        select(offer.id, offer.kind, offer.name).where(offer.organization_id == organization_id),
        select(domain.id, literal("domain"), domain.domain).where(domain.organization_id == organization_id),
        select(Member.number, literal("contact"), Member.name)
        .join(OrganizationContact, OrganizationContact.member_id == Member.id)
        .where(
            OrganizationContact.organization_id == organization_id,
            OrganizationContact.ended_at.is_(None),
            Member.state == "active",
            proved(clock.now()),
        ),
    )
    rows = db.session.execute(parts[0].union_all(*parts[1:]).order_by("name"))
    return [Named(*row) for row in rows]


def related_to(organization_id: int) -> list[Related]:
    """Return an organization's relations, seen from it, the latest first."""
    relation, other = OrganizationRelation, aliased(Organization)
    is_a = relation.a_id == organization_id
    rows = db.session.execute(
        select(relation.id, relation.kind, is_a.label("is_a"), other.name, other.slug, relation.valid_from,
               relation.valid_to)
        .join(other, other.id == case((is_a, relation.b_id), else_=relation.a_id))
        .where(or_(is_a, relation.b_id == organization_id))
        .order_by(relation.valid_from.desc(), other.name)
    )  # fmt: skip
    return [Related(row.id, INVERSE[row.kind] if row.is_a else row.kind, *row[3:]) for row in rows]


def _people(organization_id: int, viewer: Viewer, number: int) -> tuple[pages.Page[Any], int]:
    now = clock.now()
    belonging = and_(Affiliation.organization_id == organization_id, holding(now), Member.state == "active")
    everybody = (
        select(func.count(func.distinct(Affiliation.member_id)))
        .join(Member, Member.id == Affiliation.member_id)
        .where(belonging)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Member.id, Member.number, Member.name, Member.photo_key, Affiliation.title, Affiliation.valid_from,
               _proved(now), Affiliation.verified_at, Affiliation.verified_domain,
               func.count().over().label("total"), everybody.label("members"))
        .join(Member, Member.id == Affiliation.member_id)
        .where(belonging, visible_to(viewer))
        .order_by(Member.name, Member.id)
        .limit(PAGE)
        .offset(pages.offset(number, PAGE))
    ).all()  # fmt: skip
    if rows:
        return pages.Page(rows, number, PAGE, rows[0].total), rows[0].members
    if number > 1:
        raise Missing(_l("There is no such page."))
    return pages.Page((), 1, PAGE, 0), db.session.scalar(select(everybody)) or 0


def _proved(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    lasting = or_(Affiliation.expires_at.is_(None), Affiliation.expires_at > now)
    return case((and_(Affiliation.evidence != "self", lasting), true()), else_=~true()).label("proved")


def affiliations_of(member_ids: Collection[int], viewer: Viewer) -> list[Any]:
    """Return members' affiliations as known now that a viewer may read, each with its organization, latest first."""
    statement = _affiliations(viewer.is_authenticated, "board_member" in viewer.roles)
    asked = {"members": list(member_ids), "viewer": viewer.id, "now": clock.now()}
    return list(db.session.execute(statement, asked).all())


@cache
def _affiliations(member: bool, board: bool) -> Select[Any, str, str, bool]:
    """Return the statement for viewers of one standing, made once."""
    return (
        select(
            Affiliation,
            Organization.name.label("name"),
            Organization.slug.label("slug"),
            _proved(bindparam("now")),
        )
        .join(Organization, Organization.id == Affiliation.organization_id)
        .where(
            Affiliation.member_id.in_(bindparam("members", expanding=True)),
            Affiliation.superseded_at.is_(None),
            _open_to(member, board, bindparam("viewer")),
        )
        .order_by(Affiliation.valid_from.desc(), Affiliation.id.desc())
    )


def names_of(organization_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Return organizations' names with what each is called now: another where it was merged, else empty."""
    survivor = aliased(Organization)
    rows = db.session.execute(
        select(Organization.id, Organization.name, func.coalesce(survivor.name, "").label("now"))
        .outerjoin(survivor, survivor.id == Organization.merged_into_id)
        .where(Organization.id.in_(organization_ids))
    )
    return {row.id: (row.name, row.now) for row in rows}
