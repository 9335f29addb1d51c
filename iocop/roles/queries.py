"""Who holds which office at a moment, and by which decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, exists, func, or_, select, true

from iocop.core import clock
from iocop.core.db import db
from iocop.core.errors import Missing
from iocop.core.pages import Page, offset
from iocop.core.policy import provides
from iocop.members.models import Member
from iocop.roles.models import Decision, RoleGrant
from iocop.roles.terms import Term, year_after

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from sqlalchemy import BindParameter, ColumnElement


PAGE = 25


def in_force(at: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Return the condition that a grant is in force at a moment: within its time, and not suspended."""
    return and_(
        RoleGrant.valid_from <= at,
        or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to > at),
        or_(
            RoleGrant.suspended_until.is_(None),
            RoleGrant.suspended_until <= at,
            RoleGrant.suspended_at > at,
        ),
    )


@provides("holds")
def holds(
    member_id: int,
    role: str,
    at: datetime | None = None,
    scope_kind: str = "site",
    scope_id: int | None = None,
) -> bool:
    """Say whether a member holds an office, site-wide or in one scope; now, where no moment is given."""
    return holds_one_of(member_id, [(role, scope_kind, scope_id)], at)


def holds_one_of(
    member_id: int, offices: Iterable[tuple[str, str, int | None]], at: datetime | None = None
) -> bool:
    """Say whether a member holds at least one of some offices, given with their scopes, in one statement."""
    of_these = [
        and_(
            RoleGrant.role == role,
            RoleGrant.scope_kind == scope_kind,
            RoleGrant.scope_id.is_not_distinct_from(scope_id),
        )
        for role, scope_kind, scope_id in offices
    ]
    grant = exists().where(RoleGrant.member_id == member_id, or_(*of_these), in_force(at or clock.now()))
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


def steward_terms(member_id: int, domain_id: int) -> list[Term]:
    """Return a member's terms as steward of a domain; one without an end counts as a year."""
    rows = db.session.execute(
        select(RoleGrant.valid_from, RoleGrant.valid_to).where(
            RoleGrant.member_id == member_id,
            RoleGrant.role == "domain_steward",
            RoleGrant.scope_kind == "domain",
            RoleGrant.scope_id == domain_id,
        )
    )
    return [Term(start, end or year_after(start)) for start, end in rows]


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


def decisions(number: int = 1) -> Page[Decision]:
    """Return a page of decisions, the one recorded last first."""
    rows = db.session.execute(
        select(Decision, func.count().over().label("total"))
        .order_by(Decision.id.desc())
        .limit(PAGE)
        .offset(offset(number, PAGE))
    ).all()
    if not rows and number > 1:
        raise Missing(_l("There is no such page."))
    return Page([row.Decision for row in rows], number, PAGE, rows[0].total if rows else 0)


def decision(decision_id: int) -> Decision | None:
    return db.session.get(Decision, decision_id)


_GRANTS = (
    select(RoleGrant, Member.name, Member.number, Member.state)
    .join(Member, Member.id == RoleGrant.member_id)
    .order_by(RoleGrant.valid_from.desc(), RoleGrant.id.desc())
)


def grants_by(decision_id: int) -> list[Any]:
    """Return the offices a decision gave or ended, each with its holder."""
    resting = or_(RoleGrant.decision_id == decision_id, RoleGrant.end_decision_id == decision_id)
    return list(db.session.execute(_GRANTS.where(resting)).all())


def grants(*, ended: bool = False, number: int = 1) -> Page[Any]:
    """Return a page of offices with their holders: those in force or to come, or those that ended."""
    now = clock.now()
    over = and_(RoleGrant.valid_to.is_not(None), RoleGrant.valid_to <= now)
    rows = db.session.execute(
        _GRANTS.add_columns(func.count().over().label("total"))
        .where(over if ended else ~over)
        .limit(PAGE)
        .offset(offset(number, PAGE))
    ).all()
    if not rows and number > 1:
        raise Missing(_l("There is no such page."))
    return Page(rows, number, PAGE, rows[0].total if rows else 0)


def grants_of(member_id: int, at: datetime) -> list[RoleGrant]:
    """Return the offices a member holds at a moment, in every scope."""
    rows = (
        select(RoleGrant).where(RoleGrant.member_id == member_id, in_force(at)).order_by(RoleGrant.valid_from)
    )
    return list(db.session.scalars(rows))


def without_second_factor() -> list[int]:
    """Return the officers who sign in with a password alone."""
    found = (
        select(RoleGrant.member_id)
        .join(Member, Member.id == RoleGrant.member_id)
        .where(in_force(clock.now()), Member.totp_secret == "")
        .distinct()
    )
    return list(db.session.scalars(found))


def unfinished(member_id: int, at: datetime) -> list[RoleGrant]:
    """Return a member's offices in force or to come, in every scope."""
    rows = select(RoleGrant).where(
        RoleGrant.member_id == member_id, or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to > at)
    )
    return list(db.session.scalars(rows.order_by(RoleGrant.id)))
