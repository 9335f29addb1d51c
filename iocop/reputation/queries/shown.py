"""What anybody may know of a member's standing, and by which rules it comes about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import and_, bindparam, case, func, select

from iocop.contributions.models import Contribution
from iocop.core.db import read
from iocop.reputation.models import LedgerRow, RuleVersion, Settlement
from iocop.reputation.queries.rows import is_sealed
from iocop.reputation.queries.standing import ladders
from iocop.reputation.rules import POINT, RULES
from iocop.roles.models import Decision

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from sqlalchemy import Executable

FEWEST: Final = 5
"""People behind a figure that could tell who they are."""

_SIGNED = and_(Contribution.byline != "sealed", ~is_sealed(LedgerRow))
"""What was given without a name brings points that only its author reads: a figure that grows would tell whose it is."""
_GIVEN = (
    select(LedgerRow.domain_id, LedgerRow.actor_id, LedgerRow.actor_group_id, LedgerRow.rule)
    .join(Contribution, Contribution.id == LedgerRow.source_id)
    .where(LedgerRow.member_id == bindparam("member"), LedgerRow.actor_id.is_not(None), _SIGNED)
    .group_by(LedgerRow.domain_id, LedgerRow.actor_id, LedgerRow.actor_group_id, LedgerRow.rule)
    .having(func.sum(LedgerRow.amount_mp) != 0)
    .subquery()
)
_BY_OTHERS = sorted(name for name, rule in RULES.items() if rule.by_others)
_BEHIND = select(
    _GIVEN.c.domain_id,
    func.count(_GIVEN.c.actor_id.distinct()),
    func.count(case((_GIVEN.c.rule.in_(_BY_OTHERS), _GIVEN.c.actor_group_id)).distinct()),
).group_by(_GIVEN.c.domain_id)
_SETTLED = (
    select(Settlement.domain_id, func.sum(Settlement.amount_mp))
    .join(LedgerRow, LedgerRow.id == Settlement.ledger_id)
    .join(Contribution, Contribution.id == LedgerRow.source_id)
    .where(Settlement.member_id == bindparam("member"), _SIGNED)
    .group_by(Settlement.domain_id)
)


class Shown(NamedTuple):
    """A member's standing in a domain as others see it.

    Attributes:
        points: lifetime points, in milli-points; None where fewer than five people stand behind them.
        organizations: that endorsed; None likewise.
        emeritus: the highest level held before, where it was higher; else 0.
    """

    domain_id: int
    level: int
    since: datetime | None
    emeritus: int
    points: int | None
    organizations: int | None
    accepted: int


def shown_standing(member_id: int, steward_level: int) -> list[Shown]:
    """Return what others see of a member's standing, the highest level first: three statements."""
    rows = [row for row in ladders(member_id) if row.domain_id is not None]
    behind, settled = (_by_domain(statement, member_id) for statement in (_BEHIND, _SETTLED))
    found = [
        _shown(row, behind.get(row.domain_id, (0, 0)), settled.get(row.domain_id, (0,)), steward_level)
        for row in rows
        if row.domain_id in behind or row.level or row.highest or row.steward
    ]
    return sorted(found, key=lambda one: (-one.level, -(one.points or 0), one.domain_id))


def _by_domain(statement: Executable, member_id: int) -> dict[int, Sequence[Any]]:
    rows: Sequence[Any] = read(statement, {"member": member_id}).all()
    return {row[0]: row[1:] for row in rows}


def _shown(row: Any, behind: Sequence[int], settled: Sequence[int], steward_level: int) -> Shown:
    level, (people, organizations), (points,) = row.level or 0, behind, settled
    many = people >= FEWEST
    return Shown(
        row.domain_id, steward_level if row.steward else level, row.since,
        row.highest if (row.highest or 0) > level else 0,
        int(points) if many else None, organizations if many else None, row.accepted,
    )  # fmt: skip


class Version(NamedTuple):
    """What a rule is worth from a moment on.

    Attributes:
        since: None for what came with the site.
        in_force: whether events of now are valued by it.
    """

    number: int
    base_mp: int
    since: datetime | None
    decision_id: int | None
    decided_on: date | None
    in_force: bool


_VERSIONS = (
    select(
        RuleVersion.rule, RuleVersion.version, RuleVersion.base_mp, RuleVersion.since, RuleVersion.decision_id,
        Decision.decided_on,
    )
    .join(Decision, Decision.id == RuleVersion.decision_id)
    .order_by(RuleVersion.since, RuleVersion.version)
)  # fmt: skip


def rule_versions(now: datetime) -> dict[str, list[Version]]:
    """Return every rule's versions, the first one first."""
    rows = read(_VERSIONS).all()
    return {
        name: list(_versions(rule.points * POINT, [row for row in rows if row.rule == name], now))
        for name, rule in RULES.items()
    }


def _versions(first_mp: int, later: Sequence[Any], now: datetime) -> Iterable[Version]:
    current = max((row.version for row in later if row.since <= now), default=1)
    yield Version(1, first_mp, None, None, None, current == 1)
    for row in later:
        yield Version(
            row.version, row.base_mp, row.since, row.decision_id, row.decided_on, row.version == current
        )
