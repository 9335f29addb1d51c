"""Who may do what about standing, and why not."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from iocop.core import clock
from iocop.core.policy import ALLOWED, Verdict, refused
from iocop.moderation.policy import may_moderate
from iocop.reputation.queries.groups import colleagues_of
from iocop.reputation.queries.irregularities import parties_of
from iocop.roles.queries import holders, holds

if TYPE_CHECKING:
    from iocop.core.login import Viewer
    from iocop.reputation.models import Irregularity
    from iocop.roles.models import Decision

TIME_TO_ANSWER = timedelta(days=7)
"""How long the members of an irregularity have before it can be decided without their answer."""


def may_see_irregularities(actor: Viewer) -> Verdict:
    if not may_moderate(actor):
        return refused(_l("Moderators see what looks irregular, and those whom it concerns."))
    return ALLOWED


def may_judge_irregularity(actor: Viewer, row: Irregularity) -> Verdict:
    """Say whether the actor may open it: a moderator, neither concerned nor a colleague of anybody who is.

    Colleagues may where all moderators are: else a ring of many organizations would wait for ever.
    """
    verdict = may_see_irregularities(actor)
    if not verdict:
        return verdict
    concerned = {party.member_id for party in parties_of(row.id)}
    if actor.id in concerned:
        return refused(_l("This concerns you: another moderator looks at it."))
    others = set(holders("moderator", clock.now())) - concerned - {actor.id}
    near = colleagues_of(concerned, others | {actor.id})
    if actor.id in near and others - near:
        return refused(_l("This concerns a colleague of yours: another moderator looks at it."))
    return ALLOWED


def may_tell_of_irregularity(actor: Viewer, row: Irregularity) -> Verdict:
    verdict = may_judge_irregularity(actor, row)
    if verdict and row.state != "open":
        return refused(_l("Its members were told already."))
    return verdict


def may_decide_irregularity(actor: Viewer, row: Irregularity) -> Verdict:
    """Say whether it can be decided: all have answered, or had a week."""
    verdict = may_judge_irregularity(actor, row)
    if not verdict:
        return verdict
    if row.state == "open" or row.told_at is None:
        return refused(_l("Tell its members first: nothing is decided before they could answer."))
    if row.state != "told":
        return refused(_l("This is decided."))
    waits = any(party.answered_at is None for party in parties_of(row.id))
    if waits and clock.now() < row.told_at + TIME_TO_ANSWER:
        return refused(_l("Its members have a week to answer; not all have yet."))
    return ALLOWED


def may_read_own_irregularity(actor: Viewer, row: Irregularity) -> Verdict:
    """Say whether the actor may read what was found about them: once told, and for good."""
    concerned = {party.member_id for party in parties_of(row.id)}
    if actor.is_authenticated and actor.id in concerned and row.told_at is not None:
        return ALLOWED
    return refused(_l("There is nothing here, or it is not open to you."))


def may_answer_irregularity(actor: Viewer, row: Irregularity) -> Verdict:
    verdict = may_read_own_irregularity(actor, row)
    if verdict and row.state != "told":
        return refused(_l("This is decided; nothing can be added."))
    return verdict


def may_enter_rules(actor: Viewer) -> Verdict:
    """Say whether the actor may see the page where rules get another value."""
    if actor.suspended:
        return refused(_l("Suspended members cannot do this."))
    if not holds(actor.id, "administrator", clock.now()):
        return refused(_l("Only administrators enter what a rule is worth."))
    return ALLOWED


def may_change_rules(actor: Viewer, decision: Decision | None) -> Verdict:
    """Say whether the actor may give a rule another value by a decision."""
    verdict = may_enter_rules(actor)
    return _carried(decision) if verdict else verdict


def may_divide_domain(actor: Viewer, decision: Decision | None) -> Verdict:
    """Say whether the actor may divide a domain in two by a decision."""
    if actor.suspended:
        return refused(_l("Suspended members cannot do this."))
    if not holds(actor.id, "administrator", clock.now()):
        return refused(_l("Only administrators divide a domain."))
    return _carried(decision)


def _carried(decision: Decision | None) -> Verdict:
    if decision is None:
        return refused(_l("Name the decision this rests on: it is recorded first."))
    return ALLOWED
