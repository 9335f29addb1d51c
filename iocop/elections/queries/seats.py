"""Seats: how many there are to fill, who stays, which organizations hold as many as they may."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from iocop.core import clock
from iocop.core.db import db
from iocop.elections.counting.capping import usual_most
from iocop.elections.queries.elections import candidates, rules_of
from iocop.elections.queries.groups import main_groups
from iocop.roles.models import RoleGrant

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from iocop.elections.models import Election
    from iocop.elections.sealing.canonical import Json


def first_moment(day: date) -> datetime:
    """Return the moment a day begins, UTC: offices begin and end there."""
    return datetime.combine(day, time.min, UTC)


def staying(office: str, on: date) -> list[int]:
    """Return who holds an office at the beginning of a day, by grants that last beyond it; who is suspended stays."""
    at = first_moment(on)
    rows = select(RoleGrant.member_id).where(
        RoleGrant.role == office, RoleGrant.scope_kind == "site", RoleGrant.valid_from <= at,
        or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to > at),
    )  # fmt: skip
    return sorted(set(db.session.scalars(rows)))


def seats_to_fill(board_size: int, on: date, office: str = "board_member") -> int:
    """Return how many seats are free on a day: the board's size without those who stay; never below none."""
    return max(0, board_size - len(staying(office, on)))


def staying_by_group(election: Election) -> list[Json]:
    """Return the seats that staying directors hold, by organization group, as the freeze has them."""
    if election.kind not in {"board", "vacancy"}:
        return []
    held: dict[int, int] = {}
    for group in main_groups(staying(election.office, election.term_starts_on), clock.now()).values():
        held[group] = held.get(group, 0) + 1
    return [{"group": group, "seats": seats} for group, seats in sorted(held.items())]


def staying_alone(election: Election, elected: Collection[int]) -> int:
    """Return how many directors stay beside those elected who belong to no organization: each is a group of one."""
    if election.kind != "board":
        return 0
    stay = set(staying(election.office, election.term_starts_on)) - set(elected)
    return len(stay) - len(main_groups(stay, first_moment(election.term_starts_on)))


def most_of_a_group(election: Election) -> int | None:
    """Return how many seats one organization group may hold, staying directors counted; None: there is no cap."""
    rules = rules_of(election)
    return usual_most(rules.board_size) if rules.cap and election.kind in {"board", "vacancy"} else None


def full_groups(election: Election) -> frozenset[int]:
    """Return the organization groups that hold all the seats they may, before anybody is elected."""
    most = most_of_a_group(election)
    rows: list[Any] = staying_by_group(election)
    return frozenset(row["group"] for row in rows if most is not None and row["seats"] >= most)


def cap_decides(election: Election) -> bool:
    """Say whether more of one organization group stand than it has seats left, so that not all of them can be elected."""
    most = most_of_a_group(election)
    if most is None:
        return False
    standing = [row.member_id for row in candidates(election.id, ("accepted", "admitted"))]
    held = Counter(main_groups(staying(election.office, election.term_starts_on), clock.now()).values())
    wanted = Counter(main_groups(standing, clock.now()).values())
    return any(held[group] + seats > most for group, seats in wanted.items())


def has_poll(election: Election) -> bool:
    """Say whether members vote: not all who stand can be elected, or the rules ask for affirmation."""
    if election.kind == "vacancy":
        return False
    if election.kind in {"motion", "affirmation"} or rules_of(election).affirm_uncontested:
        return True
    more = len(candidates(election.id, ("accepted", "admitted"))) > election.seats
    return more or cap_decides(election)


def frozen_rules(election: Election) -> dict[str, Json]:
    """Return the rules as the freeze has them: with the seats, and the cap only where it is asked.

    A board election of no more candidates than seats, where the rules ask for it, becomes an affirmation, unless the cap
    keeps one of them out: then it is counted like any other.
    """
    rules = rules_of(election)
    data: dict[str, Json] = dict(rules.as_data())
    data |= {"seats": election.seats, "cap": most_of_a_group(election) is not None}
    few = len(candidates(election.id, ("admitted",))) <= election.seats
    if (
        rules.affirm_uncontested
        and election.kind in {"board", "office"}
        and few
        and not cap_decides(election)
    ):
        data["rule"] = "affirmation"
    return data
