"""Members ask, answer, reply, accept and close; everybody else reads what they may."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from iocop.contributions.models import Contribution
from iocop.contributions.services import Given
from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.errors import Conflict, Invalid, Refused
from iocop.forums import services
from iocop.forums.models import Topic
from tests.client import Browser
from tests.factories import make_member, viewer_of
from tests.forums.factories import given, make_answer, make_domain, make_space, make_topic


def test_a_member_asks_and_finds_the_question_in_the_list(browser: Browser) -> None:
    alice, domain, space = make_member(), make_domain(name="Hydronics"), make_space()
    browser.sign_in(alice)
    page = browser.page("/ask")
    key = page.select_one("input[name=submission_key]")
    assert key

    answer = browser.post("/ask", {
        "title": "Low ΔT at part load, where to look first?", "kind": "question", "text": "6 K designed, 2.1 K measured.",
        "domains": [domain.id], "space": space.id, "label": "", "affiliation": "", "language": "en",
        "tags": "Low Delta T, pumps", "submission_key": key["value"],
    })  # fmt: skip

    assert answer.status_code == 303
    listed = browser.page("/forums/hydronics")
    assert [link.text for link in listed.select(".list-row h2 a")] == [
        "Low ΔT at part load, where to look first?"
    ]
    assert browser.page("/tags/low-delta-t").select_one(".list-row")


@pytest.mark.theory("0.3c")
def test_publishing_without_a_domain_is_refused_and_keeps_what_was_typed(browser: Browser) -> None:
    make_space()
    browser.sign_in(make_member())

    answer = browser.post("/ask", {
        "title": "A question of no domain", "kind": "question", "text": "Typed at length.", "submission_key": "k",
        "space": 1, "language": "en",
    })  # fmt: skip

    page = BeautifulSoup(answer.text, "html.parser")
    assert answer.status_code == 422
    assert "one to three domains" in page.get_text()
    assert page.select_one("textarea").text.strip() == "Typed at length."  # type: ignore[union-attr]
    assert db.session.query(Topic).count() == 0


def test_a_space_that_is_none_is_refused_and_keeps_what_was_typed(browser: Browser) -> None:
    make_space()
    domain = make_domain(name="Hydronics")
    browser.sign_in(make_member())

    answer = browser.post("/ask", {
        "title": "A question of no space", "kind": "question", "text": "Typed at length.", "submission_key": "k",
        "domains": [domain.id], "space": 10**30, "language": "en",
    })  # fmt: skip

    assert answer.status_code == 422
    assert "Typed at length." in answer.text


@pytest.mark.theory("1.65")
def test_a_minute_old_account_asks_and_answers(app: Flask) -> None:
    newcomer, topic = make_member(), make_topic()

    post = services.answer(viewer_of(newcomer), topic.id, given(text="Have you looked at the bypass?"))
    own = services.open_topic(viewer_of(newcomer), given(kind="question", title="My first question here"))

    assert post.kind == "answer"
    assert own.listed


def test_the_same_form_sent_twice_makes_one_post(app: Flask) -> None:
    alice, topic = viewer_of(make_member()), make_topic()
    form = given(text="Once is enough.", submission_key="same")

    first = services.answer(alice, topic.id, form)
    second = services.answer(alice, topic.id, form)

    assert first.id == second.id
    assert db.session.get_one(Topic, topic.id).answers == 1
    twice = given(kind="question", title="Asked with two clicks", submission_key="twice")
    assert services.open_topic(alice, twice).id == services.open_topic(alice, twice).id


def test_the_asker_accepts_an_answer_and_it_stands_first(browser: Browser) -> None:
    asker = make_member()
    topic = make_topic(author=asker)
    for number in range(1, 4):
        make_answer(topic, text=f"Answer number {number}.")
    last = make_answer(topic, text="The one that solved it.")

    browser.sign_in(asker).post(f"/p/{last.id}/accept")

    posts = browser.page(f"/t/{topic.id}").select("article.post .prose")
    assert "The one that solved it." in posts[1].text
    assert "Solved" in browser.page("/forums").text


def test_only_who_asked_accepts(app: Flask) -> None:
    asker, other = make_member(), make_member()
    topic = make_topic(author=asker)
    found, elsewhere = make_answer(topic), make_answer(make_topic())

    with pytest.raises(Refused, match="Only who asked"):
        services.accept_answer(viewer_of(other), topic.id, found.id)
    with pytest.raises(Refused, match="Only an answer to this question"):
        services.accept_answer(viewer_of(asker), topic.id, elsewhere.id)
    with pytest.raises(Refused, match="Only an answer"):
        services.accept_answer(viewer_of(asker), topic.id, topic.id)


def test_accepting_another_answer_withdraws_the_first(app: Flask) -> None:
    asker = make_member()
    topic = make_topic(author=asker)
    first, second = make_answer(topic), make_answer(topic)
    actor = viewer_of(asker)

    services.accept_answer(actor, topic.id, first.id)
    services.accept_answer(actor, topic.id, second.id)

    assert db.session.get_one(Topic, topic.id).accepted_id == second.id
    with pytest.raises(Conflict, match="already"):
        services.accept_answer(actor, topic.id, second.id)
    services.withdraw_acceptance(actor, topic.id)
    assert db.session.get_one(Topic, topic.id).accepted_id is None
    with pytest.raises(Conflict, match="No answer"):
        services.withdraw_acceptance(actor, topic.id)


def test_a_discussion_is_replied_to_not_answered(app: Flask) -> None:
    topic = make_topic(kind="discussion")

    with pytest.raises(Refused, match="Only questions are answered"):
        services.answer(viewer_of(make_member()), topic.id, given())
    services.reply(viewer_of(make_member()), topic.id, given(text="I would say so too."))

    row = db.session.get_one(Topic, topic.id)
    assert (row.posts, row.answers) == (2, 0)


def test_a_closed_topic_says_why_and_where_it_goes_on(browser: Browser) -> None:
    asker = make_member()
    topic, successor = make_topic(author=asker), make_topic(title="The better question of the two")
    browser.sign_in(asker)

    refused = browser.post(f"/t/{topic.id}/close", {"reason": "", "successor": ""})
    browser.post(f"/t/{topic.id}/close", {"reason": "Asked before", "successor": f"/t/{successor.id}"})

    assert refused.status_code == 422
    page = browser.page(f"/t/{topic.id}")
    assert "Asked before" in page.text
    assert page.select_one(f'main a[href="/t/{successor.id}"]')
    with pytest.raises(Refused, match="closed"):
        services.answer(viewer_of(make_member()), topic.id, given())
    browser.post(f"/t/{topic.id}/reopen")
    services.answer(viewer_of(make_member()), topic.id, given())


def test_a_topic_somebody_else_wrote_is_not_closed(app: Flask) -> None:
    topic = make_topic()

    with pytest.raises(Refused, match="author or a moderator"):
        services.close_topic(viewer_of(make_member()), topic.id, "I am tired of it")


@pytest.mark.parametrize("title", ["", "short"])
def test_a_title_says_what_it_is_about(app: Flask, title: str) -> None:
    with pytest.raises(Invalid, match="title"):
        services.open_topic(viewer_of(make_member()), given(kind="question", title=title))


def test_members_do_not_announce(app: Flask) -> None:
    with pytest.raises(Refused, match="Announcements come from"):
        services.open_topic(
            viewer_of(make_member()), given(kind="announcement", title="Everything is new now")
        )


def test_a_thread_is_read_flat_and_by_thread(browser: Browser) -> None:
    topic = make_topic()
    first, second = make_answer(topic, text="First answer."), make_answer(topic, text="Second answer.")
    services.reply(viewer_of(make_member()), first.id, given(text="To the first."))
    assert second.position == 3

    flat = [post.text.strip() for post in browser.page(f"/t/{topic.id}").select("article.post .prose")]
    threaded = [
        post.text.strip() for post in browser.page(f"/t/{topic.id}?view=threaded").select("article .prose")
    ]

    assert flat[1:] == ["First answer.", "Second answer.", "To the first."]
    assert threaded[1:] == ["First answer.", "To the first.", "Second answer."]


def test_a_permalink_leads_to_the_page_that_shows_the_post(browser: Browser) -> None:
    topic = make_topic()
    posts = [make_answer(topic) for _ in range(25)]

    assert browser.get(f"/p/{posts[0].id}").location == f"/t/{topic.id}#post-2"
    assert browser.get(f"/p/{posts[24].id}").location == f"/t/{topic.id}?page=2#post-26"
    assert browser.page(f"/t/{topic.id}?page=2").select_one("#post-26")
    assert browser.get(f"/t/{topic.id}?page=3").status_code == 404


def test_quoting_links_to_the_source(browser: Browser) -> None:
    topic = make_topic(text="What I measured was 2.1 K.")
    browser.sign_in(make_member())

    typed = browser.page(f"/p/{topic.id}/reply?quote=1").select_one("textarea")

    assert typed
    assert "> What I measured was 2.1 K." in typed.text
    assert f"/p/{topic.id}" in typed.text


def test_an_edit_keeps_both_texts_when_two_edit(browser: Browser) -> None:
    alice = make_member()
    topic = make_topic(author=alice, text="As it was.")
    browser.sign_in(alice)
    version = browser.page(f"/p/{topic.id}/edit").select_one("input[name=version]")
    assert version
    title = db.session.get_one(Topic, topic.id).title

    saved = browser.post(
        f"/p/{topic.id}/edit", {"title": title, "text": "Once edited.", "version": version["value"]}
    )
    late = browser.post(
        f"/p/{topic.id}/edit", {"title": title, "text": "Too late.", "version": version["value"]}
    )

    assert saved.status_code == 303
    assert late.status_code == 409
    assert "Once edited." in late.text
    assert "Too late." in late.text
    assert db.session.get_one(Contribution, topic.id).text == "Once edited."


@pytest.mark.parametrize("path", ["answer", "edit"])
def test_what_was_typed_while_a_moderator_acted_is_given_back(browser: Browser, path: str) -> None:
    alice, words = make_member(), "Typed for half an hour, with figures."
    topic = make_topic(author=alice, text="As it was.")
    browser.sign_in(alice)
    with act() as session:
        session.get_one(Topic, topic.id).closed_at = clock.now()
        session.get_one(Contribution, topic.id).state = "removed"

    answer = browser.post(
        f"/{'t' if path == 'answer' else 'p'}/{topic.id}/{path}", {"title": "x", "text": words}
    )

    page = BeautifulSoup(answer.text, "html.parser")
    assert answer.status_code in {403, 404}
    assert [area.text.strip() for area in page.select("textarea[readonly]")] == [words]


def test_a_post_that_says_it_is_from_the_last_day_there_is_can_be_read(browser: Browser) -> None:
    topic = make_topic(text="As it was.")
    with act() as session:
        session.get_one(Contribution, topic.id).created_at = datetime.max.replace(tzinfo=UTC)

    assert "As it was." in browser.page(f"/t/{topic.id}").text


def test_a_version_that_is_no_number_is_none(browser: Browser) -> None:
    alice = make_member()
    topic = make_topic(author=alice, text="As it was.")
    form = {"title": db.session.get_one(Topic, topic.id).title, "text": "Once edited.", "version": "²"}

    assert browser.sign_in(alice).post(f"/p/{topic.id}/edit", form).status_code == 303


def test_a_guest_reads_public_topics_of_public_spaces_only(browser: Browser) -> None:
    public = make_topic(label="public")
    members = make_topic(label="members")
    closed = make_topic(space=make_space(name="Board", audience="members"), label=None)

    assert browser.get(f"/t/{public.id}").status_code == 200
    assert browser.get(f"/t/{members.id}").status_code == 404
    assert browser.get(f"/t/{closed.id}").status_code == 404
    titles = [link["href"] for link in browser.page("/forums").select(".list-row h2 a")]
    assert titles == [f"/t/{public.id}"]
    browser.sign_in(make_member())
    assert browser.get(f"/t/{members.id}").status_code == 200
    assert browser.get(f"/t/{closed.id}").status_code == 200


def test_what_is_unanswered_longest_comes_first(browser: Browser) -> None:
    first, second, answered = make_topic(), make_topic(), make_topic()
    make_answer(answered)

    links = [link["href"] for link in browser.page("/forums/unanswered").select(".list-row h2 a")]

    assert links == [f"/t/{first.id}", f"/t/{second.id}"]


def test_no_employer_logo_stands_in_a_thread(browser: Browser) -> None:
    topic = make_topic()
    make_answer(topic)

    assert browser.page(f"/t/{topic.id}").select("article.post img") == []


def test_a_given_key_is_needed(app: Flask) -> None:
    with pytest.raises(Invalid, match="key"):
        services.open_topic(
            viewer_of(make_member()),
            Given(kind="question", title="Long enough a title", text="x", submission_key=""),
        )
