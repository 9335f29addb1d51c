"""What needs a member's expertise, how often they are glad to be asked, and the newcomers they greet."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.errors import Conflict, Missing, Refused
from iocop.domains.services import choose_domains
from iocop.members.models import Member
from iocop.members.numbers import shown
from iocop.reputation.asking.export import availability, greetings, requests
from iocop.reputation.models import Availability, Greeting, Rung
from iocop.reputation.queries.newcomers import newcomers
from iocop.reputation.services import offering
from tests.contributions.factories import make_office
from tests.factories import make_member, saved, viewer_of
from tests.forums.factories import make_answer, make_domain, make_topic
from tests.reputation.experts import ask, make_balance, make_expert, make_question
from tests.reputation.test_asking_pages import names_on, text_of
from tests.search.factories import statements

if TYPE_CHECKING:
    from flask import Flask

    from iocop.domains.models import Domain
    from tests.client import Browser


def settled(**given: object) -> Member:
    """Somebody who joined long ago."""
    return make_member(**{"joined_at": clock.now() - timedelta(days=400)} | given)


def practitioner(domain: Domain, level: int = 2) -> Member:
    member = settled()
    saved(Rung(member_id=member.id, domain_id=domain.id, level=level, highest=level, since=clock.now()))
    return member


def test_unanswered_questions_of_known_and_chosen_domains_wait_the_oldest_first(browser: Browser) -> None:
    known, chosen, other = make_domain(name="Known"), make_domain(name="Chosen"), make_domain(name="Other")
    viewer = make_member()
    make_balance(viewer, known, 5)
    choose_domains(viewer_of(viewer), [chosen.id])
    make_question(domain=known, title="The first to wait")
    make_question(domain=chosen, title="The second to wait")
    make_question(domain=other, title="Of another domain")
    make_question(viewer, known, title="My own question")
    make_answer(make_question(domain=known, title="Answered already"))
    make_topic(kind="discussion", domain_ids=(known.id,), title="A discussion of it")

    page = browser.sign_in(viewer).page("/needs-me")

    assert names_on(page) == ["The first to wait", "The second to wait"]
    assert "Known" in text_of(page, "main ol .facts")


def test_the_list_of_what_waits_has_pages(browser: Browser) -> None:
    domain, viewer = make_domain(), make_member()
    make_balance(viewer, domain, 5)
    author = settled()
    for number in range(21):
        make_question(author, domain, title=f"Question number {number}")
    browser.sign_in(viewer)

    assert len(names_on(browser.page("/needs-me"))) == 20
    assert names_on(browser.page("/needs-me?page=2")) == ["Question number 20"]
    assert browser.get("/needs-me?page=3").status_code == 404


def test_who_knows_nothing_yet_is_led_to_choosing_domains(browser: Browser) -> None:
    page = browser.sign_in(make_member()).page("/needs-me")

    assert "Choose the domains you know something of" in text_of(page)
    assert page.select_one('a[href="/newcomers"]') is None


def test_a_sealed_asker_is_not_named_to_those_asked(browser: Browser) -> None:
    domain, asker = make_domain(), make_member(name="Anna Asker")
    expert = make_expert(domain)
    topic = make_question(asker, domain, byline="sealed")
    ask(topic, asker, expert)

    browser.sign_in(expert)

    for address in ("/needs-me", f"/t/{topic.id}"):
        assert "Anna Asker" not in str(browser.page(address))


def test_availability_is_said_kept_and_shown_again(browser: Browser) -> None:
    member = make_member()
    browser.sign_in(member)
    first = browser.page("/settings/availability")
    field = first.select_one("input[name=per_week]")
    assert field is not None
    assert field["value"] == "3"
    about = {
        "per_week": "1", "away_until": "2027-01-04", "time_zone": "Europe/Vienna", "note": "Best on Mondays.",
    }  # fmt: skip

    assert browser.post("/settings/availability", about).status_code == 303

    row = db.session.get_one(Availability, member.id)
    assert (row.per_week, str(row.away_until), row.time_zone, row.note) == tuple(
        int(value) if value == "1" else value for value in about.values()
    )
    again = str(browser.page("/settings/availability"))
    assert "Best on Mondays." in again
    assert "2027-01-04" in again
    assert availability(member.id)["note"] == "Best on Mondays."


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"per_week": "21"}, "Give a number from 0 to 20."),
        ({"per_week": "often"}, "Give a number from 0 to 20."),
        ({"per_week": "2", "note": "x" * 201}, "Keep it to 200 characters."),
        ({"per_week": "2", "away_until": "soon"}, "such as 2027-01-31"),
        ({"per_week": "2", "note": "Ring +43 1 5550199."}, "Safe to post?"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_kept(
    browser: Browser, sent: dict[str, str], said: str
) -> None:
    browser.sign_in(make_member())

    answer = browser.post("/settings/availability", sent)

    assert answer.status_code == 422
    assert said in answer.text
    assert "Not a valid" not in answer.text
    assert all(value in answer.text for value in sent.values())
    assert db.session.scalars(select(Availability)).all() == []


def test_an_export_holds_what_one_asked_and_was_asked_without_the_others_names(app: Flask) -> None:
    domain, asker = make_domain(), make_member()
    expert, topic = make_expert(domain), make_question(asker, domain)
    ask(topic, asker, expert, "Why you.")

    assert availability(asker.id) == {}
    made, received = requests(asker.id)["made"], requests(expert.id)["received"]
    assert made == received
    assert (made[0]["topic_id"], made[0]["note"], made[0]["state"]) == (topic.id, "Why you.", "open")
    assert requests(asker.id)["received"] == requests(expert.id)["made"] == []


def test_newcomers_who_wait_stand_first_for_a_reply_then_for_a_greeting(browser: Browser) -> None:
    domain = make_domain()
    now = clock.now()
    helped, waiting, quiet, greeted = (
        make_member(name=name, joined_at=now - timedelta(days=days))
        for name, days in (("Hana Helped", 9), ("Wanda Waiting", 3), ("Quinn Quiet", 5), ("Gary Greeted", 2))
    )
    settled(name="Sam Settled")
    greeter = practitioner(domain)
    make_answer(make_question(helped, domain, title="How long is it?"), author=greeter)
    make_question(waiting, domain, title="Where does it go?")
    offering.greet(viewer_of(greeter), greeted.id)

    page = browser.sign_in(greeter).page("/newcomers")

    assert [link.get_text() for link in page.select("main .list h2 a")] == [
        "Wanda Waiting", "Hana Helped", "Quinn Quiet",
    ]  # fmt: skip
    rows = [" ".join(row.get_text(" ").split()) for row in page.select("main .list-row")]
    assert "Where does it go? no reply yet" in rows[0]
    assert "How long is it? replied to after 1 h" in rows[1]
    assert "below zero" in text_of(page)
    assert quiet.name in rows[2]


def test_a_press_greets_and_a_second_one_is_told_of_the_first(browser: Browser) -> None:
    domain, newcomer = make_domain(), make_member()
    first, second = practitioner(domain), make_office(settled(), "facilitator")
    browser.sign_in(first)
    assert browser.page("/needs-me").select_one('a[href="/newcomers"]') is not None

    assert browser.post(f"/newcomers/{newcomer.id}/greet").location == "/newcomers"

    [greeting] = db.session.scalars(select(Greeting)).all()
    assert (greeting.member_id, greeting.greeter_id) == (newcomer.id, first.id)
    with pytest.raises(Conflict, match=f"{first.name} has greeted them already"):
        offering.greet(second, newcomer.id)
    assert names_on(browser.page("/newcomers")) == []
    assert greetings(first.id) == [{"newcomer": shown(newcomer.number), "at": greeting.at}]


def test_who_is_greeted_but_not_replied_to_stays_with_the_greeters_name(browser: Browser) -> None:
    domain, newcomer = make_domain(), make_member()
    make_question(newcomer, domain)
    greeter = practitioner(domain)
    offering.greet(viewer_of(greeter), newcomer.id)

    page = browser.sign_in(practitioner(domain)).page("/newcomers")

    assert f"{greeter.name} greets them" in text_of(page)
    assert page.select_one(f'[formaction="/newcomers/{newcomer.id}/greet"]') is None


@pytest.mark.parametrize("office", ["facilitator", "moderator"])
def test_facilitators_and_moderators_greet(app: Flask, office: str) -> None:
    newcomer = make_member()

    assert offering.greet(make_office(settled(), office), newcomer.id).member_id == newcomer.id


def test_others_do_not_greet(browser: Browser) -> None:
    domain, newcomer = make_domain(), make_member()
    for member in (settled(), practitioner(domain, level=1)):
        assert browser.fresh().sign_in(member).get("/newcomers").status_code == 403
        with pytest.raises(Refused, match="Practitioners"):
            offering.greet(viewer_of(member), newcomer.id)
    greeter = practitioner(domain)
    with act() as session:
        session.get_one(Member, greeter.id).state = "suspended"
    with pytest.raises(Refused, match="suspended"):
        offering.greet(viewer_of(greeter), newcomer.id)


def test_only_newcomers_are_greeted(app: Flask) -> None:
    greeter = viewer_of(practitioner(make_domain()))
    for member in (settled(), make_member(state="left")):
        with pytest.raises(Refused, match="no newcomer"):
            offering.greet(greeter, member.id)
    with pytest.raises(Missing):
        offering.greet(greeter, 404)
    with pytest.raises(Missing):
        newcomers(greeter, 2)


def test_the_median_of_first_replies_is_shown_from_five(browser: Browser) -> None:
    domain, greeter = make_domain(), None
    for number in range(5):
        greeter = practitioner(domain)
        tile = browser.fresh().sign_in(greeter).page("/newcomers").select_one(".tile")
        assert tile is None, number
        make_answer(make_question(make_member(), domain), author=greeter)
    assert greeter is not None

    page = browser.sign_in(greeter).page("/newcomers")

    assert "1 h" in text_of(page, ".tile")
    assert "median of 5 first topics" in text_of(page, ".tile")


@pytest.mark.parametrize("many", [1, 30])
def test_no_page_of_asking_takes_more_than_six_statements(browser: Browser, many: int) -> None:
    domain, elsewhere = make_domain(name="Hydronics"), make_domain(name="Controls")
    greeter = practitioner(domain)
    make_balance(greeter, domain, 5)
    topic = make_question(greeter, domain)
    for number in range(many):
        expert = make_expert(domain, 10 + number)
        make_balance(expert, elsewhere, 7)
        asker = make_member()
        question = make_question(asker, domain, title=f"Question number {number}")
        if number < 3:
            ask(question, asker, greeter)
    browser.sign_in(greeter)
    pages = [
        "/ask-whom?domain=hydronics",
        "/ask-whom",
        "/needs-me",
        "/newcomers",
        "/settings/availability",
        f"/t/{topic.id}",
    ]

    found = {}
    for page in pages:
        assert browser.peek(page).status_code == 200
        with statements() as seen:
            browser.peek(page)
        found[page] = len(seen)

    assert {page: count for page, count in found.items() if count > 6} == {}
