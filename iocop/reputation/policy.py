"""Who may do what about standing, and why not."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from iocop.core import clock
from iocop.core.policy import ALLOWED, Verdict, refused
from iocop.moderation.policy import may_moderate
from iocop.reputation.queries.bench import serves_somewhere
from iocop.reputation.queries.groups import colleagues_of
from iocop.reputation.queries.irregularities import parties_of
from iocop.roles.queries import holders, holds

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iocop.core.login import Viewer
    from iocop.reputation.models import Irregularity, LevelReview, LevelWord
    from iocop.reputation.promotion import Panel
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


def may_see_candidates(actor: Viewer) -> Verdict:
    """Say whether the actor may see who waits: whoever may be asked about some of them."""
    if actor.suspended:
        return refused(_l("Suspended members cannot do this."))
    if not actor.is_authenticated or not serves_somewhere(actor.id):
        return refused(
            _l("Stewards look at who comes to level 3, and where they are too few curators and the board.")
        )
    return ALLOWED


def may_see_candidate(actor: Viewer, panel: Panel) -> Verdict:
    """Say whether the actor is asked about one member."""
    verdict = may_see_candidates(actor)
    if verdict and actor.id not in panel.powers:
        return refused(
            _l("The stewards of this domain look, or where they are too few its curators and the board.")
        )
    return verdict


def word_counts(
    actor: Viewer, state: str, member_id: int, panel: Panel, words: Iterable[LevelWord]
) -> Verdict:
    """Say whether a word of somebody who is asked counts now: two people of two organizations, neither the member's."""
    spoken = {word.reviewer_id: word.org_group_id for word in words}
    if actor.id == member_id:
        return refused(_l("This is about yourself: two others look."))
    if actor.id in panel.near:
        return refused(_l("You belong to the member's organization: two people of others look."))
    if state != "open":
        return refused(_l("Two people have looked: this is decided."))
    if actor.id in spoken:
        return refused(_l("You have said your word: one more is needed, from another organization."))
    return _another(panel.voices.get(actor.id, 0), set(spoken.values()))


def _another(mine: int, spoken: set[int]) -> Verdict:
    if mine not in spoken:
        return ALLOWED
    if mine:
        return refused(
            _l("Somebody of your organization has looked: the other word is another organization's.")
        )
    return refused(
        _l("Somebody without a proved organization has looked, and all of them count as one: another looks.")
    )


def may_read_own_review(actor: Viewer, review: LevelReview) -> Verdict:
    """Say whether the actor may read where it stands: whom it is about, and nobody else."""
    if actor.is_authenticated and actor.id == review.member_id:
        return ALLOWED
    return refused(_l("There is nothing here, or it is not open to you."))
