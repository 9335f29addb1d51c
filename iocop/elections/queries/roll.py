"""The roll: who may vote today, who stands on a frozen roll, and whether a token was issued."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, case, exists, func, literal, select

from iocop.core.db import db
from iocop.elections.franchise import Person, hindrance
from iocop.elections.models import RollEntry, TokenIssue
from iocop.members.models import Member
from iocop.organizations.models import Affiliation, Organization
from iocop.organizations.queries import holding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from iocop.elections.rules import Rules


@dataclass(frozen=True)
class Preview:
    """What the roll would be at one moment.

    Attributes:
        eligible: who would stand on it.
        refused: how many would not, by reason (`franchise.HINDRANCES`).
    """

    eligible: tuple[int, ...]
    refused: dict[str, int]


def preview(rules: Rules, at: datetime) -> Preview:
    """Return who might vote were the roll frozen at a moment. Who left or was imported is no member and not counted."""
    eligible: list[int] = []
    refused: Counter[str] = Counter()
    for member_id, person in _people(at):
        reason = hindrance(person, rules, at)
        if reason:
            refused[reason] += 1
        else:
            eligible.append(member_id)
    return Preview(tuple(eligible), dict(refused))


def _people(at: datetime) -> Iterator[tuple[int, Person]]:
    affiliated = exists().where(Affiliation.member_id == Member.id, holding(at))
    rows = select(Member.id, _state(at), Member.joined_at, Member.country, affiliated)
    for row in db.session.execute(rows.where(Member.state.in_(("active", "suspended"))).order_by(Member.id)):
        yield row[0], Person(*row[1:])


def _state(at: datetime) -> ColumnElement[str]:
    """Return a member's state at a moment: a suspension whose day has come has ended, though nobody has lifted it yet."""
    ended = and_(Member.state == "suspended", Member.suspended_until <= at)
    return case((ended, literal("active")), else_=Member.state)


def why_not(member_id: int, rules: Rules, at: datetime) -> str:
    """Return why a member may not vote at a moment (`franchise.HINDRANCES`); empty: they may."""
    affiliated = exists().where(Affiliation.member_id == Member.id, holding(at))
    row = db.session.execute(
        select(_state(at), Member.joined_at, Member.country, affiliated).where(Member.id == member_id)
    ).first()
    return hindrance(Person(*row), rules, at) if row else "not_a_member"


def bands_of_everybody(at: datetime) -> dict[int, str]:
    """Return the size of each active member's main employer at a moment; who has none is not named."""
    rows = db.session.execute(
        select(Affiliation.member_id, Organization.size_band)
        .join(Organization, Organization.id == Affiliation.organization_id)
        .join(Member, Member.id == Affiliation.member_id)
        .where(Member.state == "active", holding(at))
        .order_by(Affiliation.is_main, Affiliation.valid_from, Affiliation.id)
    )
    return {row.member_id: row.size_band for row in rows}


def entry_of(election_id: int, member_id: int) -> RollEntry | None:
    """Return a member's entry on a frozen roll; None: not on it."""
    return db.session.scalar(
        select(RollEntry).where(RollEntry.election_id == election_id, RollEntry.member_id == member_id)
    )


def size(election_id: int) -> int:
    """Return how many stand on a frozen roll; 0 before the freeze."""
    rows = select(func.count()).select_from(RollEntry).where(RollEntry.election_id == election_id)
    return db.session.scalar(rows) or 0


def on_roll(election_id: int) -> list[int]:
    """Return the members on a frozen roll; who was erased since is no longer known."""
    rows = select(RollEntry.member_id).where(
        RollEntry.election_id == election_id, RollEntry.member_id.is_not(None)
    )
    return [member_id for member_id in db.session.scalars(rows.order_by(RollEntry.member_id)) if member_id]


def token_was_issued(election_id: int, member_id: int) -> bool:
    """Say whether a voting token was issued to a member. Who cast, nobody knows."""
    issued = exists().where(
        TokenIssue.entry_id == RollEntry.id,
        RollEntry.election_id == election_id,
        RollEntry.member_id == member_id,
    )
    return bool(db.session.scalar(select(issued)))


def tokens_issued(election_id: int) -> int:
    rows = select(func.count()).select_from(TokenIssue).where(TokenIssue.election_id == election_id)
    return db.session.scalar(rows) or 0


def blocked(election_id: int) -> list[RollEntry]:
    """Return the entries for which no token is issued, or was wrongly, by a recorded act."""
    rows = select(RollEntry).where(RollEntry.election_id == election_id, RollEntry.blocked_reason != "")
    return list(db.session.scalars(rows.order_by(RollEntry.id)))
