"""Members open topics, retitle, close and reopen them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from iocop.contributions.models import Contribution
from iocop.contributions.services import contribute, revise, write_out
from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.errors import Conflict, Invalid, Missing
from iocop.core.events import emit
from iocop.core.policy import require
from iocop.core.versions import bump
from iocop.forums import policy
from iocop.forums.events import TopicClosed, TopicOpened, TopicReopened, TopicRetitled
from iocop.forums.models import KINDS, Topic
from iocop.forums.queries.topic import stands_in

if TYPE_CHECKING:
    from iocop.contributions.services import Given
    from iocop.core.login import Viewer

SHORTEST_TITLE, LONGEST_TITLE = 8, 200


def open_topic(actor: Viewer, given: Given) -> Topic:
    """Ask a question, start a discussion or make an announcement.

    Raises:
        Refused: the actor may not post there, or not announce.
        Invalid: kind, title, text, domains, tags or label cannot be so.
        Conflict: the form's key is that of another post.
    """
    _check(given)
    written = write_out(given.text)
    with act() as session:
        require(policy.may_open_topics(actor))
        if given.kind == "announcement":
            require(policy.may_announce(actor))
        post = contribute(actor, given, written)
        known = session.get(Topic, post.id)
        if known is not None:
            return known  # the same form was sent twice
        if post.kind != given.kind:
            raise Conflict(
                _l("This form served for another post already: reload the page and send it again.")
            )
        topic = Topic(
            id=post.id, kind=given.kind, title=given.title.strip(), opened_at=post.created_at,
            last_post_at=post.created_at, last_post_id=post.id, last_author_id=actor.id,
            listed=post.state == "visible",
        )  # fmt: skip
        session.add(topic)
        session.flush()
        emit(TopicOpened(actor.id, topic_id=topic.id, kind=topic.kind))
    return topic


def _check(given: Given) -> None:
    if given.kind not in KINDS:
        raise Invalid(_l("Choose a question, a discussion or an announcement."), "kind")
    _check_title(given.title)


def _check_title(title: str) -> None:
    if len(title.strip()) < SHORTEST_TITLE:
        raise Invalid(_l("A title of at least 8 characters tells others what it is about."), "title")
    if len(title.strip()) > LONGEST_TITLE:
        raise Invalid(_l("A title has at most 200 characters."), "title")


def edit_topic(
    actor: Viewer, topic_id: int, *, title: str, text: str, reason: str = "", version: int | None = None
) -> Topic:
    """Save a new title and text of a topic's first post.

    Raises:
        Refused: neither its author nor a moderator.
        Stale: somebody saved another text meanwhile.
        Invalid: title, text or reason cannot be so.
    """
    _check_title(title)
    written = write_out(text)
    with act():
        topic = topic_row(topic_id)
        revise(actor, topic_id, text, title=title.strip(), reason=reason, version=version, written=written)
        if topic.title != title.strip():
            topic.title = title.strip()
            bump("topics", f"topic:{topic_id}")
            emit(TopicRetitled(actor.id, topic_id=topic_id))
    return topic


def close_topic(actor: Viewer, topic_id: int, reason: str, successor_id: int | None = None) -> Topic:
    """Close a topic to further posts, saying why and where it goes on.

    Raises:
        Refused: neither its author nor who keeps order.
        Invalid: no reason, or a successor that is the topic itself or does not exist.
        Conflict: closed already.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise Invalid(_l("Say why it is closed: others will read it."), "reason")
    with act() as session:
        topic = topic_row(topic_id)
        require(policy.may_close(actor, topic, session.get_one(Contribution, topic_id)))
        if topic.closed_at is not None:
            raise Conflict(_l("This topic is closed already."))
        if successor_id is not None and (
            successor_id == topic_id or session.get(Topic, successor_id) is None
        ):
            raise Invalid(_l("There is no other topic of this number."), "successor")
        topic.closed_at, topic.closed_by_id = clock.now(), actor.id
        topic.closed_reason, topic.successor_id = reason[:300], successor_id
        bump("topics", f"topic:{topic_id}")
        emit(TopicClosed(actor.id, topic_id=topic_id))
    return topic


def reopen_topic(actor: Viewer, topic_id: int) -> Topic:
    """Open a closed topic again.

    Raises:
        Refused: neither its author (where no moderator closed it) nor who keeps order.
        Conflict: it is open.
    """
    with act() as session:
        topic = topic_row(topic_id)
        require(policy.may_close(actor, topic, session.get_one(Contribution, topic_id)))
        if topic.closed_at is None:
            raise Conflict(_l("This topic is open."))
        topic.closed_at = topic.closed_by_id = topic.successor_id = None
        topic.closed_reason = ""
        bump("topics", f"topic:{topic_id}")
        emit(TopicReopened(actor.id, topic_id=topic_id))
    return topic


def topic_row(topic_id: int) -> Topic:
    """Return a topic's row, locked in an act.

    Raises:
        Missing: there is none.
        Conflict: it was merged into another.
    """
    topic = db.session.get(Topic, topic_id, with_for_update=True)
    if topic is None:
        raise Missing(_l("There is no such topic, or it is not open to you."))
    if stands_in(topic_id) != topic_id:
        raise Conflict(_l("This topic was merged into another: what you would do, do there."))
    return topic
