"""Who is asked for an answer is told why; who asked is told what comes of it; and nobody else of anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from iocop.core import outbox
from iocop.core.db import db
from iocop.members.services import erase
from iocop.notifications import services
from iocop.notifications.models import KINDS, Notice
from iocop.notifications.words import KINDS as WORDS
from iocop.reputation.services import asking, offering
from tests.contributions.factories import make_office
from tests.factories import make_member, viewer_of
from tests.forums.factories import make_answer, make_domain
from tests.notifications.told import mails_to, told
from tests.reputation.experts import ask, make_expert, make_question

if TYPE_CHECKING:
    from flask import Flask

    from iocop.members.models import Member
    from tests.client import Browser


def inbox(browser: Browser, member: Member) -> str:
    outbox.deliver_all()
    page = browser.fresh().sign_in(member).page("/inbox")
    return " ".join(page.select_one("main").get_text(" ").split())  # type: ignore[union-attr]


def test_every_kind_that_is_chosen_among_is_told_and_kept(app: Flask) -> None:
    assert set(KINDS) == set(WORDS)


def test_who_is_asked_reads_by_whom_about_what_and_why(browser: Browser) -> None:
    domain, asker = make_domain(), make_member(name="Anna Asker")
    expert = make_expert(domain)
    topic = make_question(asker, domain, title="Where is the gland?")

    ask(topic, asker, expert, "You wrote about glands.")

    assert told(expert) == ["expert"]
    [letter] = mails_to(expert)
    assert letter.subject.startswith("Where is the gland?")
    for shown in (letter.body, inbox(browser, expert)):
        assert "Anna Asker asks for your answer:" in shown
        assert "You wrote about glands." in shown
    assert f"/p/{topic.id}" in letter.body


def test_the_reason_goes_by_mail_only_as_far_as_the_question(browser: Browser) -> None:
    domain, asker = make_domain(), make_member()
    expert = make_expert(domain)
    topic = make_question(asker, domain, title="Where is the gland?", label="space")

    ask(topic, asker, expert, "You wrote about glands.")

    [letter] = mails_to(expert)
    assert "glands" not in letter.body
    assert "Where is the gland?" not in letter.subject + letter.body
    assert "You wrote about glands." in inbox(browser, expert)


def test_a_sealed_asker_is_a_member(browser: Browser) -> None:
    domain, asker = make_domain(), make_member(name="Anna Asker")
    expert = make_expert(domain)

    ask(make_question(asker, domain, byline="sealed"), asker, expert)

    [letter] = mails_to(expert)
    assert "A member asks for your answer:" in letter.body
    assert "Anna" not in letter.body + inbox(browser, expert)


def test_who_asked_is_told_of_a_promise_by_mail_and_of_declining_in_the_inbox(browser: Browser) -> None:
    domain, asker = make_domain(), make_member()
    yes, no = make_expert(domain, name="Yolanda Yes"), make_expert(domain, name="Nora No")
    topic = make_question(asker, domain)

    asking.agree(viewer_of(yes), ask(topic, asker, yes).id)
    asking.decline(viewer_of(no), ask(topic, asker, no).id)

    shown = inbox(browser, asker)
    assert "Yolanda Yes means to answer your question:" in shown
    assert "Nora No cannot answer your question at the moment:" in shown
    assert ["Yolanda Yes means" in letter.body for letter in mails_to(asker)] == [True]
    assert set(db.session.scalars(select(Notice.member_id))) == {
        asker.id
    }  # the two knew before the worker came


def test_what_was_answered_before_the_worker_came_is_told_as_an_answer_alone(app: Flask) -> None:
    domain, asker = make_domain(), make_member()
    expert, topic = make_expert(domain), make_question(asker, domain)
    asking.agree(viewer_of(expert), ask(topic, asker, expert).id)

    make_answer(topic, author=expert)

    assert told(asker) == ["answer"]
    assert told(expert) == []


def test_a_newcomer_is_greeted_by_name(browser: Browser) -> None:
    newcomer, greeter = make_member(), make_member(name="Gila Greeter")

    offering.greet(make_office(greeter, "facilitator"), newcomer.id)

    assert "Gila Greeter greets you: welcome." in inbox(browser, newcomer)
    assert mails_to(newcomer) == []


def test_who_wants_no_mail_of_it_gets_none(app: Flask) -> None:
    domain, asker = make_domain(), make_member()
    expert = make_expert(domain)
    services.choose(viewer_of(expert), {"expert": (True, False)})

    ask(make_question(asker, domain), asker, expert)

    assert told(expert) == ["expert"]
    assert mails_to(expert) == []


@pytest.mark.parametrize("who", ["asker", "expert"])
def test_an_erased_members_words_and_name_go_from_what_was_told(browser: Browser, who: str) -> None:
    domain, asker = make_domain(), make_member(name="Anna Asker")
    expert, topic = make_expert(domain, name="Otto Other"), make_question(asker, domain)
    asking.agree(viewer_of(expert), ask(topic, asker, expert, "Ring my private number.").id)
    outbox.deliver_all()
    gone, left = (asker, expert) if who == "asker" else (expert, asker)
    name = "Anna Asker" if who == "asker" else "Otto Other"

    erase(viewer_of(gone))

    assert [letter.body for letter in mails_to(left) if name in letter.body] == []
    shown = inbox(browser, left)
    assert name not in shown
    assert "Ring my private number." not in shown
