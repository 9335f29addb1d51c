"""What members see and press: whom to ask, being asked, how often, what needs them, and newcomers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from iocop.core.db import db
from iocop.forums import services as forums
from iocop.members.numbers import shown
from iocop.reputation.models import ExpertRequest
from iocop.reputation.services import asking, offering
from tests.factories import make_member, make_organization, viewer_of
from tests.forums.factories import make_answer, make_domain, make_topic
from tests.people import belong
from tests.reputation.experts import ask, let_pass, make_expert, make_question, state_of

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

    from tests.client import Browser


def text_of(page: BeautifulSoup, of: str = "main") -> str:
    found = page.select_one(of)
    return " ".join(found.get_text(" ").split()) if found else ""


def names_on(page: BeautifulSoup) -> list[str]:
    return [link.get_text(strip=True) for link in page.select("main .list h3 a")]


def test_a_domain_suggests_a_few_with_the_reason_and_no_numbers(browser: Browser) -> None:
    domain, own = make_domain(name="Hydronics"), make_organization(name="Acme")
    viewer = make_member()
    belong(viewer, own)
    make_expert(domain, 412, name="Cora Colleague", at=own, accepted=9, contested=9)
    make_expert(domain, 30, name="Otto Other", at=make_organization(name="Boreal"), accepted=1, contested=3)
    make_expert(domain, 20, name="Ada Author", at=make_organization(name="Norrvale"))
    browser.sign_in(viewer)

    page = browser.page("/ask-whom?domain=hydronics")

    assert names_on(page) == ["Otto Other", "Ada Author", "Cora Colleague"]
    rows = [" ".join(row.get_text(" ").split()) for row in page.select("main .list .list-row .facts")]
    assert rows == [
        "Boreal answers in Hydronics from another organization",
        "Norrvale gives to Hydronics from another organization",
        "Acme answers in Hydronics from your own organization",
    ]
    assert "412" not in text_of(page)
    assert "Post your question first" in text_of(page)


def test_without_a_domain_one_is_chosen_and_an_unknown_one_is_none(browser: Browser) -> None:
    make_domain(name="Hydronics")
    browser.sign_in(make_member())

    for address in ("/ask-whom", "/ask-whom?domain=nosuch"):
        assert text_of(browser.page(address), "main .filter-bar").startswith(
            "Domain Choose a domain Hydronics"
        )
    assert "Nobody can be suggested here now" in text_of(browser.page("/ask-whom?domain=hydronics"))


def test_whom_to_ask_is_for_members(browser: Browser) -> None:
    for address in ("/ask-whom", "/needs-me", "/newcomers", "/settings/availability"):
        assert browser.get(address).status_code == 303


def test_while_a_question_is_written_those_who_may_know_are_named(browser: Browser) -> None:
    hydronics, controls = make_domain(name="Hydronics"), make_domain(name="Controls")
    make_expert(
        hydronics, 50, name="Otto Other", at=make_organization(name="Boreal"), accepted=1, contested=1
    )
    make_expert(controls, 40, name="Cleo Controls")
    browser.sign_in(make_member())
    make_topic()
    pane = browser.page("/ask").select_one("#whom")
    assert pane is not None
    assert pane["data-whom-url"] == "/ask-whom/suggested"

    found = browser.get(f"/ask-whom/suggested?domain={hydronics.id}").text

    assert "Otto Other" in found
    assert "Cleo" not in found
    both = browser.get(f"/ask-whom/suggested?domain={hydronics.id}&domain={controls.id}").text
    assert "Cleo Controls" in both
    for nothing in ("", "?domain=", "?domain=x", "?domain=999", "?domain=9999999999999999999999"):
        assert browser.get(f"/ask-whom/suggested{nothing}").text == ""


def test_who_just_asked_is_led_to_those_who_may_know_and_asks_one(browser: Browser) -> None:
    domain, asker = make_domain(name="Hydronics"), make_member()
    expert = make_expert(domain, name="Otto Other")
    offering.offer(
        viewer_of(expert), per_week=1, away_until=None, time_zone="Europe/Vienna", note="Best on Mondays."
    )
    topic = make_question(asker, domain, title="Where is the gland?")
    browser.sign_in(asker)
    panel = browser.page(f"/t/{topic.id}").select_one("#whom")
    assert panel is not None
    assert "Best on Mondays." in panel.get_text()
    assert "In your first 30 days no doubt brings your points below zero" in panel.get_text()
    link = panel.select_one(".button")
    assert link is not None
    address = str(link["href"])
    assert address == f"/t/{topic.id}/ask-whom/{shown(expert.number)}"
    form = browser.page(address)
    assert "Best on Mondays." in text_of(form)
    assert "Europe/Vienna" in text_of(form)

    sent = browser.post(address, {"note": "You wrote about glands."})

    assert (sent.status_code, sent.location) == (303, f"/t/{topic.id}#whom")
    [request] = db.session.scalars(select(ExpertRequest)).all()
    assert (request.expert_id, request.note, request.state) == (expert.id, "You wrote about glands.", "open")
    again = browser.page(f"/t/{topic.id}")
    assert "Otto Other asked" in text_of(again, "#whom")
    assert again.select_one("#whom .button") is None
    assert browser.get(address).status_code == 403


def test_a_note_that_is_too_long_stays_and_says_so(browser: Browser) -> None:
    domain, asker = make_domain(), make_member()
    expert, topic = make_expert(domain), make_question(asker, domain)
    browser.sign_in(asker)

    sent = browser.post(f"/t/{topic.id}/ask-whom/{shown(expert.number)}", {"note": "word " * 100})

    assert sent.status_code == 422
    assert "Keep it to 300 characters." in sent.text
    assert "word word" in sent.text


def test_who_gives_a_number_away_in_a_note_is_asked_back(browser: Browser) -> None:
    domain, asker = make_domain(), make_member()
    expert, topic = make_expert(domain), make_question(asker, domain)
    browser.sign_in(asker)

    sent = browser.post(
        f"/t/{topic.id}/ask-whom/{shown(expert.number)}", {"note": "Ring me on +43 1 5550199."}
    )

    assert sent.status_code == 422
    assert "Safe to post?" in sent.text
    assert db.session.scalars(select(ExpertRequest)).all() == []


@pytest.mark.parametrize("number", ["IOCOP-0000-0000", "nobody"])
def test_nobody_is_asked_by_a_number_that_is_none(browser: Browser, number: str) -> None:
    asker = make_member()
    topic = make_question(asker)

    assert browser.sign_in(asker).get(f"/t/{topic.id}/ask-whom/{number}").status_code == 404


def test_others_see_nothing_of_it_on_the_question(browser: Browser) -> None:
    domain, asker = make_domain(), make_member()
    expert, topic = make_expert(domain), make_question(asker, domain)
    ask(topic, asker, expert, "A word for you alone.")

    for reader in (make_member(), make_expert(domain)):
        page = browser.fresh().sign_in(reader).page(f"/t/{topic.id}")
        assert page.select_one("#whom") is None
        assert "You are asked for an answer" not in text_of(page)
        assert "A word for you alone" not in text_of(page)
    assert browser.page(f"/t/{topic.id}").select_one("#whom") is None


def test_who_is_asked_promises_and_answers(browser: Browser) -> None:
    domain, asker = make_domain(), make_member(name="Anna Asker")
    expert, topic = (
        make_expert(domain, name="Otto Other"),
        make_question(asker, domain, title="Where is the gland?"),
    )
    request = ask(topic, asker, expert, "You wrote about glands.")
    browser.sign_in(expert)
    asked = text_of(browser.page("/needs-me"), "main section")
    assert "Where is the gland?" in asked
    assert "Anna Asker" in asked
    assert "You wrote about glands." in asked
    assert "You are asked for an answer" in str(browser.page(f"/t/{topic.id}").select_one("main"))

    sent = browser.post(f"/asked/{request.id}/agree")

    assert sent.location == f"/t/{topic.id}#answer"
    assert "I cannot after all" in text_of(browser.page(f"/t/{topic.id}"))
    assert "you will answer" in text_of(browser.page("/needs-me"))
    asker_sees = browser.fresh().sign_in(asker)
    assert "Otto Other means to answer" in text_of(asker_sees.page(f"/t/{topic.id}"), "#whom")
    make_answer(topic, author=expert)
    assert "Otto Other has answered" in text_of(asker_sees.page(f"/t/{topic.id}"), "#whom")
    assert "Asked of you" not in text_of(browser.page("/needs-me"))
    profile = f"/id/{shown(expert.number)}"
    assert "1 of 1 promise kept (1.00)" in text_of(asker_sees.page(profile))
    assert "promise kept" not in text_of(browser.fresh().page(profile))


def test_declining_is_a_press_that_only_the_asker_sees(browser: Browser) -> None:
    domain, asker = make_domain(), make_member()
    expert, topic = make_expert(domain, name="Otto Other"), make_question(asker, domain)
    request = ask(topic, asker, expert)

    assert browser.sign_in(expert).post(f"/asked/{request.id}/decline").location == "/needs-me"

    assert state_of(request) == "declined"
    own = browser.fresh().sign_in(asker).page(f"/t/{topic.id}")
    assert "Otto Other cannot answer this at the moment; only you see it" in text_of(own, "#whom")
    other = browser.fresh().sign_in(make_member()).page(f"/t/{topic.id}")
    assert "cannot answer" not in text_of(other)
    assert "promises" not in text_of(browser.page(f"/id/{shown(expert.number)}")).lower()
    assert browser.fresh().sign_in(make_member()).post(f"/asked/{request.id}/decline").status_code == 403


def test_what_came_to_nothing_is_told_kindly(browser: Browser) -> None:
    domain, asker = make_domain(), make_member()
    expert, topic = make_expert(domain), make_question(asker, domain)
    request = ask(topic, asker, expert)
    let_pass(request, days=14)
    asking.lapse_requests()

    page = browser.sign_in(asker).page(f"/t/{topic.id}")

    assert "did not come to it within 14 days" in text_of(page, "#whom")


def test_whom_to_ask_goes_from_the_page_once_the_question_is_solved(browser: Browser) -> None:
    domain, asker = make_domain(), make_member()
    make_expert(domain)
    topic = make_question(asker, domain)
    browser.sign_in(asker)
    assert browser.page(f"/t/{topic.id}").select_one("#whom") is not None

    forums.accept_answer(viewer_of(asker), topic.id, make_answer(topic).id)

    assert browser.page(f"/t/{topic.id}").select_one("#whom") is None


def test_five_who_are_asked_are_enough_for_a_while(browser: Browser) -> None:
    domain, asker = make_domain(), make_member()
    topic = make_question(asker, domain)
    for expert in [make_expert(domain) for _ in range(5)]:
        ask(topic, asker, expert)
    make_expert(domain)

    page = browser.sign_in(asker).page(f"/t/{topic.id}")

    assert "Five people are asked" in text_of(page, "#whom")
    assert page.select_one("#whom .button") is None
