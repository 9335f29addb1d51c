"""The figures of governance: seats, their spread over organizations, turnout, time to decide. Never a voter's name."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from iocop.core.db import db
from iocop.elections.measuring import expected_groups, median_days, spread
from iocop.elections.models import Election
from iocop.elections.queries import roll
from iocop.elections.queries.groups import main_groups
from iocop.elections.queries.rules import rules_on
from iocop.elections.queries.seats import staying
from iocop.members.models import Member
from iocop.organizations.models import Affiliation
from iocop.organizations.queries import groups_of, holding

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from fractions import Fraction

SMALLEST_ROLL = 5
"""Turnout of fewer members than this is told of nobody."""


@dataclass(frozen=True)
class Figures:
    """How the community governs itself at a moment.

    Attributes:
        seats, filled: of the whole board, and those taken.
        groups: organization groups on the board; who belongs to none is a group of one.
        largest: seats of the group that holds most.
        spread: one minus the summed squared shares of the seats.
        expected: how many groups a board of as many would hold on average, drawn by lot from active members.
        turnout: tokens issued and members on the roll of the latest poll that was counted; None: there was none.
        days: median from draft to certificate, of all certified elections.
        decisions: how many were certified.
    """

    seats: int
    filled: int
    groups: int
    largest: int
    spread: Fraction
    expected: Fraction
    turnout: tuple[int, int] | None
    days: float | None
    decisions: int


def figures(at: datetime) -> Figures:
    """Return the figures at a moment."""
    board = staying("board_member", at.date())
    held = _sizes(board, main_groups(board, at))
    durations = [
        (ended - began).total_seconds()
        for began, ended in db.session.execute(
            select(Election.created_at, Election.state_since).where(Election.state == "certified")
        )
    ]
    return Figures(
        seats=rules_on("board", at.date()).board_size, filled=len(board), groups=len(held),
        largest=max(held, default=0), spread=spread(held), expected=expected_groups(_members(at), len(board)),
        turnout=_turnout(), days=median_days(durations), decisions=len(durations),
    )  # fmt: skip


def _sizes(member_ids: Sequence[int], groups: dict[int, int]) -> list[int]:
    """Return how many belong to each group; who belongs to none is one."""
    sizes = Counter(groups.values())
    return [*sizes.values(), *([1] * (len(member_ids) - len(groups)))]


def _members(at: datetime) -> list[int]:
    """Return how many active members each organization group has, by their main affiliation."""
    rows = db.session.execute(
        select(Affiliation.member_id, Affiliation.organization_id)
        .join(Member, Member.id == Affiliation.member_id)
        .where(Member.state == "active", holding(at))
        .order_by(Affiliation.is_main, Affiliation.valid_from, Affiliation.id)
    ).all()
    of = {row.member_id: row.organization_id for row in rows}
    tops = groups_of(set(of.values()), at.date())
    active = db.session.scalar(select(func.count()).where(Member.state == "active")) or 0
    return _sizes(range(active), {member_id: tops[key] for member_id, key in of.items()})


def _turnout() -> tuple[int, int] | None:
    latest = (
        select(Election.id)
        .where(Election.state.in_(("counted", "certified")))
        .order_by(Election.closes_at.desc(), Election.id.desc())
    )
    for election_id in db.session.scalars(latest):
        size = roll.size(election_id)
        if size >= SMALLEST_ROLL:
            return roll.tokens_issued(election_id), size
    return None
