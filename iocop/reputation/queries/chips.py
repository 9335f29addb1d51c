"""Levels as chips show them: one statement a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, exists, literal, select, union_all

from iocop.contributions.models import ContributionDomain
from iocop.core import clock
from iocop.core.db import read
from iocop.reputation.ladder import STEWARD
from iocop.reputation.models import Rung
from iocop.roles.models import RoleGrant
from iocop.roles.queries import in_force

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import ColumnElement, CompoundSelect


class Held(NamedTuple):
    """A level above the first that a member has in a domain."""

    member_id: int
    domain_id: int
    level: int


def _held(*, of_topic: bool) -> CompoundSelect[Any]:
    members: Any = bindparam("members", expanding=True)
    climbed = select(Rung.member_id, Rung.domain_id, Rung.level).where(
        Rung.member_id.in_(members), Rung.level > 0
    )
    elected = select(RoleGrant.member_id, RoleGrant.scope_id, literal(STEWARD)).where(
        RoleGrant.member_id.in_(members),
        RoleGrant.role == "domain_steward",
        RoleGrant.scope_kind == "domain",
        in_force(bindparam("now")),
    )
    if of_topic:
        filed = select(ContributionDomain.domain_id).where(
            ContributionDomain.contribution_id == bindparam("topic")
        )
        climbed, elected = (
            climbed.where(Rung.domain_id.in_(filed)),
            elected.where(RoleGrant.scope_id.in_(filed)),
        )
    return union_all(climbed, elected)


_HELD = _held(of_topic=False)
_HELD_OF_TOPIC = _held(of_topic=True)


def levels_held(member_ids: Collection[int], topic_id: int | None = None) -> list[Held]:
    """Return the levels members have, in the domains of one topic where it is named; the highest first."""
    asked = {"members": list(member_ids), "now": clock.now()}
    rows = read(_HELD, asked) if topic_id is None else read(_HELD_OF_TOPIC, asked | {"topic": topic_id})
    highest: dict[tuple[int, int], int] = {}
    for row in map(Held._make, rows):
        key = row.member_id, row.domain_id
        highest[key] = max(row.level, highest.get(key, 0))
    held = [Held(member_id, domain_id, level) for (member_id, domain_id), level in highest.items()]
    return sorted(held, key=lambda one: (-one.level, one.domain_id))


def is_steward(member: Any, domain: Any) -> ColumnElement[bool]:
    """Return the condition that a member is a domain's steward at *:now*."""
    return exists().where(
        RoleGrant.member_id == member,
        RoleGrant.role == "domain_steward",
        RoleGrant.scope_kind == "domain",
        RoleGrant.scope_id == domain,
        in_force(bindparam("now")),
    )
