"""Lists of elections, and who holds the board's offices, now and before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import func, select

from iocop.core.db import db
from iocop.core.pages import Page, offset
from iocop.elections.models import Election
from iocop.members.models import Member
from iocop.roles.models import Decision, RoleGrant

if TYPE_CHECKING:
    from datetime import datetime

RUNNING = ("voting", "nominations", "campaign", "screening", "sealed", "counted")
SIZE = 20


def running() -> list[Election]:
    """Return the elections under way: first those that ask something of members, of these the one that closes first."""
    rows = db.session.scalars(select(Election).where(Election.state.in_(RUNNING)))
    return sorted(rows, key=lambda row: (RUNNING.index(row.state), row.closes_at, row.id))


def ended(number: int) -> Page[Election]:
    """Return a page of elections that are over, the latest first."""
    rows = select(Election).where(Election.state.in_(("certified", "void")))
    total = db.session.scalar(select(func.count()).select_from(rows.subquery())) or 0
    page = rows.order_by(Election.state_since.desc(), Election.id.desc()).limit(SIZE)
    return Page(db.session.scalars(page.offset(offset(number, SIZE))).all(), number, SIZE, total)


class Seat(NamedTuple):
    """An office somebody holds or held, and what it rests on."""

    member: Member
    role: str
    since: datetime
    until: datetime | None
    decision: Decision
    election_id: int | None
    election: str | None
    suspended_until: datetime | None


OFFICES = ("board_member", "returning_officer", "administrator", "moderator")


def seats(at: datetime) -> list[Seat]:
    """Return who holds which site-wide office at a moment, by office and then by when it began."""
    rows = _grants().where(
        RoleGrant.valid_from <= at, (RoleGrant.valid_to.is_(None)) | (RoleGrant.valid_to > at)
    )
    return sorted(_seats(rows), key=lambda seat: (OFFICES.index(seat.role), seat.since, seat.member.name))


def past_seats(at: datetime) -> list[Seat]:
    """Return who was on the board before, the latest to leave first."""
    rows = _grants().where(RoleGrant.valid_to <= at, RoleGrant.role == "board_member")
    return list(_seats(rows.order_by(RoleGrant.valid_to.desc(), RoleGrant.id)))


def _grants() -> Any:
    return (
        select(
            Member,
            RoleGrant.role,
            RoleGrant.valid_from,
            RoleGrant.valid_to,
            Decision,
            Election.id,
            Election.title,
            RoleGrant.suspended_until,
        )
        .join(RoleGrant, RoleGrant.member_id == Member.id)
        .join(Decision, Decision.id == RoleGrant.decision_id)
        .outerjoin(Election, Election.decision_id == Decision.id)
        .where(RoleGrant.scope_kind == "site", RoleGrant.role.in_(OFFICES))
    )


def _seats(rows: Any) -> list[Seat]:
    return [Seat(*row) for row in db.session.execute(rows)]
