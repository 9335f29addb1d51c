"""Who may do what in a topic. The rule of the accepted answer is `may_accept`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from iocop.contributions.models import ContributionDomain
from iocop.core import clock
from iocop.core.db import db
from iocop.core.policy import ALLOWED, Verdict, fact, refused
from iocop.roles.queries import holds
from iocop.spaces.policy import may_read

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iocop.contributions.models import Contribution
    from iocop.core.login import Viewer
    from iocop.forums.models import Topic

KEEPERS = ("moderator", "curator", "facilitator", "administrator")
CLOSING_LEVEL = 4
"""The rung of a domain's ladder from which on a member closes topics there, and merges them."""


def keeps_order(actor: Viewer) -> bool:
    """Say whether the actor holds an office that keeps topics in order."""
    now = clock.now()
    return any(holds(actor.id, role, now) for role in KEEPERS)


def may_open_topics(actor: Viewer) -> Verdict:
    """Say whether the actor may open topics at all; where, the spaces say."""
    if actor.suspended:
        return refused(_l("Suspended members cannot post."))
    return ALLOWED


def may_announce(actor: Viewer) -> Verdict:
    now = clock.now()
    if any(
        holds(actor.id, role, now) for role in ("board_member", "moderator", "facilitator", "administrator")
    ):
        return ALLOWED
    return refused(_l("Announcements come from the board, facilitators, moderators and administrators."))


def may_post_under(actor: Viewer, topic: Topic, root: Contribution) -> Verdict:
    """Say whether the actor may answer or reply in a topic."""
    verdict = may_read(actor, root)
    if not verdict:
        return verdict
    if actor.suspended:
        return refused(_l("Suspended members cannot post."))
    if root.state == "removed":
        return refused(_l("This topic was removed."))
    if topic.closed_at is not None and not keeps_order(actor):
        return refused(_l("This topic is closed."))
    return ALLOWED


def may_answer(actor: Viewer, topic: Topic, root: Contribution) -> Verdict:
    verdict = may_post_under(actor, topic, root)
    if verdict and topic.kind != "question":
        return refused(_l("Only questions are answered; here you can reply."))
    return verdict


def may_accept(actor: Viewer, topic: Topic, root: Contribution, answer: Contribution) -> Verdict:
    """The rule of the accepted answer: the asker accepts one visible answer of the question; the last word stands."""
    if topic.kind != "question":
        return refused(_l("Only a question has an accepted answer."))
    if root.author_id != actor.id:
        return refused(_l("Only who asked accepts an answer."))
    if actor.suspended:
        return refused(_l("Suspended members cannot accept answers."))
    if answer.root_id != topic.id or answer.kind != "answer":
        return refused(_l("Only an answer to this question can be accepted."))
    if answer.state != "visible":
        return refused(_l("This answer cannot be seen at the moment."))
    return ALLOWED


def masters(actor: Viewer, domain_ids: Iterable[int]) -> bool:
    """Say whether the actor stands high enough in one of some domains to close or merge others' topics there."""
    levels: dict[int, int] = fact("levels", actor.id, default={}) if actor.is_authenticated else {}
    return any(levels.get(domain, 0) >= CLOSING_LEVEL for domain in domain_ids)


def flags_well(actor: Viewer) -> bool:
    """Say whether the actor has the ability to flag: it opens closing others' topics, not opening what others closed."""
    return actor.is_authenticated and bool(fact("ability", actor.id, "flag", default=False))


def _may_act(actor: Viewer, root: Contribution) -> Verdict:
    verdict = may_read(actor, root)
    if verdict and actor.suspended:
        return refused(_l("Suspended members cannot do this."))
    return verdict


def may_close(actor: Viewer, topic: Topic, root: Contribution) -> Verdict:
    """Say whether the actor may close or reopen a topic: its author, who keeps order, or who is trusted with it."""
    verdict = _may_act(actor, root)
    if not verdict:
        return verdict
    if keeps_order(actor) or masters(actor, _filed(topic.id)):
        return ALLOWED
    if root.author_id != actor.id and not flags_well(actor):
        return refused(
            _l(
                "The topic's author or a moderator closes it, a member from level 4 of one of its domains on, or one"
                " whose reports were nearly all upheld."
            )
        )
    if topic.closed_by_id not in {None, actor.id}:
        return refused(_l("A moderator closed this topic; ask them to open it again."))
    return ALLOWED


def may_merge(actor: Viewer, root: Contribution) -> Verdict:
    """Say whether the actor may merge a topic with another: who keeps order, or masters a domain of it; asked of both."""
    verdict = _may_act(actor, root)
    if not verdict:
        return verdict
    if keeps_order(actor) or masters(actor, _filed(root.id)):
        return ALLOWED
    return refused(
        _l("A moderator merges topics, or a member from level 4 of one of the domains of each of them on.")
    )


def _filed(root_id: int) -> Iterable[int]:
    filed = select(ContributionDomain.domain_id).where(ContributionDomain.contribution_id == root_id)
    return db.session.scalars(filed)


def may_withdraw_acceptance(actor: Viewer, root: Contribution) -> Verdict:
    if root.author_id != actor.id:
        return refused(_l("Only who asked withdraws the acceptance."))
    if actor.suspended:
        return refused(_l("Suspended members cannot do this."))
    return ALLOWED
