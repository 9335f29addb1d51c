"""What tests of search need to exist: rows as services leave them, with the events they tell."""

from __future__ import annotations

from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, Any

from sqlalchemy import event

from iocop.contributions.events import Contributed
from iocop.contributions.models import Contribution
from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.events import emit
from iocop.forums.events import TopicOpened
from iocop.forums.models import Topic
from iocop.members.models import Member
from iocop.organizations.models import MemberCard, Organization
from iocop.search import indexer
from iocop.spaces.models import Space, SpaceGrant
from tests.factories import saved

if TYPE_CHECKING:
    from collections.abc import Iterator

_numbers = count(1)


def make_person(**given: Any) -> Member:
    """A member with the card that author lines show; no event is told."""
    number = next(_numbers)
    usual = {
        "number": number, "name": f"Person {number}", "handle": f"person-{number}", "email": f"p{number}@example.org",
        "joined_at": clock.now(), "reviewed_at": clock.now(),
    }  # fmt: skip
    person = saved(Member(**usual | given))
    saved(
        MemberCard(
            member_id=person.id, number=person.number, handle=person.handle, name=person.name, state="active"
        )
    )
    return person


def make_firm(**given: Any) -> Organization:
    number = next(_numbers)
    usual = {"name": f"Firm {number}", "slug": f"firm-{number}", "type": "firm", "created_at": clock.now()}
    return saved(Organization(**usual | given))


def make_space(audience: str = "public") -> Space:
    number = next(_numbers)
    return saved(
        Space(slug=f"room-{number}", name=f"Room {number}", audience=audience, created_at=clock.now())
    )


def let_in(member: Member, space: Space) -> SpaceGrant:
    return saved(SpaceGrant(space_id=space.id, member_id=member.id, granted_at=clock.now()))


def make_topic(title: str, text: str = "", **given: Any) -> Topic:
    """A question by somebody in a public space, open to everybody, unless said otherwise."""
    now = clock.now()
    usual = {
        "kind": "question", "author_id": given.pop("author_id", None) or make_person().id, "label": "public",
        "space_id": given.pop("space_id", None) or make_space().id, "plain": text, "text": text,
        "submission_key": f"key-{next(_numbers)}", "created_at": now,
    }  # fmt: skip
    with act() as session:
        post = Contribution(**usual | given)
        session.add(post)
        session.flush()
        post.root_id = post.id
        topic = Topic(
            id=post.id, kind="question", title=title, opened_at=now, last_post_at=now, last_post_id=post.id
        )
        session.add(topic)
        session.flush()
        emit(Contributed(post.author_id, contribution_id=post.id, root_id=post.id, kind="question"))
        emit(TopicOpened(post.author_id, topic_id=post.id, kind="question"))
    return topic


def make_answer(topic: Topic, text: str, **given: Any) -> Contribution:
    """An answer with its topic's space and label, unless said otherwise."""
    root = db.session.get_one(Contribution, topic.id)
    usual = {
        "kind": "answer", "author_id": root.author_id, "root_id": root.id, "parent_id": root.id,
        "position": topic.posts + 1, "space_id": root.space_id, "label": root.label, "plain": text, "text": text,
        "submission_key": f"key-{next(_numbers)}", "created_at": clock.now(),
    }  # fmt: skip
    with act() as session:
        answer = Contribution(**usual | given)
        session.add(answer)
        topic.posts += 1
        session.flush()
        emit(Contributed(answer.author_id, contribution_id=answer.id, root_id=root.id, kind="answer"))
    return answer


def index_all() -> None:
    """What the worker does beat by beat, until nothing is left."""
    while indexer.index_new():
        pass


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect the SQL of the body."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN")):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
