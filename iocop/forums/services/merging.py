"""Two topics become one: what stood in the one stands behind what stands in the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, update

from iocop.contributions.models import Contribution, Follow, Link, ReadMark
from iocop.contributions.policy import may_read
from iocop.core import audit, clock
from iocop.core.db import act, db
from iocop.core.errors import Conflict, Invalid, Missing
from iocop.core.events import emit
from iocop.core.policy import require
from iocop.core.versions import bump
from iocop.forums import policy
from iocop.forums.counts import recount
from iocop.forums.events import TopicsMerged
from iocop.forums.models import Topic
from iocop.forums.queries.topic import stands_in
from iocop.forums.services.topics import topic_row

if TYPE_CHECKING:
    from iocop.core.login import Viewer


def merge_topics(actor: Viewer, topic_id: int, into_id: int) -> Topic:
    """Put all that stands in a topic behind what stands in another; its address leads there from then on.

    What stands in the other keeps its positions; what comes follows in the order of its dates, so that it is new to
    whoever had read only the other. Points stay as they were earned. It cannot be taken back.

    Raises:
        Refused: the actor may not merge the first topic.
        Missing: there is no first topic.
        Invalid: field ``into``: none, the same, another kind, another space, or one the actor may not merge.
        Conflict: merged already, not to be seen at the moment, solved, or shared less or further than the other.
    """
    with act() as session:
        into_id = stands_in(into_id)
        for key in sorted({topic_id, into_id}):  # one order everywhere: two acts never wait for each other
            session.get(Topic, key, with_for_update=True)
        topic, root = topic_row(topic_id), session.get_one(Contribution, topic_id)
        require(policy.may_merge(actor, root))
        into = _possible(actor, topic, root, into_id)
        standing, coming = into.posts, topic.posts
        _move_posts(topic_id, into_id, standing)
        _move_readers(topic_id, into_id, standing, coming)
        _move_links(topic_id, into_id)
        topic.closed_at, topic.closed_by_id = clock.now(), actor.id
        topic.closed_reason, topic.successor_id, topic.listed, topic.pinned = "", into_id, False, False
        recount(into)
        bump("topics", f"topic:{topic_id}", f"topic:{into_id}")
        audit.record(
            "forums.merge", actor.id, f"contribution:{topic_id}", into=into_id, behind=standing, posts=coming
        )
        emit(TopicsMerged(actor.id, topic_id=topic_id, into_id=into_id))
    return into


def merging_into(actor: Viewer, topic_id: int, into_id: int) -> Topic:
    """Return the topic that would stay, for who is asked to confirm it; nothing is written or locked.

    Raises:
        Missing, Invalid, Conflict: as `merge_topics`.
    """
    topic, root = db.session.get(Topic, topic_id), db.session.get(Contribution, topic_id)
    if topic is None or root is None:
        raise Missing(_l("There is no such topic, or it is not open to you."))
    return _possible(actor, topic, root, stands_in(into_id))


def _possible(actor: Viewer, topic: Topic, root: Contribution, into_id: int) -> Topic:
    into, stays = _target(actor, topic, root, into_id)
    _check(topic, root, stays)
    return into


def _target(actor: Viewer, topic: Topic, root: Contribution, into_id: int) -> tuple[Topic, Contribution]:
    """Return the topic that stays; of one the actor may not read it is not told whether there is one."""
    into, stays = db.session.get(Topic, into_id), db.session.get(Contribution, into_id)
    if into is None or stays is None or into_id == topic.id or not may_read(actor, stays):
        raise Invalid(_l("There is no other topic of this number."), "into")
    verdict = policy.may_merge(actor, stays)
    if not verdict:
        raise Invalid(verdict.reason, "into")
    if into.kind != topic.kind:
        raise Invalid(
            _l("A question is merged into a question, a discussion into a discussion: name another."), "into"
        )
    if stays.space_id != root.space_id:
        raise Invalid(_l("It stands in another space: move one of the two first, or name another."), "into")
    return into, stays


def _check(topic: Topic, root: Contribution, stays: Contribution) -> None:
    if {root.state, stays.state} != {"visible"}:
        raise Conflict(_l("One of the two is held, hidden or removed: only what can be seen is merged."))
    if topic.accepted_id is not None:
        raise Conflict(
            _l(
                "This question is solved, and only who asked it says by what: merge the other into this one, or close"
                " it and name the other."
            )
        )
    if root.label != stays.label:
        raise Conflict(
            _l("One of the two may be shared further than the other: let their labels be the same first.")
        )


def _move_posts(topic_id: int, into_id: int, standing: int) -> None:
    with act() as session:
        moving = select(Contribution).where(Contribution.root_id == topic_id)
        in_order = moving.order_by(Contribution.created_at, Contribution.position)
        for position, post in enumerate(session.scalars(in_order.with_for_update()).all(), standing + 1):
            post.root_id, post.position = into_id, position
        session.get_one(Contribution, topic_id).parent_id = into_id
        session.flush()


def _move_readers(topic_id: int, into_id: int, standing: int, coming: int) -> None:
    """Who follows one follows both; who had read both to their ends has read all."""
    with act() as session:
        following = select(Follow.member_id).where(Follow.root_id == into_id)
        session.execute(
            update(Follow)
            .where(Follow.root_id == topic_id, Follow.member_id.not_in(following))
            .values(root_id=into_id)
            .execution_options(synchronize_session=False)
        )
        to_the_end = select(ReadMark.member_id).where(
            ReadMark.root_id == topic_id, ReadMark.position >= coming
        )
        session.execute(
            update(ReadMark)
            .where(
                ReadMark.root_id == into_id, ReadMark.position >= standing, ReadMark.member_id.in_(to_the_end)
            )
            .values(position=standing + coming)
            .execution_options(synchronize_session=False)
        )
        for table in (Follow, ReadMark):
            session.execute(
                delete(table).where(table.root_id == topic_id).execution_options(synchronize_session=False)
            )


def _move_links(topic_id: int, into_id: int) -> None:
    """What answers the one answers the other: an article that was named for it is."""
    with act() as session:
        known = select(Link.to_id).where(Link.from_id == into_id, Link.kind == "duplicate")
        session.execute(
            update(Link)
            .where(Link.from_id == topic_id, Link.kind == "duplicate", Link.to_id.not_in(known))
            .values(from_id=into_id)
            .execution_options(synchronize_session=False)
        )
