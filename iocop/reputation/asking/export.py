"""How a member likes to be asked, what they asked others and were asked, in the member's own export."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from iocop.core.db import db
from iocop.members.export import exports
from iocop.members.models import Member
from iocop.members.numbers import shown
from iocop.reputation.models import Availability, ExpertRequest, Greeting


@exports("availability")
def availability(member_id: int) -> dict[str, Any]:
    row = db.session.get(Availability, member_id)
    if row is None:
        return {}
    return {
        "per_week": row.per_week, "away_until": row.away_until, "time_zone": row.time_zone, "note": row.note,
    }  # fmt: skip


@exports("requests_for_answers")
def requests(member_id: int) -> dict[str, list[dict[str, Any]]]:
    """What the member asked, and what they were asked; the others are not named."""
    rows = select(
        ExpertRequest.topic_id, ExpertRequest.note, ExpertRequest.state, ExpertRequest.asked_at,
        ExpertRequest.agreed_at, ExpertRequest.settled_at,
    ).order_by(ExpertRequest.id)  # fmt: skip
    sides = {"made": ExpertRequest.asker_id, "received": ExpertRequest.expert_id}
    return {
        name: [dict(row) for row in db.session.execute(rows.where(side == member_id)).mappings()]
        for name, side in sides.items()
    }


@exports("greetings")
def greetings(member_id: int) -> list[dict[str, Any]]:
    """Whom the member greeted."""
    rows = db.session.execute(
        select(Member.number, Greeting.at)
        .join(Member, Member.id == Greeting.member_id)
        .where(Greeting.greeter_id == member_id)
        .order_by(Greeting.at)
    )
    return [{"newcomer": shown(row.number), "at": row.at} for row in rows]
