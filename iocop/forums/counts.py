"""A topic's counts, always made anew from its posts: one statement, so they can never drift."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import case, func, select

from iocop.contributions.models import Contribution
from iocop.core.db import act

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from iocop.forums.models import Topic

_SEEN = Contribution.state == "visible"
_ANSWERS = _SEEN & (Contribution.kind == "answer")


def recount(topic: Topic) -> None:
    """Set a topic's counts, newest post and listing from its posts as they stand in the current act."""
    with act() as session:
        session.flush()
        counted = session.execute(
            select(
                func.max(Contribution.position).label("posts"),
                func.count(case((_ANSWERS, 1))).label("answers"),
                func.min(case((_in_reply(topic), Contribution.created_at))).label("first_answer_at"),
            ).where(Contribution.root_id == topic.id)
        ).one()
        root = session.get_one(Contribution, topic.id)
        topic.posts, topic.answers, topic.first_answer_at = (
            counted.posts,
            counted.answers,
            counted.first_answer_at,
        )
        topic.listed = root.state == "visible"
        last = session.execute(
            select(Contribution.id, Contribution.created_at, Contribution.author_id)
            .where(Contribution.root_id == topic.id, _SEEN | (Contribution.position == 1))
            .order_by(_SEEN.desc(), Contribution.created_at.desc(), Contribution.position.desc())
            .limit(1)
        ).one()
        topic.last_post_id, topic.last_post_at, topic.last_author_id = last
        session.flush()


def _in_reply(topic: Topic) -> ColumnElement[bool]:
    """An answer from before the question came with a topic that was merged into it, and says nothing of the wait."""
    return _ANSWERS & (Contribution.created_at >= topic.opened_at)
