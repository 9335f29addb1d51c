"""Every refusal of the forums, with the reason the member reads."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from iocop.contributions.models import Contribution
from iocop.contributions.services import change_label, set_state
from iocop.core.db import db
from iocop.core.errors import Conflict, Invalid, Missing, Refused
from iocop.core.login import GUEST
from iocop.forums import policy, services
from iocop.forums.models import Topic
from tests.factories import make_member, viewer_of
from tests.forums.factories import given, make_answer, make_topic
from tests.people import officer

if TYPE_CHECKING:
    from flask import Flask

    from iocop.core.login import Viewer
    from iocop.core.policy import Verdict
    from iocop.members.models import Member
    from tests.client import Browser


@pytest.fixture
def asker(app: Flask) -> Member:
    return make_member()


def moderator(role: str = "moderator") -> Viewer:
    return viewer_of(officer(make_member(), role))


def suspended(member: Member) -> Viewer:
    return replace(viewer_of(member), suspended=True)


def root(topic: Topic) -> Contribution:
    return db.session.get_one(Contribution, topic.id)


def says(verdict: Verdict, words: str) -> bool:
    return not verdict and words in str(verdict.reason)


@pytest.mark.parametrize("role", ["board_member", "moderator", "facilitator", "administrator"])
def test_who_speaks_for_the_community_announces(app: Flask, role: str) -> None:
    topic = services.open_topic(moderator(role), given(kind="announcement", title="We meet on Thursday"))

    assert topic.kind == "announcement"


def test_who_is_suspended_opens_no_topics_and_reads_why(browser: Browser) -> None:
    member = make_member(state="suspended")

    page = browser.sign_in(member).get("/ask")

    assert page.status_code == 403
    assert "Suspended members cannot post." in page.text
    assert "<textarea" not in page.text
    with pytest.raises(Refused, match="Suspended members cannot post"):
        services.open_topic(viewer_of(member), given(kind="question", title="Why does it hunt?"))


@pytest.mark.parametrize("role", ["curator", "returning_officer"])
def test_other_offices_do_not_announce(app: Flask, role: str) -> None:
    assert says(policy.may_announce(moderator(role)), "Announcements come from")


def test_nobody_writes_where_they_may_not(asker: Member) -> None:
    topic, other = make_topic(author=asker), make_member()

    assert policy.may_post_under(viewer_of(other), topic, root(topic))
    assert says(policy.may_post_under(suspended(other), topic, root(topic)), "Suspended")
    change_label(viewer_of(asker), topic.id, "members")
    assert says(policy.may_post_under(GUEST, topic, root(topic)), "join or sign in")
    set_state(viewer_of(asker), topic.id, "removed")
    assert says(policy.may_post_under(viewer_of(other), topic, root(topic)), "removed")


def test_a_closed_topic_takes_posts_of_who_keeps_order_alone(asker: Member) -> None:
    topic = make_topic(author=asker)
    services.close_topic(viewer_of(asker), topic.id, "Solved elsewhere.")

    assert says(policy.may_answer(viewer_of(make_member()), topic, root(topic)), "closed")
    assert policy.may_answer(moderator("facilitator"), topic, root(topic))


def test_the_rule_of_the_accepted_answer(asker: Member) -> None:
    topic, talk = make_topic(author=asker), make_topic(author=asker, kind="discussion")
    answer, elsewhere = make_answer(topic), make_answer(make_topic())
    reply = services.reply(viewer_of(make_member()), topic.id, given())
    actor, first = viewer_of(asker), root(topic)

    assert policy.may_accept(actor, topic, first, answer)
    assert says(policy.may_accept(actor, talk, root(talk), answer), "Only a question")
    assert says(policy.may_accept(moderator(), topic, first, answer), "Only who asked")
    assert says(policy.may_accept(suspended(asker), topic, first, answer), "Suspended")
    assert says(policy.may_accept(actor, topic, first, elsewhere), "Only an answer to this question")
    assert says(policy.may_accept(actor, topic, first, reply), "Only an answer to this question")
    set_state(moderator(), answer.id, "hidden", "Look again.")
    assert says(policy.may_accept(actor, topic, first, answer), "cannot be seen")


def test_only_who_asked_withdraws_the_acceptance(asker: Member) -> None:
    topic = make_topic(author=asker)
    services.accept_answer(viewer_of(asker), topic.id, make_answer(topic).id)

    with pytest.raises(Refused, match="Only who asked withdraws"):
        services.withdraw_acceptance(moderator(), topic.id)
    with pytest.raises(Refused, match="Suspended"):
        services.withdraw_acceptance(suspended(asker), topic.id)


def test_an_author_does_not_reopen_what_a_moderator_closed(asker: Member) -> None:
    topic, keeper = make_topic(author=asker), moderator()
    services.close_topic(keeper, topic.id, "Asked before.")

    with pytest.raises(Refused, match="A moderator closed"):
        services.reopen_topic(viewer_of(asker), topic.id)
    officer(asker, "moderator")
    services.reopen_topic(viewer_of(asker), topic.id)
    assert db.session.get_one(Topic, topic.id).closed_at is None


def test_closing_has_its_refusals(asker: Member) -> None:
    topic = make_topic(author=asker)
    actor = viewer_of(asker)

    assert says(policy.may_close(suspended(asker), topic, root(topic)), "Suspended")
    assert says(policy.may_close(viewer_of(make_member()), topic, root(topic)), "author or a moderator")
    for successor in (topic.id, 999):
        with pytest.raises(Invalid, match="no other topic"):
            services.close_topic(actor, topic.id, "It goes on.", successor)
    with pytest.raises(Invalid, match="Say why"):
        services.close_topic(actor, topic.id, "  ")
    with pytest.raises(Conflict, match="is open"):
        services.reopen_topic(actor, topic.id)
    services.close_topic(actor, topic.id, "Done.")
    with pytest.raises(Conflict, match="closed already"):
        services.close_topic(actor, topic.id, "Done.")
    with pytest.raises(Missing, match="no such topic"):
        services.close_topic(actor, 999, "Done.")


def test_who_may_not_read_a_topic_closes_nothing_and_learns_nothing(asker: Member) -> None:
    topic = make_topic(author=asker, kind="discussion")
    change_label(viewer_of(asker), topic.id, "members")

    assert says(policy.may_close(GUEST, topic, root(topic)), "join or sign in")
    assert says(policy.may_answer(GUEST, topic, root(topic)), "join or sign in")


def test_what_does_not_exist_is_neither_answered_nor_accepted(asker: Member) -> None:
    topic, actor = make_topic(author=asker), viewer_of(asker)

    with pytest.raises(Missing, match="reply to"):
        services.reply(actor, 999, given())
    with pytest.raises(Missing, match="no such topic"):
        services.answer(actor, 999, given())
    with pytest.raises(Missing, match="no such answer"):
        services.accept_answer(actor, topic.id, 999)


@pytest.mark.parametrize("title", ["short", "x" * 201], ids=["too short", "too long"])
def test_a_title_stays_one_that_tells(asker: Member, title: str) -> None:
    topic = make_topic(author=asker)

    with pytest.raises(Invalid, match="title"):
        services.edit_topic(viewer_of(asker), topic.id, title=title, text="x")
    with pytest.raises(Invalid, match="a question"):
        services.open_topic(viewer_of(asker), given(kind="rant", title="Long enough a title"))


def test_a_retitled_topic_is_told_and_one_with_the_same_title_only_revised(asker: Member) -> None:
    topic = make_topic(author=asker, title="Where would you look?")
    actor = viewer_of(asker)

    services.edit_topic(actor, topic.id, title="Where would you look?", text="Anew.", reason="Numbers")
    assert db.session.get_one(Contribution, topic.id).text == "Anew."
    services.edit_topic(actor, topic.id, title=" Where to look first? ", text="Anew.", reason="Title")

    assert db.session.get_one(Topic, topic.id).title == "Where to look first?"


def test_an_answers_key_makes_no_topic(asker: Member) -> None:
    make_answer(make_topic(), author=asker, submission_key="once")

    with pytest.raises(Conflict, match="another post"):
        services.open_topic(
            viewer_of(asker), given(kind="question", title="Long enough a title", submission_key="once")
        )


def test_the_same_reply_sent_twice_is_one(asker: Member) -> None:
    topic, form = make_topic(author=asker), given(text="Thank you.", submission_key="same")

    first = services.reply(viewer_of(asker), topic.id, form)

    assert services.reply(viewer_of(asker), topic.id, form).id == first.id
    assert db.session.get_one(Topic, topic.id).posts == 2
