"""Where members stand, as policies ask it, and what the ladder judges them by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import select, tuple_

from iocop.core import clock
from iocop.core.db import db
from iocop.core.policy import provides
from iocop.reputation.ladder import Evidence
from iocop.reputation.models import Balance, CommunityDay, Rung, RungChange
from iocop.reputation.queries.chips import levels_held

if TYPE_CHECKING:
    from collections.abc import Collection

_SHOWN: Final = (Balance.standing_mp, Balance.organizations, Balance.accepted, Balance.contested)


@provides("levels")
def levels_of(member_id: int) -> dict[int, int]:
    """Return a member's levels above nothing, 1 to 5, by domain: one statement, where many domains are asked about."""
    return {held.domain_id: held.level for held in levels_held([member_id])}


@provides("level")
def level(member_id: int, domain_id: int) -> int:
    """Return a member's level in a domain now, 0 to 4; 5 for its steward."""
    return levels_of(member_id).get(domain_id, 0)


@provides("rung")
def rung(member_id: int, domain_id: int) -> int:
    """Return the level from 0 to 4 that a member has come to by evidence, whatever office they hold."""
    return (
        db.session.scalar(select(Rung.level).where(Rung.member_id == member_id, Rung.domain_id == domain_id))
        or 0
    )


def newest_step(member_id: int, domain_id: int) -> RungChange | None:
    """Return the last step a member took on a ladder."""
    return db.session.scalar(
        select(RungChange)
        .where(RungChange.member_id == member_id, RungChange.domain_id == domain_id)
        .order_by(RungChange.id.desc())
        .limit(1)
    )


def active_organizations() -> int | None:
    """Return how many organization groups were active in the year before the newest count; None before the first."""
    return db.session.scalar(
        select(CommunityDay.organizations)
        .where(CommunityDay.day <= clock.now().date())
        .order_by(CommunityDay.day.desc())
        .limit(1)
    )


class Place(NamedTuple):
    """One member in one domain."""

    member_id: int
    domain_id: int


def evidence_of(places: Collection[Place], *, locked: bool = False) -> dict[Place, Evidence]:
    """Return what members have to show, by place; who never earned anything there is left out.

    Args:
        locked: whether nobody else may move these balances until the act is over.
    """
    rows = (
        select(Balance.member_id, Balance.domain_id, *_SHOWN)
        .where(tuple_(Balance.member_id, Balance.domain_id).in_(places))
        .order_by(Balance.member_id, Balance.domain_id)
    )
    found = db.session.execute(rows.with_for_update() if locked else rows)
    return {Place(row.member_id, row.domain_id): Evidence(*row[2:]) for row in found}
