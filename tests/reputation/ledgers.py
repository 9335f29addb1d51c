"""What tests of the ledger need: things that can be endorsed, acts, and what stands in the tables."""

from __future__ import annotations

import secrets
from collections import defaultdict
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from iocop.contributions.models import Contribution
from iocop.core import clock
from iocop.core.db import db
from iocop.reputation.models import Balance, CommunityDay, DayBalance, LedgerRow, Settlement
from iocop.reputation.services.writing import Act, Tie
from iocop.roles.services import record_decision
from iocop.spaces.models import Space
from tests.factories import saved
from tests.forums.factories import make_space

if TYPE_CHECKING:
    from iocop.members.models import Member

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def make_thing(author: Member, **about: Any) -> int:
    """The id of something a member gave, past every service."""
    space_id = db.session.scalar(select(Space.id).limit(1)) or make_space().id
    usual = {"kind": "answer", "space_id": space_id, "created_at": clock.now()}
    made = saved(Contribution(author_id=author.id, submission_key=secrets.token_hex(8), **usual | about))
    return made.id


def make_things(author: Member, count: int) -> list[int]:
    return [make_thing(author) for _ in range(count)]


def make_community(day: date, organizations: int = 40, people: int = 200) -> None:
    """As many as make the shares 30 % and 10 %."""
    saved(CommunityDay(day=day, organizations=organizations, people=people))


def an_act(
    member: Member, actor: Member | None, source_id: int, domain_ids: tuple[int, ...], **given: Any
) -> Act:
    usual: dict[str, Any] = {"rule": "answer_endorsed", "tie": Tie("apart"), "at": NOON}
    return Act(
        member_id=member.id, actor_id=actor.id if actor else None, source_id=source_id, domain_ids=domain_ids,
        **usual | given,
    )  # fmt: skip


def a_decision() -> int:
    return record_decision(None, "Board", date(2026, 1, 5), "It is decided.").id


def ledger_of(member: Member) -> list[LedgerRow]:
    rows = select(LedgerRow).where(LedgerRow.member_id == member.id).order_by(LedgerRow.id)
    return list(db.session.scalars(rows))


def amounts(member: Member) -> list[int]:
    return [row.amount_mp for row in ledger_of(member)]


def balance(member: Member, domain_id: int) -> Balance:
    db.session.expire_all()
    return db.session.get_one(Balance, (member.id, domain_id))


def differences() -> list[str]:
    """Every sum that is not what its rows say: none, ever."""
    db.session.expire_all()
    earned: dict[tuple[int, int], int] = defaultdict(int)
    settled: dict[tuple[int, int], int] = defaultdict(int)
    days: dict[tuple[int, int, date], int] = defaultdict(int)
    for row in db.session.scalars(select(LedgerRow)):
        earned[row.member_id, row.domain_id] += row.amount_mp
    sealed = {row.id for row in db.session.scalars(select(LedgerRow)) if "sealed" in row.factors}
    for each in db.session.scalars(select(Settlement)):
        settled[each.member_id, each.domain_id] += each.amount_mp
        if each.ledger_id not in sealed:
            days[each.member_id, each.domain_id, each.day] += each.amount_mp
    kept = {(row.member_id, row.domain_id): row for row in db.session.scalars(select(Balance))}
    kept_days = {
        (row.member_id, row.domain_id, row.day): row.settled_mp
        for row in db.session.scalars(select(DayBalance))
    }
    wrong = [f"earned {key}" for key in earned if kept[key].earned_mp != earned[key]]
    wrong += [f"settled {key}" for key in kept if kept[key].settled_mp != settled[key]]
    if kept_days != {key: points for key, points in days.items() if points}:
        wrong.append("days")
    return wrong
