"""A topic's counts, always made anew from its posts: one statement, so they can never drift."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, case, func, select

from iocop.contributions.models import Contribution
from iocop.core.db import act, read

if TYPE_CHECKING:
    from iocop.forums.models import Topic

_SEEN = Contribution.state == "visible"
_ANSWERS = _SEEN & (Contribution.kind == "answer")
_IN_REPLY = _ANSWERS & (Contribution.created_at >= bindparam("opened_at"))
"""An answer from before the question came with a topic that was merged into it, and says nothing of the wait."""
_COUNTED: Final = select(
    func.max(Contribution.position).label("posts"),
    func.count(case((_ANSWERS, 1))).label("answers"),
    func.min(case((_IN_REPLY, Contribution.created_at))).label("first_answer_at"),
).where(Contribution.root_id == bindparam("topic"))
_LAST: Final = (
    select(Contribution.id, Contribution.created_at, Contribution.author_id)
    .where(Contribution.root_id == bindparam("topic"), _SEEN | (Contribution.position == 1))
    .order_by(_SEEN.desc(), Contribution.created_at.desc(), Contribution.position.desc())
    .limit(1)
)


def recount(topic: Topic) -> None:
    """Set a topic's counts, newest post and listing from its posts as they stand in the current act."""
    with act() as session:
        counted = read(_COUNTED, {"topic": topic.id, "opened_at": topic.opened_at}).one()
        last = read(_LAST, {"topic": topic.id}).one()
        topic.posts, topic.answers = counted.posts, counted.answers
        topic.first_answer_at = counted.first_answer_at
        topic.listed = session.get_one(Contribution, topic.id).state == "visible"
        topic.last_post_id, topic.last_post_at = last.id, last.created_at
        topic.last_author_id = last.author_id
        session.flush()
