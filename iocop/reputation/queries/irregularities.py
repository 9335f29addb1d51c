"""What looks irregular in the ledger, and what was made of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import case, func, or_, select, true

from iocop.core.db import db
from iocop.core.pages import Page, offset
from iocop.reputation.irregular import PAST_DAYS
from iocop.reputation.models import DayBalance, Irregularity, IrregularityParty, LedgerRow
from iocop.reputation.queries.rows import is_sealed
from iocop.reputation.rules import ENDORSING, WINDOW_DAYS

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

ROWS = 20


def endorsements(now: datetime, about: int | None = None) -> dict[tuple[int, int], int]:
    """Count, by (giver, receiver), what somebody endorsed of another in the window and still does.

    What was given without a name is left out, as from every figure somebody else reads: it lifts nobody on a ladder.

    Args:
        about: only what this member gave or received.
    """
    standing = func.sum(case((LedgerRow.amount_mp > 0, 1), (LedgerRow.amount_mp < 0, -1), else_=0))
    theirs = or_(LedgerRow.member_id == about, LedgerRow.actor_id == about)
    each = (
        select(LedgerRow.actor_id, LedgerRow.member_id)
        .where(
            LedgerRow.rule.in_(ENDORSING),
            LedgerRow.actor_id.is_not(None),
            LedgerRow.at > now - timedelta(days=WINDOW_DAYS),
            ~is_sealed(LedgerRow),
            true() if about is None else theirs,
        )
        .group_by(LedgerRow.actor_id, LedgerRow.member_id, LedgerRow.source_id)
        .having(standing > 0)
        .subquery()
    )
    rows = db.session.execute(
        select(each.c.actor_id, each.c.member_id, func.count()).group_by(each.c.actor_id, each.c.member_id)
    )
    return {(row[0], row[1]): row[2] for row in rows}


def settled_days(day: date) -> list[tuple[int, int, int]]:
    """Return (member, day as its ordinal, milli-points) of a day and of those a jump is judged by."""
    rows = db.session.execute(
        select(DayBalance.member_id, DayBalance.day, func.sum(DayBalance.settled_mp))
        .where(DayBalance.day <= day, DayBalance.day >= day - timedelta(days=PAST_DAYS))
        .group_by(DayBalance.member_id, DayBalance.day)
    )
    return [(row[0], row[1].toordinal(), int(row[2])) for row in rows]


def parties_of(irregularity_id: int) -> list[IrregularityParty]:
    """Return whom it concerns, in the order of their numbers."""
    return list(
        db.session.scalars(
            select(IrregularityParty)
            .where(IrregularityParty.irregularity_id == irregularity_id)
            .order_by(IrregularityParty.member_id)
        )
    )


def with_parties(kind: str, member_ids: Collection[int], since: datetime) -> list[Irregularity]:
    """Return those of a kind that concern any of some members and are undecided, or were decided lately."""
    concerned = select(IrregularityParty.irregularity_id).where(IrregularityParty.member_id.in_(member_ids))
    return list(
        db.session.scalars(
            select(Irregularity)
            .where(
                Irregularity.kind == kind,
                Irregularity.id.in_(concerned),
                Irregularity.decided_at.is_(None) | (Irregularity.decided_at > since),
            )
            .order_by(Irregularity.id)
        )
    )


class Line(NamedTuple):
    """A line of the queue."""

    id: int
    kind: str
    state: str
    found_at: datetime
    told_at: datetime | None
    people: int
    answered: int


def queue(number: int, *, decided: bool = False) -> Page[Line]:
    """Return what waits for people, the longest first; or what was decided, the latest first."""
    which = Irregularity.state.in_(("upheld", "unfounded") if decided else ("open", "told"))
    rows = db.session.execute(
        select(
            Irregularity.id, Irregularity.kind, Irregularity.state, Irregularity.found_at, Irregularity.told_at,
            func.count(IrregularityParty.member_id), func.count(IrregularityParty.answered_at),
        )
        .join(IrregularityParty, IrregularityParty.irregularity_id == Irregularity.id)
        .where(which)
        .group_by(Irregularity.id)
        .order_by(Irregularity.decided_at.desc() if decided else Irregularity.found_at, Irregularity.id)
        .limit(ROWS)
        .offset(offset(number, ROWS))
    )  # fmt: skip
    total = db.session.scalar(select(func.count()).select_from(Irregularity).where(which)) or 0
    return Page([Line(*row) for row in rows], number, ROWS, total)


class Given(NamedTuple):
    """What somebody endorsed of somebody."""

    source_id: int
    giver_id: int
    receiver_id: int


def given_between(pairs: Collection[tuple[int, int]], since: datetime) -> list[Given]:
    """Return what some people endorsed of one another since a moment."""
    givers = {giver for giver, _ in pairs}
    rows = db.session.execute(
        select(LedgerRow.source_id, LedgerRow.actor_id, LedgerRow.member_id)
        .where(
            LedgerRow.rule.in_(ENDORSING),
            LedgerRow.actor_id.in_(givers),
            LedgerRow.at > since,
            ~is_sealed(LedgerRow),
        )
        .distinct()
        .order_by(LedgerRow.source_id, LedgerRow.actor_id, LedgerRow.member_id)
    )
    return [
        Given(source, giver, receiver)
        for source, giver, receiver in rows
        if giver and (giver, receiver) in pairs
    ]


def given_on(member_id: int, start: datetime, end: datetime) -> list[Given]:
    """Return the same of all a member was endorsed for from one moment until another."""
    rows = db.session.execute(
        select(LedgerRow.source_id, LedgerRow.actor_id, LedgerRow.member_id)
        .where(
            LedgerRow.rule.in_(ENDORSING),
            LedgerRow.member_id == member_id,
            LedgerRow.actor_id.is_not(None),
            ~is_sealed(LedgerRow),
            LedgerRow.at >= start,
            LedgerRow.at < end,
        )
        .distinct()
        .order_by(LedgerRow.source_id, LedgerRow.actor_id)
    )
    return [Given(source, giver, receiver) for source, giver, receiver in rows if giver]
