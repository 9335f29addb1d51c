"""Who may ask whom for an answer, who answers for it, and who greets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from iocop.core.policy import ALLOWED, Verdict, refused
from iocop.forums.policy import may_answer
from iocop.reputation import ranking

if TYPE_CHECKING:
    from datetime import date

    from iocop.contributions.models import Contribution
    from iocop.core.login import Viewer
    from iocop.forums.models import Topic
    from iocop.reputation.models import ExpertRequest
    from iocop.reputation.ranking import Asked


def may_ask_people(actor: Viewer, topic: Topic, root: Contribution) -> Verdict:
    """Say whether the actor may ask members for an answer here: who asked, while the question is open."""
    if topic.kind != "question":
        return refused(_l("Only questions are answered: nobody is asked about a discussion."))
    if not actor.is_authenticated or root.author_id != actor.id:
        return refused(_l("Only who asked the question asks others for an answer."))
    if actor.suspended:
        return refused(_l("While you are suspended you cannot ask anybody for an answer."))
    if root.state != "visible":
        return refused(_l("Others cannot read this question at the moment, so nobody can be asked about it."))
    if topic.closed_at is not None or topic.accepted_id is not None:
        return refused(_l("This question is solved or closed: nobody needs to be asked about it any more."))
    return ALLOWED


def may_be_asked(asked: Asked, waiting: int, today: date) -> Verdict:
    """Say whether a member can be asked, or why not.

    Args:
        waiting: people asked about the question who have neither answered nor declined.
    """
    if waiting >= ranking.OPEN_AT_ONCE:
        return refused(_l("Five people are asked about this question: wait for one of them first."))
    if asked.was_asked:
        return refused(_l("You have asked them about this question already."))
    if asked.has_answered:
        return refused(_l("They have answered here already: reply to them instead."))
    return _is_there(asked, today)


def _is_there(asked: Asked, today: date) -> Verdict:
    if asked.state != "active" or not asked.reads or not asked.known:
        return refused(_l("This member cannot be asked about this question: choose one of those suggested."))
    if ranking.is_away(asked.away_until, today):
        return refused(_l("They are away at the moment: ask somebody else, or come back later."))
    if ranking.has_enough(asked.this_week, asked.per_week):
        return refused(
            _l(
                "They have been asked as often this week as they are glad to be: ask somebody else, or wait a few days."
            )
        )
    return ALLOWED


def may_promise(actor: Viewer, request: ExpertRequest, topic: Topic, root: Contribution) -> Verdict:
    """Say whether the actor may say that they will answer."""
    if request.expert_id != actor.id:
        return refused(_l("Somebody else was asked here."))
    if request.state != "open":
        return refused(_l("You have answered this request already, or it has lapsed."))
    return may_answer(actor, topic, root)


def may_decline(actor: Viewer, request: ExpertRequest) -> Verdict:
    """Say whether the actor may decline; also somebody suspended may, and who promised may take it back."""
    if request.expert_id != actor.id:
        return refused(_l("Somebody else was asked here."))
    if request.state not in {"open", "agreed"}:
        return refused(_l("You have answered this request already, or it has lapsed."))
    return ALLOWED


def may_greet(actor: Viewer, *, greets: bool) -> Verdict:
    """Say whether the actor may greet newcomers.

    Args:
        greets: a practitioner (level 2) of some domain, a facilitator or a moderator.
    """
    if not actor.is_authenticated or not greets:
        return refused(_l("Practitioners (level 2), facilitators and moderators greet newcomers."))
    if actor.suspended:
        return refused(_l("While you are suspended you cannot greet anybody."))
    return ALLOWED
