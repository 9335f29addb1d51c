"""Whether competitors meet in a space."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, bindparam, exists, or_, select
from sqlalchemy.orm import aliased

from iocop.core.db import read
from iocop.members.models import Member
from iocop.organizations.models import Affiliation, OrganizationRelation
from iocop.organizations.queries.standing import relation_holds
from iocop.spaces.models import Space, SpaceGrant
from iocop.spaces.queries import VERIFIED, asked_now

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select

_TODAY: Final[Any] = bindparam("today")
_NOW: Final[Any] = bindparam("now")


def competitors_meet(space_id: int) -> bool:
    """Say whether people of two organizations that compete today can both read a space.

    In a space for all or for members everybody counts by the employer they state; elsewhere those whom the space
    lets in.
    """
    return read(_meeting(), {"space": space_id} | asked_now()).first() is not None


@cache
def _meeting() -> Select[int]:
    """Return the statement, made once: each text that is posted asks it."""
    relation = OrganizationRelation
    found = select(relation.id).join(Space, Space.id == bindparam("space"))
    competing = relation.kind == "competitor", relation_holds(_TODAY)
    return found.where(*competing, _is_there(relation.a_id), _is_there(relation.b_id)).limit(1)


def _is_there(organization_id: Any) -> ColumnElement[bool]:
    """Return the condition that somebody of an organization can read the space beside it."""
    row = aliased(Affiliation)
    holds = and_(
        row.organization_id == organization_id,
        row.superseded_at.is_(None),
        row.valid_from <= _TODAY,
        or_(row.valid_to.is_(None), row.valid_to > _TODAY),
        exists().where(Member.id == row.member_id, Member.state == "active"),
    )
    proved = and_(row.evidence.in_(VERIFIED), or_(row.expires_at.is_(None), row.expires_at > _NOW))
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
