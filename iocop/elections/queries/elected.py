"""Who was elected, by the result or unopposed, and when the first board was certified."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from iocop.core.db import db
from iocop.core.policy import provides
from iocop.elections.models import Election, Nomination
from iocop.elections.queries.elections import candidates, document

if TYPE_CHECKING:
    from datetime import datetime


def result_of(election_id: int) -> dict[str, Any] | None:
    """Return what result.json holds; None before the count, and where there was no poll."""
    found = document(election_id, "result.json")
    return json.loads(found.content) if found else None


def elected(election: Election) -> list[int]:
    """Return the members elected, in the order of the count; without a poll all who stood unopposed.

    A casual vacancy is filled from the candidates of the earlier election. A number of the count that no nomination
    bears (the freeze alone knows that candidate) is left out: nobody here can be given its office.
    """
    if election.kind == "motion":
        return []
    result = result_of(election.id)
    if result is None:
        return [row.member_id for row in candidates(election.id, ("admitted",))]
    numbers: list[int] = result["count"]["elected"]
    rows = db.session.execute(
        select(Nomination.number, Nomination.member_id).where(
            Nomination.election_id == (election.earlier_id or election.id), Nomination.number.in_(numbers)
        )
    )
    by_number = {row.number: row.member_id for row in rows}
    return [by_number[number] for number in numbers if number in by_number]


@provides("first_board_certified")
def first_board_certified() -> datetime | None:
    """Return when the first board was certified: from then on the founding decision carries no office any more."""
    first = select(func.min(Election.state_since)).where(
        Election.kind == "board", Election.state == "certified"
    )
    return db.session.scalar(first)
