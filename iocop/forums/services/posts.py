"""Members answer, reply, and edit what they wrote."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from iocop.contributions.models import Contribution
from iocop.contributions.services import contribute, write_out
from iocop.core.db import act, db
from iocop.core.errors import Missing
from iocop.core.events import emit
from iocop.core.policy import require
from iocop.forums import policy
from iocop.forums.counts import recount
from iocop.forums.events import Answered, Replied
from iocop.forums.queries.topic import stands_in
from iocop.forums.services.topics import topic_row

if TYPE_CHECKING:
    from iocop.contributions.services import Given
    from iocop.core.login import Viewer
    from iocop.forums.models import Topic


def answer(actor: Viewer, topic_id: int, given: Given) -> Contribution:
    """Answer a question; one that was merged, where it stands now.

    Raises:
        Refused: not a question, closed, or not open to the actor.
        Invalid: text or label cannot be so.
    """
    written = write_out(given.text)
    with act():
        topic, root = _locked(stands_in(topic_id))
        require(policy.may_answer(actor, topic, root))
        counted = topic.posts  # before: holding a new post counts the topic again
        post = contribute(actor, replace(given, kind="answer", parent_id=topic_id), written)
        if _is_new(post, counted):
            recount(topic)
            emit(Answered(actor.id, topic_id=topic.id, post_id=post.id))
    return post


def reply(actor: Viewer, parent_id: int, given: Given) -> Contribution:
    """Reply to a post, or to a topic itself.

    Raises:
        Refused: closed, or not open to the actor.
        Invalid: text or label cannot be so.
        Missing: no such post.
    """
    written = write_out(given.text)
    with act() as session:
        parent = session.get(Contribution, parent_id)
        if parent is None:
            raise Missing(_l("What you reply to does not exist."))
        topic, root = _locked(parent.root_id or parent.id)
        require(policy.may_post_under(actor, topic, root))
        counted = topic.posts
        post = contribute(actor, replace(given, kind="reply", parent_id=parent_id), written)
        if _is_new(post, counted):
            recount(topic)
            emit(Replied(actor.id, topic_id=topic.id, post_id=post.id, parent_id=parent_id))
    return post


def _locked(topic_id: int) -> tuple[Topic, Contribution]:
    """Return a topic and its root, locked: positions and counts follow from them."""
    return topic_row(topic_id), db.session.get_one(Contribution, topic_id)


def _is_new(post: Contribution, counted: int) -> bool:
    """The same form sent twice gives the post of the first time, which the topic had counted."""
    return post.position > counted
