"""Organization groups: of members on a day, and whether an officer shares one with a candidate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from iocop.core import clock
from iocop.core.db import db
from iocop.elections.queries.elections import candidates
from iocop.organizations.models import Affiliation, Organization
from iocop.organizations.queries import groups_of, holding

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from iocop.elections.models import Election


def all_groups(member_ids: Collection[int], at: datetime) -> dict[int, frozenset[int]]:
    """Return every organization group each member belongs to at a moment; one without any is not named."""
    rows = db.session.execute(
        select(Affiliation.member_id, Affiliation.organization_id).where(
            Affiliation.member_id.in_(member_ids), holding(at)
        )
    ).all()
    tops = groups_of({row.organization_id for row in rows}, at.date())
    found: dict[int, frozenset[int]] = {}
    for row in rows:
        found[row.member_id] = found.get(row.member_id, frozenset()) | {tops[row.organization_id]}
    return found


def main_groups(member_ids: Collection[int], at: datetime) -> dict[int, int]:
    """Return the organization group of each member's main affiliation at a moment; the latest begun, where none is."""
    rows = db.session.execute(
        select(Affiliation.member_id, Affiliation.organization_id)
        .where(Affiliation.member_id.in_(member_ids), holding(at))
        .order_by(Affiliation.is_main, Affiliation.valid_from, Affiliation.id)
    ).all()
    of = {row.member_id: row.organization_id for row in rows}
    tops = groups_of(set(of.values()), at.date())
    return {member_id: tops[organization_id] for member_id, organization_id in of.items()}


def size_bands(member_ids: Collection[int], at: datetime) -> dict[int, str]:
    """Return the size of each member's main employer at a moment; empty where it is not known."""
    rows = db.session.execute(
        select(Affiliation.member_id, Organization.size_band)
        .join(Organization, Organization.id == Affiliation.organization_id)
        .where(Affiliation.member_id.in_(member_ids), holding(at))
        .order_by(Affiliation.is_main, Affiliation.valid_from, Affiliation.id)
    )
    return {row.member_id: row.size_band for row in rows}


def is_entangled(election: Election, member_id: int) -> bool:
    """Say whether a member is a candidate, or belongs to an organization group that a candidate belongs to."""
    standing = {row.member_id for row in candidates(election.id, ("accepted", "admitted", "refused"))}
    if member_id in standing:
        return True
    of = all_groups({*standing, member_id}, clock.now())
    mine = of.get(member_id, frozenset())
    return any(mine & of.get(other, frozenset()) for other in standing)
