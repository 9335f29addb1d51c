"""A member's part in elections, in the own export: never how they voted, which nobody here knows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import exists, select

from iocop.core.db import db
from iocop.elections.models import (
    Election,
    ElectionAct,
    ElectionComplaint,
    Nomination,
    RollEntry,
    Seconding,
    TokenIssue,
)
from iocop.members.export import exports


@exports("elections")
def elections(member_id: int) -> list[dict[str, Any]]:
    """Give on which rolls the member stood, and whether a voting token was issued to them."""
    issued = exists().where(TokenIssue.entry_id == RollEntry.id)
    rows = (
        select(
            Election.title.label("election"),
            Election.opens_at,
            issued.label("token_issued"),
            RollEntry.blocked_reason,
        )
        .join(Election, Election.id == RollEntry.election_id)
        .where(RollEntry.member_id == member_id)
        .order_by(Election.id)
    )
    return [dict(row) for row in db.session.execute(rows).mappings()]


@exports("nominations")
def nominations(member_id: int) -> list[dict[str, Any]]:
    rows = (
        select(
            Election.title.label("election"), Nomination.nominated_at, Nomination.answered_at, Nomination.state,
            Nomination.statement, Nomination.interests, Nomination.reason, Nomination.mailing,
            Nomination.mailing_sent_at,
        )
        .join(Election, Election.id == Nomination.election_id)
        .where(Nomination.member_id == member_id)
        .order_by(Nomination.id)
    )  # fmt: skip
    return [dict(row) for row in db.session.execute(rows).mappings()]


@exports("secondings")
def secondings(member_id: int) -> list[dict[str, Any]]:
    rows = (
        select(Election.title.label("election"), Seconding.seconded_at)
        .join(Nomination, Nomination.id == Seconding.nomination_id)
        .join(Election, Election.id == Nomination.election_id)
        .where(Seconding.member_id == member_id)
        .order_by(Seconding.id)
    )
    return [dict(row) for row in db.session.execute(rows).mappings()]


@exports("complaints")
def complaints(member_id: int) -> list[dict[str, Any]]:
    rows = (
        select(
            Election.title.label("election"), ElectionComplaint.kind, ElectionComplaint.text,
            ElectionComplaint.made_at, ElectionComplaint.answer, ElectionComplaint.upheld,
            ElectionComplaint.answered_at,
        )
        .join(Election, Election.id == ElectionComplaint.election_id)
        .where(ElectionComplaint.member_id == member_id)
        .order_by(ElectionComplaint.id)
    )  # fmt: skip
    return [dict(row) for row in db.session.execute(rows).mappings()]


@exports("officers_acts")
def officers_acts(member_id: int) -> list[dict[str, Any]]:
    """Give what the member proposed or confirmed as an officer."""
    rows = (
        select(
            Election.title.label("election"), ElectionAct.verb, ElectionAct.note, ElectionAct.first_at,
            ElectionAct.second_at, (ElectionAct.second_id == member_id).label("confirmed"),
        )
        .join(Election, Election.id == ElectionAct.election_id)
        .where((ElectionAct.first_id == member_id) | (ElectionAct.second_id == member_id))
        .order_by(ElectionAct.id)
    )  # fmt: skip
    return [dict(row) for row in db.session.execute(rows).mappings()]
