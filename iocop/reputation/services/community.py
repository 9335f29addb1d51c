"""How many are active: counted once a day, so that a replay finds the same shares."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select, union

from iocop.contributions.models import Contribution, Mark
from iocop.core.db import act
from iocop.reputation.models import CommunityDay
from iocop.reputation.rules import CAP_DAYS
from iocop.reputation.settling import Caps, caps

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import InstrumentedAttribute, Session


def shares_on(day: date) -> Caps:
    """Return the greatest shares of a group and a person on a day, counting who is active if nobody did yet."""
    with act() as session:
        counted = session.get(CommunityDay, day) or _counted(session, day)
        return caps(counted.organizations, counted.people)


def _counted(session: Session, day: date) -> CommunityDay:
    """Write down how many members, and proved groups of organizations, gave or marked something in a year."""
    ends = datetime.combine(day + timedelta(days=1), time.min, UTC)
    begins = ends - timedelta(days=CAP_DAYS)

    def within(moment: InstrumentedAttribute[datetime]) -> ColumnElement[bool]:
        return moment.between(begins, ends - timedelta(microseconds=1))

    people = union(
        select(Contribution.author_id.label("id")).where(within(Contribution.created_at)),
        select(Mark.member_id.label("id")).where(within(Mark.at)),
    ).subquery()
    groups = union(
        select(Contribution.org_group_id.label("id")).where(
            within(Contribution.created_at), Contribution.org_evidence != "self"
        ),
        select(Mark.org_group_id.label("id")).where(within(Mark.at), Mark.org_evidence != "self"),
    ).subquery()
    counted = CommunityDay(
        day=day,
        organizations=session.scalar(select(func.count(groups.c.id))) or 0,
        people=session.scalar(select(func.count(people.c.id))) or 0,
    )
    session.add(counted)
    session.flush()
    return counted
