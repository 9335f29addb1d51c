"""A topic's counts follow its posts; an accepted answer that is gone is accepted no more; merged tags file anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from iocop.contributions.models import Contribution, ContributionTag
from iocop.contributions.services import set_state
from iocop.core.db import db
from iocop.core.models import EventRow
from iocop.domains import services as domains
from iocop.forums import services
from iocop.forums.models import Topic
from tests.factories import make_member, viewer_of
from tests.forums.factories import given, make_answer, make_topic
from tests.people import officer

if TYPE_CHECKING:
    from flask import Flask

    from iocop.core.login import Viewer
    from tests.client import Browser


@pytest.fixture
def moderator(app: Flask) -> Viewer:
    return viewer_of(officer(make_member(), "moderator"))


def counted(topic_id: int) -> tuple[int, int, int | None, bool]:
    row = db.session.get_one(Topic, topic_id, populate_existing=True)
    return row.posts, row.answers, row.last_post_id, row.listed


def test_hiding_and_restoring_posts_counts_anew(moderator: Viewer) -> None:
    topic = make_topic()
    first, second = make_answer(topic), make_answer(topic)
    assert counted(topic.id) == (3, 2, second.id, True)
    began = db.session.get_one(Topic, topic.id).first_answer_at

    set_state(moderator, second.id, "hidden", "Look again.")
    assert counted(topic.id) == (3, 1, first.id, True)
    set_state(moderator, first.id, "removed", "An advertisement.")
    assert counted(topic.id) == (3, 0, topic.id, True)
    assert db.session.get_one(Topic, topic.id).first_answer_at is None
    set_state(moderator, second.id, "visible")
    set_state(moderator, first.id, "visible")
    assert counted(topic.id) == (3, 2, second.id, True)
    assert db.session.get_one(Topic, topic.id).first_answer_at == began


def test_a_hidden_topic_is_listed_nowhere_until_it_is_back(browser: Browser, moderator: Viewer) -> None:
    topic = make_topic()
    assert browser.page("/forums").select(".list-row")

    set_state(moderator, topic.id, "hidden", "Look again.")

    assert counted(topic.id) == (1, 0, topic.id, False)
    assert not browser.page("/forums").select(".list-row")
    assert browser.get(f"/t/{topic.id}").status_code == 404
    set_state(moderator, topic.id, "visible")
    assert browser.page("/forums").select(".list-row")


def test_a_removed_topic_is_gone_for_all_but_moderators(browser: Browser, moderator: Viewer) -> None:
    author = make_member()
    topic = make_topic(author=author)

    set_state(moderator, topic.id, "removed", "An advertisement.")

    assert browser.get(f"/t/{topic.id}").status_code == 410
    assert browser.sign_in(author).get(f"/t/{topic.id}").status_code == 410
    keeper = officer(make_member(), "moderator")
    assert browser.sign_in(keeper).get(f"/t/{topic.id}").status_code == 200


def test_what_is_held_its_author_and_moderators_see(browser: Browser) -> None:
    author = make_member()
    topic = make_topic(author=author)
    answer = make_answer(topic, author=author, text="Held for a moment.")
    set_state(None, answer.id, "held", "A link.")

    assert "Held for a moment" not in browser.page(f"/t/{topic.id}").text
    assert "Held for a moment" not in browser.sign_in(make_member()).page(f"/t/{topic.id}").text
    assert "Held for a moment" in browser.sign_in(author).page(f"/t/{topic.id}").text
    keeper = officer(make_member(), "moderator")
    assert "Held for a moment" in browser.sign_in(keeper).page(f"/t/{topic.id}").text
    set_state(None, topic.id, "held", "A link.")
    assert browser.sign_in(author).get(f"/t/{topic.id}").status_code == 200
    assert browser.sign_in(make_member()).get(f"/t/{topic.id}").status_code == 404


@pytest.mark.parametrize("state", ["hidden", "removed"])
def test_an_accepted_answer_that_is_gone_is_accepted_no_more(moderator: Viewer, state: str) -> None:
    asker = make_member()
    topic = make_topic(author=asker)
    answer, other = make_answer(topic), make_answer(topic)
    services.accept_answer(viewer_of(asker), topic.id, answer.id)

    set_state(moderator, other.id, state, "Another one.")
    assert db.session.get_one(Topic, topic.id).accepted_id == answer.id
    set_state(moderator, answer.id, state, "It harms.")

    row = db.session.get_one(Topic, topic.id)
    assert (row.accepted_id, row.accepted_at) == (None, None)
    told = db.session.scalars(select(EventRow.payload).where(EventRow.name == "AcceptanceWithdrawn")).all()
    assert [(event["actor_id"], event["post_id"]) for event in told] == [(moderator.id, answer.id)]
    set_state(moderator, answer.id, "visible")
    assert db.session.get_one(Topic, topic.id).accepted_id is None


def test_topics_under_a_merged_tag_stand_under_the_one_that_is_left(browser: Browser) -> None:
    curator = viewer_of(officer(make_member(), "curator"))
    one = make_topic(tags=("vav box",))
    both = make_topic(tags=("vav box", "vav"))
    for unknown in ("variable-air-volume", "%01", "..."):
        assert browser.page(f"/tags/{unknown}").select(".list-row") == []
    box, vav = domains.ensure_tags(["vav-box", "vav"])

    domains.merge_tags(curator, box.id, vav.id)
    domains.add_synonym(curator, "variable air volume", vav.id)

    filed = db.session.execute(select(ContributionTag.contribution_id, ContributionTag.tag_id)).all()
    assert sorted(filed) == [(one.id, vav.id), (both.id, vav.id)]
    assert browser.get("/tags/vav-box").location == "/tags/vav"
    assert browser.get("/tags/variable-air-volume").location == "/tags/vav"
    assert len(browser.page("/tags/vav").select(".list-row")) == 2
    assert "vav-box" not in browser.page(f"/t/{one.id}").text


def test_a_reply_under_an_answer_counts_as_a_post_alone(app: Flask) -> None:
    topic = make_topic()
    answer = make_answer(topic)

    reply = services.reply(viewer_of(make_member()), answer.id, given())

    assert counted(topic.id) == (3, 1, reply.id, True)
    assert db.session.get_one(Contribution, reply.id).parent_id == answer.id
