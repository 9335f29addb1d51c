"""To which organization groups many members belong now, in two statements."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import or_, select

from iocop.core import clock
from iocop.core.db import db
from iocop.organizations.models import Affiliation
from iocop.organizations.queries import groups_of, holding
from iocop.spaces.queries import VERIFIED

if TYPE_CHECKING:
    from collections.abc import Collection


class Groups(NamedTuple):
    of_member: dict[int, frozenset[int]]
    of_organization: dict[int, int]


def groups_now(member_ids: Collection[int]) -> Groups:
    """Return the groups of some members, whatever they show of it; who has none is left out."""
    now = clock.now()
    rows = db.session.execute(
        select(Affiliation.member_id, Affiliation.organization_id).where(
            Affiliation.member_id.in_(member_ids), holding(now)
        )
    ).all()
    topmost = groups_of({row.organization_id for row in rows}, now.date())
    found: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        found[row.member_id].add(topmost[row.organization_id])
    return Groups({member_id: frozenset(groups) for member_id, groups in found.items()}, topmost)


def colleagues_of(concerned: Collection[int], member_ids: Collection[int]) -> set[int]:
    """Return which members share a group with anybody who is concerned."""
    groups = groups_now({*concerned, *member_ids}).of_member
    theirs = {group for member_id in concerned for group in groups.get(member_id, ())}
    return {member_id for member_id in member_ids if not theirs.isdisjoint(groups.get(member_id, ()))}


def voices_now(member_ids: Collection[int]) -> dict[int, int]:
    """Return what each counts as where organizations speak: the group of one they proved, their main one first.

    Who has proved none is left out: all of them count as one, 0.
    """
    now = clock.now()
    rows = db.session.execute(
        select(Affiliation.member_id, Affiliation.organization_id)
        .where(
            Affiliation.member_id.in_(member_ids),
            holding(now),
            Affiliation.evidence.in_(VERIFIED),
            or_(Affiliation.expires_at.is_(None), Affiliation.expires_at > now),
        )
        .order_by(Affiliation.is_main, Affiliation.id.desc())
    ).all()
    topmost = groups_of({row.organization_id for row in rows}, now.date())
    return {row.member_id: topmost[row.organization_id] for row in rows}  # the last of each stands
