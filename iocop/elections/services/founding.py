"""The rules a site begins with are written down when its first election of a kind needs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import select

from iocop.core import clock
from iocop.core.db import act
from iocop.elections.models import ElectionRuleSet
from iocop.elections.queries.rules import FOUNDING
from iocop.roles.models import Decision
from iocop.roles.services import found_site

if TYPE_CHECKING:
    from datetime import date


def founding_rules(kind: str) -> ElectionRuleSet:
    """Return a kind's founding rule set, written down now if it is not yet.

    It holds from the day of the founding decision, on which it rests, so that any decision comes after it.
    """
    with act() as session:
        founding = session.get_one(Decision, found_site(), with_for_update=True)
        found = session.scalar(
            select(ElectionRuleSet).where(
                ElectionRuleSet.kind == kind, ElectionRuleSet.decision_id == founding.id
            )
        )
        return found or _written(kind, founding.id, founding.decided_on)


def _written(kind: str, decision_id: int, since: date) -> ElectionRuleSet:
    with act() as session:
        row = ElectionRuleSet(
            kind=kind, takes_effect_on=since, data=FOUNDING[kind].as_data(), decision_id=decision_id,
            vote=_("as the site was founded"), recorded_at=clock.now(),
        )  # fmt: skip
        session.add(row)
        session.flush()
    return row
