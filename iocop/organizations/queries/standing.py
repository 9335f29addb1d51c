"""Which organization somebody belonged to, and what may be shown of it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import and_, bindparam, func, literal, or_, select
from sqlalchemy.orm import aliased

from iocop.core.db import db, read
from iocop.organizations import history
from iocop.organizations.models import (
    Affiliation,
    Offer,
    Organization,
    OrganizationRelation,
)

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from sqlalchemy import CTE, ColumnElement, Select

TALLEST_GROUP = 8
"""Parents above parents that are followed; policy refuses circles, this bounds what an import may have left."""


class Stamp(NamedTuple):
    """An author's organization at the time of writing, as a contribution keeps it.

    Attributes:
        org_group_id: the topmost parent on that day; the organization itself where it has none.
        org_evidence: how the affiliation was proved then; ``self`` when it was not, or no longer.
        shown: may guests read it; where not, the author line leaves the organization out.
    """

    affiliation_id: int | None = None
    organization_id: int | None = None
    org_group_id: int | None = None
    org_evidence: str | None = None
    shown: bool = True


UNAFFILIATED = Stamp()
_CURRENT: Final = (
    select(Affiliation)
    .where(Affiliation.member_id == bindparam("member"), Affiliation.superseded_at.is_(None))
    .order_by(Affiliation.valid_from.desc(), Affiliation.id.desc())
)


def current_rows(member_id: int) -> list[Affiliation]:
    """Return a member's affiliations as known now, ended ones too, latest begun first."""
    return list(db.session.scalars(_CURRENT, {"member": member_id}))


def current_affiliations(member_id: int, at: datetime) -> list[Affiliation]:
    """Return the affiliations a member holds at a moment, as known now, the main one first."""
    rows = history.held(current_rows(member_id), at.date())
    return sorted(rows, key=lambda row: not row.is_main)


def organization_ids(member_id: int, at: datetime, *, verified_only: bool = False) -> frozenset[int]:
    """Return the organizations a member belongs to at a moment; a short gap between two is not bridged here."""
    rows = current_affiliations(member_id, at)
    return frozenset(row.organization_id for row in rows if not verified_only or row.is_verified(at))


def stamp(member_id: int, affiliation_id: int | None, at: datetime) -> Stamp:
    """Return what a contribution written at a moment keeps of its author's organization.

    Args:
        affiliation_id: the one the author picked among the current ones; None, or one that does not hold: the main one.
    """
    rows = current_rows(member_id)
    picked = next((row for row in history.held(rows, at.date()) if row.id == affiliation_id), None)
    row = picked or history.bridged(rows, at.date())
    if row is None:
        return UNAFFILIATED
    return Stamp(
        affiliation_id=row.id,
        organization_id=row.organization_id,
        org_group_id=group_of(row.organization_id, at.date()),
        org_evidence=row.evidence if row.is_verified(at) else "self",
        shown=row.visibility == "public",
    )


def survivor_of(organization_id: int) -> int:
    """Return the record an organization was merged into; itself where it was not."""
    into = db.session.scalar(select(Organization.merged_into_id).where(Organization.id == organization_id))
    return into or organization_id


def relation_holds(on: Any) -> ColumnElement[bool]:
    """Return the condition that a relation holds on a day: a date, or the parameter that will be one."""
    relation = OrganizationRelation
    return and_(relation.valid_from <= on, or_(relation.valid_to.is_(None), relation.valid_to > on))


def group_of(organization_id: int, on: date) -> int:
    """Return the topmost parent of an organization on a day; itself where it has none."""
    return topmost(organization_id, on, kind="parent")


def groups_of(organization_ids: Collection[int], on: date) -> dict[int, int]:
    """Return the same of several organizations, in one statement, and none where there are none."""
    if not organization_ids:
        return {}
    itself = func.coalesce(Organization.merged_into_id, Organization.id).label("id")
    climbed = _climbed(
        select(Organization.id.label("origin"), itself, literal(0).label("height")).where(
            Organization.id.in_(organization_ids)
        ),
        on, "parent",
    )  # fmt: skip
    rows = db.session.execute(
        select(climbed.c.origin, climbed.c.id).order_by(climbed.c.height, climbed.c.id.desc())
    )
    return {row.origin: row.id for row in rows}


def successor_of(organization_id: int, on: date) -> int:
    """Return what an organization has become by a day: the later of two views, the stamp being the earlier."""
    return topmost(organization_id, on, kind="successor")


def topmost(organization_id: int, on: date, kind: str) -> int:
    found: int = read(_top(kind), {"organization": organization_id, "today": on}).scalar_one()
    return found


@cache
def _top(kind: str) -> Select[int]:
    """Return the statement, made once: each post asks it, for its author's organization."""
    itself = func.coalesce(Organization.merged_into_id, Organization.id).label("id")
    start = select(Organization.id.label("origin"), itself, literal(0).label("height"))
    climbed = _climbed(start.where(Organization.id == bindparam("organization")), bindparam("today"), kind)
    return select(climbed.c.id).order_by(climbed.c.height.desc(), climbed.c.id).limit(1)


def _climbed(start: Select[int, int, int], on: Any, kind: str) -> CTE:
    """Return where each origin comes to on each height, by relations of a kind that hold on a day."""
    relation, foot = OrganizationRelation, start.cte("climbed", recursive=True)
    below = aliased(foot)
    return foot.union_all(
        select(below.c.origin, relation.a_id, below.c.height + 1)
        .join(below, relation.b_id == below.c.id)
        .where(relation.kind == kind, relation_holds(on), below.c.height < TALLEST_GROUP)
    )


_SELLS = select(Offer.name).where(Offer.organization_id == bindparam("organization_id"))


def sells(organization_id: int) -> set[str]:
    """Return the products and services an organization sells: the source of the conflict-of-interest chip."""
    return set(db.session.scalars(_SELLS, {"organization_id": organization_id}))


def colleagues(member_id: int, at: datetime) -> frozenset[int]:
    """Return the members who belong to one of a member's organizations at a moment, without the member."""
    mine = organization_ids(member_id, at)
    found = db.session.scalars(
        select(Affiliation.member_id).where(Affiliation.organization_id.in_(mine), holding(at))
    )
    return frozenset(found) - {member_id}


def holding(at: datetime) -> ColumnElement[bool]:
    """Return the condition that an affiliation, as known now, holds at a moment."""
    return holding_on(at.date())


def holding_on(day: Any) -> ColumnElement[bool]:
    """Return the same for a day: a date, or the parameter that will be one."""
    return and_(
        Affiliation.superseded_at.is_(None),
        Affiliation.valid_from <= day,
        or_(Affiliation.valid_to.is_(None), Affiliation.valid_to > day),
    )


def member_ids_at(organization_id: int, at: datetime) -> frozenset[int]:
    """Return who belongs to an organization at a moment."""
    return frozenset(
        db.session.scalars(
            select(Affiliation.member_id).where(Affiliation.organization_id == organization_id, holding(at))
        )
    )
