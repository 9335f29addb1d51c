"""What a rule is worth changes by a decision, from a day to come on; what was entered keeps its value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from iocop.core import audit, clock
from iocop.core.db import act
from iocop.core.errors import Conflict, Invalid, Missing
from iocop.core.events import emit
from iocop.core.policy import require
from iocop.reputation import policy
from iocop.reputation.events import RuleChanged
from iocop.reputation.models import RuleVersion
from iocop.reputation.rules import POINT, RULES
from iocop.roles.queries import decision

if TYPE_CHECKING:
    from datetime import datetime

    from iocop.core.login import Viewer

MOST_POINTS = 1000
"""Far beyond any rule: a slip of the keyboard, not a decision."""


def change_rule(
    actor: Viewer, rule: str, points: int, since: datetime, decision_id: int | None
) -> RuleVersion:
    """Give a rule another base from a moment to come on.

    Args:
        points: the new base, in points; what costs points goes on costing them.
        since: the first moment at which it is in force.

    Raises:
        Refused: not an administrator, or on no decision.
        Missing: no such rule.
        Invalid: it would change what has been earned, turn a gift into a cost or a cost into a gift, or is beyond reason.
        Conflict: another value begins at that moment.
    """
    with act() as session:
        require(policy.may_change_rules(actor, decision(decision_id) if decision_id else None))
        _check(rule, points, since)
        at_once = select(RuleVersion.id).where(RuleVersion.rule == rule, RuleVersion.since == since)
        if session.scalar(at_once) is not None:
            raise Conflict(_l("Another value of this rule begins at that moment already."))
        newest = session.scalar(select(func.max(RuleVersion.version)).where(RuleVersion.rule == rule)) or 1
        version = RuleVersion(
            rule=rule, version=newest + 1, since=since, base_mp=points * POINT, decision_id=decision_id
        )
        session.add(version)
        session.flush()
        audit.record("change_rule", actor.id, f"rule:{version.id}", points=points)
        emit(RuleChanged(actor.id, rule_id=version.id, decision_id=version.decision_id))
    return version


def _check(rule: str, points: int, since: datetime) -> None:
    if rule not in RULES:
        raise Missing(_l("There is no such rule."))
    if since <= clock.now():
        raise Invalid(
            _l("Choose a day to come: what was earned before keeps the value it was entered with."), "since"
        )
    if abs(points) > MOST_POINTS:
        raise Invalid(_l("Give at most 1,000 points."), "points")
    if points * RULES[rule].points < 0:
        raise Invalid(_l("What brings points cannot begin to cost them, nor the other way round."), "points")
