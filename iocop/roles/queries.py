"""Who holds which office at a moment, and by which decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, func, or_, select, true

from iocop.core import clock
from iocop.core.db import db
from iocop.core.policy import provides
from iocop.roles.models import Decision, RoleGrant

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement


def in_force(at: datetime) -> ColumnElement[bool]:
    """Return the condition that a grant is in force at a moment."""
    return and_(RoleGrant.valid_from <= at, or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to > at))


@provides("holds")
def holds(
    member_id: int,
    role: str,
    at: datetime | None = None,
    scope_kind: str = "site",
    scope_id: int | None = None,
) -> bool:
    """Say whether a member holds an office, site-wide or in one scope; now, where no moment is given."""
    grant = exists().where(
        RoleGrant.member_id == member_id,
        RoleGrant.role == role,
        RoleGrant.scope_kind == scope_kind,
        RoleGrant.scope_id.is_not_distinct_from(scope_id),
        in_force(at or clock.now()),
    )
    return bool(db.session.scalar(select(grant)))


def current_roles(member_id: int, at: datetime) -> frozenset[str]:
    """Return the offices a member holds site-wide at a moment."""
    return frozenset(
        db.session.scalars(
            select(RoleGrant.role).where(
                RoleGrant.member_id == member_id, RoleGrant.scope_kind == "site", in_force(at)
            )
        )
    )


def holders(role: str, at: datetime | None = None) -> list[int]:
    """Return the members who hold an office site-wide, in the order they came to it."""
    found = db.session.scalars(
        select(RoleGrant.member_id)
        .where(RoleGrant.role == role, RoleGrant.scope_kind == "site", in_force(at or clock.now()))
        .order_by(RoleGrant.valid_from, RoleGrant.id)
    )
    return list(dict.fromkeys(found))


def founding_id() -> int | None:
    """Return the key of decision 1, by which the site began."""
    return db.session.scalar(select(func.min(Decision.id)))


def overlapping(
    member_id: int, role: str, scope_kind: str, scope_id: int | None, start: datetime, end: datetime | None
) -> bool:
    """Say whether a member holds an office in one scope at any moment of a time."""
    grant = exists().where(
        RoleGrant.member_id == member_id,
        RoleGrant.role == role,
        RoleGrant.scope_kind == scope_kind,
        RoleGrant.scope_id.is_not_distinct_from(scope_id),
        or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to > start),
        true() if end is None else RoleGrant.valid_from < end,
    )
    return bool(db.session.scalar(select(grant)))


def officers() -> list[int]:
    """Return every member who holds, held or will hold a site-wide office."""
    return list(
        db.session.scalars(select(RoleGrant.member_id).where(RoleGrant.scope_kind == "site").distinct())
    )


def lapsed(member_id: int, roles: Collection[str], at: datetime) -> list[RoleGrant]:
    """Return a member's newest ended grant of each of some offices."""
    rows = db.session.scalars(
        select(RoleGrant)
        .where(
            RoleGrant.member_id == member_id,
            RoleGrant.scope_kind == "site",
            RoleGrant.role.in_(roles),
            RoleGrant.valid_to <= at,
        )
        .order_by(RoleGrant.valid_to)
    )
    return list({row.role: row for row in rows}.values())
