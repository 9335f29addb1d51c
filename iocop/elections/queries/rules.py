"""Rule sets: which holds on a day, which will, which held."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import select, tuple_

from iocop.core.db import db
from iocop.elections.models import ElectionRuleSet
from iocop.elections.rules import Rules

if TYPE_CHECKING:
    from datetime import date

FOUNDING: Final[dict[str, Rules]] = {
    "board": Rules(),
    "office": Rules(cap=False, term_months=24),
    "affirmation": Rules(rule="affirmation", cap=False, affirm_uncontested=True),
    "motion": Rules(rule="motion", cap=False, seconders=0, statement_words=0, photo=False, nomination_days=0),
    "vacancy": Rules(nomination_days=0, voting_days=0, key_days=0),
}
"""The rules by which a site begins, resting on its founding decision; a decision replaces them."""


@dataclass(frozen=True)
class Standing:
    """The rules for one kind of election.

    Attributes:
        now: those that hold; None: the founding ones, not written down yet because no election has needed them.
        coming: those with a day to come, the nearest first.
        past: those that held before, the latest first.
    """

    kind: str
    rules: Rules
    now: ElectionRuleSet | None
    coming: tuple[ElectionRuleSet, ...]
    past: tuple[ElectionRuleSet, ...]


def in_force(kind: str, on: date) -> ElectionRuleSet | None:
    """Return the rule set that holds on a day; of two of one day the one recorded later. None: the founding rules."""
    rows = select(ElectionRuleSet).where(ElectionRuleSet.kind == kind, ElectionRuleSet.takes_effect_on <= on)
    newest = rows.order_by(ElectionRuleSet.takes_effect_on.desc(), ElectionRuleSet.id.desc())
    return db.session.scalar(newest.limit(1))


def rules_on(kind: str, on: date) -> Rules:
    """Return what holds for a kind of election on a day."""
    row = in_force(kind, on)
    return Rules.from_data(row.data) if row else FOUNDING[kind]


def standing(kind: str, on: date) -> Standing:
    """Return all rule sets of a kind as they stand on a day."""
    found = db.session.scalars(
        select(ElectionRuleSet)
        .where(ElectionRuleSet.kind == kind)
        .order_by(ElectionRuleSet.takes_effect_on, ElectionRuleSet.id)
    ).all()
    begun = [row for row in found if row.takes_effect_on <= on]
    now = begun[-1] if begun else None
    return Standing(
        kind=kind,
        rules=Rules.from_data(now.data) if now else FOUNDING[kind],
        now=now,
        coming=tuple(row for row in found if row.takes_effect_on > on),
        past=tuple(reversed(begun[:-1])),
    )


def rule_set(rule_set_id: int) -> ElectionRuleSet | None:
    return db.session.get(ElectionRuleSet, rule_set_id)


def before(row: ElectionRuleSet) -> ElectionRuleSet | None:
    """Return the rule set that one followed; None: it was the first of its kind."""
    earlier = select(ElectionRuleSet).where(
        ElectionRuleSet.kind == row.kind,
        tuple_(ElectionRuleSet.takes_effect_on, ElectionRuleSet.id) < (row.takes_effect_on, row.id),
    )
    newest = earlier.order_by(ElectionRuleSet.takes_effect_on.desc(), ElectionRuleSet.id.desc())
    return db.session.scalar(newest.limit(1))
