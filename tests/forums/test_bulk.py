"""Threads written at once: what is counted on the way agrees with a recount."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from iocop.contributions.models import (
    Contribution,
    ContributionDomain,
    ContributionTag,
    Follow,
    Link,
    Mark,
    Revision,
)
from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.models import EventRow
from iocop.core.versions import versions
from iocop.domains.models import Domain, Tag
from iocop.forums.counts import recount
from iocop.forums.models import Topic
from iocop.forums.services.bulk import (
    BulkLink,
    BulkMark,
    BulkPost,
    BulkRevision,
    BulkThread,
    write_links,
    write_threads,
)
from iocop.organizations.queries import Stamp
from iocop.spaces.models import Space
from tests.factories import make_member, make_organization, saved

if TYPE_CHECKING:
    from flask import Flask

DAY = clock.now().replace(microsecond=0) - timedelta(days=40)


def make_space() -> Space:
    return saved(Space(slug="commons", name="Commons", created_at=DAY))


def post(author_id: int, hours: int = 0, **given: Any) -> BulkPost:
    usual = {"text": "Bleed it.", "html": "<p>Bleed it.</p>", "plain": "Bleed it."}
    return BulkPost(author_id=author_id, created_at=DAY + timedelta(hours=hours), **usual | given)


def question(space_id: int, *posts: BulkPost, **given: Any) -> BulkThread:
    usual: dict[str, Any] = {"kind": "question", "title": "Air again?", "space_id": space_id, "posts": posts}
    return BulkThread(**usual | given)


def counted(topic: Topic) -> tuple[Any, ...]:
    last = (topic.last_post_id, topic.last_post_at, topic.last_author_id)
    return topic.posts, topic.answers, topic.first_answer_at, topic.listed, *last


def count(model: type[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_a_loaded_topic_counts_what_a_recount_finds(app: Flask) -> None:
    asker, helper = make_member(), make_member()
    space = make_space()
    thread = question(
        space.id,
        post(asker.id),
        post(helper.id, 3, kind="answer"),
        post(asker.id, 4, kind="reply", parent=2),
        post(helper.id, 9, kind="answer", state="removed", removed_at=DAY),
        accepted=2,
        accepted_at=DAY + timedelta(hours=5),
    )

    [first, second] = write_threads([thread, question(space.id, post(helper.id, 20))])

    topic = db.session.get_one(Topic, first)
    rows = db.session.scalars(
        select(Contribution).where(Contribution.root_id == first).order_by(Contribution.position)
    ).all()
    question_row, answer, reply, removed = rows
    assert (question_row.id, question_row.kind, question_row.parent_id) == (first, "question", None)
    assert [row.position for row in rows] == [1, 2, 3, 4]
    assert [answer.parent_id, reply.parent_id, removed.parent_id] == [first, answer.id, first]
    assert (topic.posts, topic.answers, topic.accepted_id) == (4, 1, answer.id)
    assert (topic.first_answer_at, topic.last_post_at) == (answer.created_at, reply.created_at)
    assert (topic.last_post_id, topic.last_author_id) == (reply.id, asker.id)
    alone = db.session.get_one(Topic, second)
    for each in (topic, alone):
        written = counted(each)
        with act():
            recount(each)
        assert counted(each) == written
    assert (alone.posts, alone.answers, alone.last_post_id, alone.first_answer_at) == (1, 0, second, None)


def test_marks_are_counted_and_votes_without_voters_kept_apart(app: Flask) -> None:
    asker, helper = make_member(), make_member()
    organization = make_organization()
    stamp = Stamp(None, organization.id, organization.id, "self")
    marks = [
        BulkMark(kind="helpful", member_id=asker.id, at=DAY),
        BulkMark(kind="works_here", member_id=asker.id, at=DAY, stamp=stamp, context={"conditions": "V6.1"}),
    ]
    answer = post(helper.id, 1, kind="answer", marks=marks, imported_score=12, stamp=stamp)

    [root] = write_threads([question(make_space().id, post(asker.id), answer)])

    row = db.session.scalars(
        select(Contribution).where(Contribution.root_id == root, Contribution.position == 2)
    ).one()
    live = Counter(db.session.scalars(select(Mark.kind)))
    assert {"helpful": row.helpful, "works_here": row.works_here} == live == {"helpful": 1, "works_here": 1}
    assert (row.imported_score, row.outdated, row.organization_id) == (12, 0, organization.id)
    works = db.session.scalars(select(Mark).where(Mark.kind == "works_here")).one()
    assert (works.context, works.organization_id, works.org_evidence) == (
        {"conditions": "V6.1"},
        organization.id,
        "self",
    )


def test_revisions_tags_domains_and_followers_come_along(app: Flask) -> None:
    asker, editor = make_member(), make_member()
    space, domain = make_space(), saved(Domain(slug="water", name="Water"))
    tag = saved(Tag(slug="pumps"))
    history = [
        BulkRevision(editor_id=asker.id, at=DAY, text="Bleed", title="Air"),
        BulkRevision(
            editor_id=editor.id,
            at=DAY + timedelta(days=1),
            text="Bleed it.",
            title="Air again?",
            reason="clearer",
        ),
    ]
    thread = question(
        space.id, post(asker.id, revisions=history), post(editor.id, 1, kind="answer"),
        domain_ids=[domain.id], tag_ids=[tag.id], followers=[asker.id, editor.id],
    )  # fmt: skip

    [root] = write_threads([thread])

    row = db.session.get_one(Contribution, root)
    assert (row.version, row.edited_at) == (2, DAY + timedelta(days=1))
    numbers = db.session.execute(
        select(Revision.number, Revision.title, Revision.text).order_by(
            Revision.contribution_id, Revision.number
        )
    )
    assert [tuple(each) for each in numbers] == [
        (1, "Air", "Bleed"),
        (2, "Air again?", "Bleed it."),
        (1, "", "Bleed it."),
    ]
    assert (count(ContributionDomain), count(ContributionTag), count(Follow)) == (1, 1, 2)


def test_a_batch_is_one_event_and_moves_the_listing(app: Flask) -> None:
    member, space = make_member(), make_space()
    before = versions("topics")[0]

    roots = write_threads([question(space.id, post(member.id)) for _ in range(3)])

    [event] = db.session.scalars(select(EventRow).where(EventRow.name == "ContributionsLoaded")).all()
    assert event.payload == {"actor_id": None, "root_ids": roots}
    assert versions("topics")[0] == before + 1
    assert write_threads([]) == []
    assert count(EventRow) == 1


def test_ids_follow_what_stands_and_leave_room_for_what_comes(app: Flask) -> None:
    member, space = make_member(), make_space()
    [first] = write_threads([question(space.id, post(member.id))])

    written = write_threads(
        [question(space.id, post(member.id), post(member.id, kind="answer")) for _ in range(2)]
    )
    usual = saved(
        Contribution(
            kind="question", author_id=member.id, root_id=first, position=9, space_id=space.id, submission_key="x",
            created_at=DAY,
        )
    )  # fmt: skip

    assert first < written[0] < written[1] < usual.id


def test_a_batch_with_one_post_that_cannot_be_leaves_nothing(app: Flask) -> None:
    member, space = make_member(), make_space()
    twice = question(space.id, post(member.id, source="elsewhere", source_id="7"))

    with pytest.raises(IntegrityError):
        write_threads([twice, twice])
    with pytest.raises(ValueError, match="without a post"):
        write_threads([question(space.id)])

    assert count(Contribution) == count(Topic) == count(EventRow) == 0


def test_a_hidden_question_is_not_listed(app: Flask) -> None:
    member = make_member()

    [root] = write_threads([question(make_space().id, post(member.id, state="hidden"))])

    topic = db.session.get_one(Topic, root)
    assert (topic.listed, topic.last_post_id, topic.answers) == (False, root, 0)


def test_links_join_contributions_that_stand(app: Flask) -> None:
    member, space = make_member(), make_space()
    older, newer = write_threads([question(space.id, post(member.id)) for _ in range(2)])

    write_links([BulkLink(newer, older, "duplicate", DAY)])

    link = db.session.scalars(select(Link)).one()
    assert (link.from_id, link.to_id, link.kind, link.at) == (newer, older, "duplicate", DAY)
