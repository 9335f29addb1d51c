"""Members who have come to something: balances, rungs and terms as the ledger and the board would leave them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from iocop.core import clock
from iocop.core.db import act, db
from iocop.reputation.models import Balance, CommunityDay, DayBalance, Rung, RungChange
from iocop.reputation.rules import POINT
from tests.factories import saved

if TYPE_CHECKING:
    from datetime import date

    from iocop.domains.models import Domain
    from iocop.members.models import Member

OF_LEVEL = {
    0: {"points": 0, "organizations": 0, "accepted": 0, "contested": 0},
    1: {"points": 20, "organizations": 2, "accepted": 0, "contested": 0},
    2: {"points": 150, "organizations": 4, "accepted": 3, "contested": 4},
    3: {"points": 600, "organizations": 8, "accepted": 15, "contested": 30},
    4: {"points": 2000, "organizations": 12, "accepted": 50, "contested": 100},
}
"""What is enough for each level."""


def earn(member: Member, domain: Domain, level: int = 0, **given: Any) -> None:
    """Leave a balance that is enough for a level, but for what is given; all of it settled today or on *day*.

    Args:
        given: points, organizations, accepted, contested, day.
    """
    about = OF_LEVEL[level] | given
    day: date = about.get("day") or clock.now().date()
    settled = about["points"] * POINT
    with act() as session:
        key = {"member_id": member.id, "domain_id": domain.id}
        balance = session.get(Balance, (member.id, domain.id)) or Balance(**key)
        balance.standing_on, balance.standing_mp = clock.now().date(), settled
        balance.earned_mp = balance.settled_mp = settled
        for name in ("organizations", "accepted", "contested"):
            setattr(balance, name, about[name])
        session.add(balance)
        for bucket in session.scalars(select(DayBalance).filter_by(**key)):
            session.delete(bucket)
        session.flush()
        session.add(DayBalance(**key, day=day, settled_mp=settled))


def stand(member: Member, domain: Domain, level: int, **given: Any) -> Rung:
    """Put a member on a rung, past every condition."""
    return saved(
        Rung(
            **{
                "member_id": member.id, "domain_id": domain.id, "level": level, "highest": level,
                "since": clock.now(),
            }
            | given
        )
    )  # fmt: skip


def community(organizations: int, people: int = 100) -> None:
    """Say how many are active today."""
    with act() as session:
        session.merge(CommunityDay(day=clock.now().date(), organizations=organizations, people=people))


def rung_of(member: Member, domain: Domain) -> Rung | None:
    db.session.expire_all()
    return db.session.get(Rung, (member.id, domain.id))


def level_of(member: Member, domain: Domain) -> int:
    rung = rung_of(member, domain)
    return 0 if rung is None else rung.level


def steps_of(member: Member) -> list[tuple[int, int, str]]:
    rows = db.session.scalars(select(RungChange).filter_by(member_id=member.id).order_by(RungChange.id))
    return [(row.old, row.new, row.why) for row in rows]
