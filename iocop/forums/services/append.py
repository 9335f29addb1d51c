"""Posts added at once to threads that stand, for imports that come again: no notices."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from iocop.contributions.events import ContributionsLoaded
from iocop.contributions.models import Contribution, Mark, Revision
from iocop.contributions.services.loading import new_ids, write_rows
from iocop.core.db import act
from iocop.core.events import emit
from iocop.core.versions import bump
from iocop.forums.models import Topic
from iocop.forums.services.batch import BulkThread
from iocop.forums.services.bulk import _contributions, _marks, _Placed, _revisions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from iocop.forums.services.batch import BulkPost


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkAddition:
    """Posts for the end of a thread that stands.

    Attributes:
        standing: how many positions the thread had when this was made. A parent, or the accepted answer, is named
            by its position up to there, and beyond it by its place among *posts*, counted on.
        accepted: taken where the thread has no accepted answer.
    """

    root_id: int
    standing: int
    posts: Sequence[BulkPost] = ()
    accepted: int | None = None
    accepted_at: datetime | None = None


def append_posts(additions: Sequence[BulkAddition]) -> None:
    """Write the additions in one act; each post takes the label and space of its thread.

    Raises:
        IntegrityError: a member that does not exist, or a source id that stands already.
    """
    if not additions:
        return
    with act() as session:
        for addition in additions:
            _append(session, addition)
        roots = tuple(addition.root_id for addition in additions)
        bump("topics", *(f"topic:{root}" for root in roots))
        emit(ContributionsLoaded(actor_id=None, root_ids=roots))


def _append(session: Session, addition: BulkAddition) -> None:
    topic = session.get_one(Topic, addition.root_id, with_for_update=True)
    root = session.get_one(Contribution, addition.root_id)
    by_position = (
        select(Contribution.id).where(Contribution.root_id == root.id).order_by(Contribution.position)
    )
    ids = list(session.scalars(by_position))
    grown = len(ids) - addition.standing
    posts = [post._replace(label=root.label, parent=1) for post in addition.posts]
    new = list(new_ids(session, len(posts)))
    places = dict(enumerate(ids[: addition.standing], 1))
    places |= dict(enumerate(new, addition.standing + 1))
    placed = _Placed(BulkThread(kind="question", title="", space_id=root.space_id, posts=posts), new)
    parents = [places[post.parent] for post in addition.posts]
    write_rows(session, Contribution, _moved(placed, root.id, parents, addition.standing + grown))
    write_rows(session, Revision, _revisions(placed))
    write_rows(session, Mark, _marks(placed))
    _count(topic, placed)
    if addition.accepted is not None and topic.accepted_id is None:
        topic.accepted_id, topic.accepted_at = places[addition.accepted], addition.accepted_at
    session.flush()


def _moved(placed: _Placed, root_id: int, parents: Sequence[int], standing: int) -> Iterator[dict[str, Any]]:
    """The rows as of a thread of their own, put under *root_id* behind what stands there."""
    for row, parent, position in zip(_contributions(placed), parents, count(standing + 1), strict=False):
        yield row | {"root_id": root_id, "parent_id": parent, "position": position}


def _count(topic: Topic, placed: _Placed) -> None:
    live = [(key, post) for key, post in placed.posts() if post.state == "visible"]
    answered = [post.created_at for _, post in live if post.kind == "answer"]
    topic.posts += len(placed.ids)
    topic.answers += len(answered)
    topic.first_answer_at = min([*answered, *filter(None, [topic.first_answer_at])], default=None)
    if live:
        topic.last_post_id, last = live[-1]
        topic.last_post_at, topic.last_author_id = last.created_at, last.author_id
