"""Whether competitors meet in a space."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import aliased

from iocop.core import clock
from iocop.core.db import db
from iocop.members.models import Member
from iocop.organizations.models import Affiliation, OrganizationRelation
from iocop.organizations.queries.standing import relation_holds
from iocop.spaces.models import Space, SpaceGrant
from iocop.spaces.queries import VERIFIED

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement


def competitors_meet(space_id: int) -> bool:
    """Say whether people of two organizations that compete today can both read a space.

    In a space for all or for members everybody counts by the employer they state; elsewhere those whom the space
    lets in.
    """
    now = clock.now()
    relation = OrganizationRelation
    found = (
        select(relation.id)
        .join(Space, Space.id == space_id)
        .where(
            relation.kind == "competitor",
            relation_holds(now.date()),
            _is_there(relation.a_id, now),
            _is_there(relation.b_id, now),
        )
        .limit(1)
    )
    return db.session.scalar(found) is not None


def _is_there(organization_id: Any, now: datetime) -> ColumnElement[bool]:
    """Return the condition that somebody of an organization can read the space beside it."""
    row = aliased(Affiliation)
    today = now.date()
    holds = and_(
        row.organization_id == organization_id,
        row.superseded_at.is_(None),
        row.valid_from <= today,
        or_(row.valid_to.is_(None), row.valid_to > today),
        exists().where(Member.id == row.member_id, Member.state == "active"),
    )
    proved = and_(row.evidence.in_(VERIFIED), or_(row.expires_at.is_(None), row.expires_at > now))
    granted = exists().where(
        SpaceGrant.space_id == Space.id,
        SpaceGrant.ended_at.is_(None),
        or_(
            SpaceGrant.member_id == row.member_id, and_(SpaceGrant.organization_id == organization_id, proved)
        ),
    )
    let_in = or_(
        Space.audience.in_(("public", "members")),
        and_(Space.audience == "verified", proved),
        and_(Space.audience == "named", granted),
    )
    return select(row.id).where(holds, let_in).correlate(OrganizationRelation, Space).exists()
