"""The rules of a kind of election change by a recorded decision, from a day to come on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask_babel import lazy_gettext as _l

from iocop.core import audit, clock
from iocop.core.db import act
from iocop.core.errors import Invalid
from iocop.core.events import emit
from iocop.core.policy import require
from iocop.elections import policy
from iocop.elections.events import RuleSetRecorded
from iocop.elections.models import ElectionRuleSet
from iocop.elections.models.elections import KINDS
from iocop.roles.services import record_decision

if TYPE_CHECKING:
    from datetime import date

    from iocop.core.login import Viewer
    from iocop.elections.rules import Rules

COUNTED_BY: Final = {
    "board": ("scottish", "meek", "schulze", "block", "approval"),
    "office": ("scottish", "meek", "schulze", "plurality", "approval"),
    "affirmation": ("affirmation",),
    "motion": ("motion",),
    "vacancy": ("scottish",),
}
"""By which rules each kind can be counted; *scottish* with one seat is the alternative vote."""

CAPPED: Final = ("board", "vacancy")
"""Kinds of which the organization cap is counted, by Scottish rules alone."""

RANGES: Final = {
    "board_size": (1, 50),
    "term_months": (1, 120),
    "most_terms": (1, 20),
    "days_to_vote": (0, 3650),
    "days_to_stand": (0, 3650),
    "seconders": (0, 50),
    "statement_words": (0, 1000),
    "nomination_days": (0, 120),
    "voting_days": (1, 60),
    "key_days": (1, 60),
    "complaint_days": (1, 60),
    "most_ranks": (0, 200),
}
"""The least and the largest number a rule can be; what lies beyond is a slip of the keyboard."""

UNASKED: Final = {
    "motion": frozenset({"nomination_days"}),
    "vacancy": frozenset({"nomination_days", "voting_days", "key_days"}),
}
"""Numbers a kind has no use for: 0 is as good as any."""


@dataclass(frozen=True)
class Resolution:
    """What a body decided about the rules.

    Attributes:
        vote: how it voted, such as "7 for, 1 against, 1 abstained".
        link: where the minutes stand; may be empty.
    """

    body: str
    decided_on: date
    text: str
    vote: str
    link: str = ""


def record_rules(
    actor: Viewer, kind: str, rules: Rules, takes_effect_on: date, resolution: Resolution
) -> ElectionRuleSet:
    """Record that other rules hold for a kind of election from a day to come on.

    An election past *draft* keeps the rules it was begun under.

    Raises:
        Refused: not an administrator.
        Invalid: a rule that cannot be, a day that is not to come, or a decision without its words.
    """
    with act() as session:
        require(policy.may_record_rules(actor, clock.now()))
        check(kind, rules)
        if takes_effect_on <= clock.now().date():
            raise Invalid(
                _l("Choose a day to come: rules never change behind an election's back."), "takes_effect_on"
            )
        if not resolution.vote.strip():
            raise Invalid(_l("Say how the body voted, such as “7 for, 1 against, 1 abstained”."), "vote")
        decision = record_decision(
            actor, resolution.body, resolution.decided_on, resolution.text, resolution.link
        )
        row = ElectionRuleSet(
            kind=kind, takes_effect_on=takes_effect_on, data=rules.as_data(), decision_id=decision.id,
            vote=resolution.vote.strip()[:200], recorded_at=clock.now(), recorded_by_id=actor.id,
        )  # fmt: skip
        session.add(row)
        session.flush()
        audit.record("election.record_rules", actor.id, f"rule_set:{row.id}", decision=decision.id)
        emit(RuleSetRecorded(actor.id, rule_set_id=row.id, decision_id=decision.id))
    return row


def check(kind: str, rules: Rules) -> None:
    """Go on only if elections of a kind can be held by some rules.

    Raises:
        Invalid: with the field and the mend.
    """
    if kind not in KINDS:
        raise Invalid(_l("Choose for which kind of election."), "kind")
    if rules.rule not in COUNTED_BY[kind]:
        raise Invalid(_l("This kind of election cannot be counted by that rule: choose another."), "rule")
    if rules.cap and (kind not in CAPPED or rules.rule != "scottish"):
        raise Invalid(
            _l(
                "The limit for organizations holds for boards counted by Scottish rules alone: choose these, or no limit."
            ),
            "cap",
        )
    for name, (least, most) in RANGES.items():
        low = 0 if name in UNASKED.get(kind, ()) else least
        if not low <= getattr(rules, name) <= most:
            raise Invalid(_l("Give a number from %(least)s to %(most)s.", least=low, most=most), name)
    _check_shares(rules)
    if any(len(code) != 2 or not code.isascii() or not code.isupper() for code in rules.regions):
        raise Invalid(_l("Give countries as two capital letters each, such as DE, IE."), "regions")


def _check_shares(rules: Rules) -> None:
    p, q = rules.quorum
    if q < 1 or not 0 <= p <= q:
        raise Invalid(_l("Give a part of the roll from 0 to 1, such as 1/4."), "quorum")
    p, q = rules.threshold
    if q < 1 or not 0 < 2 * p >= q or p > q:
        raise Invalid(_l("Give a part from 1/2 to 1, such as 2/3."), "threshold")
