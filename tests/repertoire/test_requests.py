"""What was looked for in vain is asked for, wanted, taken, and closed by an article."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup, Tag

from iocop.core import outbox
from iocop.core.db import db
from iocop.repertoire import services
from iocop.repertoire.models import ArticleRequest, Proposal
from tests.client import Browser
from tests.factories import make_member, viewer_of
from tests.forums.factories import given
from tests.people import officer
from tests.repertoire.factories import curators, make_proposal

pytestmark = pytest.mark.usefixtures("app")


def make_request(**about: object) -> ArticleRequest:
    author = about.pop("author", None) or make_member()
    usual = {"kind": "request", "title": "Defrost cycles explained", "text": "We guess every winter."}
    return services.ask_for(viewer_of(author), given(**usual | about))  # type: ignore[arg-type]


def test_a_search_without_result_becomes_a_request(browser: Browser) -> None:
    member = make_member()
    given()
    page = BeautifulSoup(browser.sign_in(member).get("/search?q=defrost+cycles").text, "html.parser")
    link = page.select_one('a[href^="/repertoire/requests/new"]')
    assert link is not None
    form = BeautifulSoup(browser.get(str(link["href"])).text, "html.parser")
    title = form.select_one("#title")
    assert title is not None
    assert title["value"] == "defrost cycles"

    key = form.select_one("#submission_key")
    assert key is not None
    sent = {"title": title["value"], "origin": "search", "submission_key": key["value"]}
    browser.post("/repertoire/requests/new", data=sent | {"text": "We guess.", "domains": "1"})

    asked = db.session.query(ArticleRequest).one()
    assert (asked.title, asked.origin, asked.votes) == ("defrost cycles", "search", 1)


def test_others_want_it_too_once(browser: Browser) -> None:
    asked = make_request()
    browser.sign_in(make_member()).post(f"/repertoire/requests/{asked.id}/votes")
    assert asked.votes == 2

    browser.post(f"/repertoire/requests/{asked.id}/votes")

    assert asked.votes == 1


def test_one_writes_it_and_the_article_closes_it(browser: Browser) -> None:
    asked, people = make_request(), curators()
    browser.sign_in(people.author).post(f"/repertoire/requests/{asked.id}/take")
    assert "Write it now" in browser.get(f"/repertoire/requests/{asked.id}").text

    proposal = make_proposal(author=people.author, title="Defrost cycles", request_id=asked.id)
    assert "Defrost cycles" in browser.get(f"/repertoire/requests/{asked.id}").text
    for reviewer in (people.ann, people.ben):
        services.approve(viewer_of(reviewer), proposal.id, 1)

    assert (asked.status, asked.article_id) == ("answered", proposal.article_id)


def test_what_somebody_writes_nobody_else_takes(browser: Browser) -> None:
    asked = make_request()
    services.take(viewer_of(make_member()), asked.id)

    assert browser.sign_in(make_member()).post(f"/repertoire/requests/{asked.id}/take").status_code == 409


def test_a_curator_closes_it_with_a_reason(browser: Browser) -> None:
    asked = make_request()
    stranger, curator = make_member(), officer(make_member(), "curator")

    assert browser.sign_in(stranger).post(
        f"/repertoire/requests/{asked.id}/close", data={"reason": "No"}
    ).status_code == 403  # fmt: skip
    assert browser.sign_in(curator).post(f"/repertoire/requests/{asked.id}/close", data={}).status_code == 422
    browser.post(f"/repertoire/requests/{asked.id}/close", data={"reason": "The standard says it all."})

    assert (asked.status, asked.closed_reason) == ("declined", "The standard says it all.")
    assert browser.post(f"/repertoire/requests/{asked.id}/votes").status_code == 409


def test_what_members_ask_for_guests_do_not_read(browser: Browser) -> None:
    asked = make_request(label="members")

    assert browser.get(f"/repertoire/requests/{asked.id}").status_code == 404
    assert "Defrost" not in browser.get("/repertoire/requests").text
    assert "Defrost" in browser.sign_in(make_member()).get("/repertoire/requests").text


def test_a_request_without_a_domain_is_not_taken_and_stays_in_the_form(browser: Browser) -> None:
    given()
    answer = browser.sign_in(make_member()).post(
        "/repertoire/requests/new", data={"title": "Defrost cycles", "text": "Why?", "submission_key": "k"}
    )

    assert answer.status_code == 422
    assert 'value="Defrost cycles"' in answer.text


def test_the_link_on_a_request_leads_to_an_article_that_closes_it(browser: Browser) -> None:
    asked, people = make_request(), curators()
    page = BeautifulSoup(
        browser.sign_in(people.author).get(f"/repertoire/requests/{asked.id}").text, "html.parser"
    )
    link = page.find("a", string="Suggest an article")
    assert isinstance(link, Tag)
    kinds = BeautifulSoup(browser.get(str(link["href"])).text, "html.parser")
    chosen = kinds.find("a", string="How-to")
    assert isinstance(chosen, Tag)
    form = BeautifulSoup(browser.get(str(chosen["href"])).text, "html.parser")

    sent = {
        str(field["name"]): str(field.get("value", ""))
        for field in form.select("form.wide input[type=hidden]")
    }
    domain_id = str(form.select("[name=domains]")[0]["value"])
    browser.post("/repertoire/new", data=sent | {
        "kind": "how-to", "title": "Defrost cycles", "text": "Wait for the frost.", "domains": domain_id,
        "language": "en", "space": "1", "submit": "1",
    })  # fmt: skip

    assert db.session.query(Proposal).one().fields["request_id"] == asked.id


def test_who_wanted_it_is_told_that_it_is_written(browser: Browser) -> None:
    asker, other, people = make_member(), make_member(), curators()
    asked = make_request(author=asker)
    services.want(viewer_of(other), asked.id)
    proposal = make_proposal(author=people.author, title="Defrost cycles", request_id=asked.id)
    for reviewer in (people.ann, people.ben):
        services.approve(viewer_of(reviewer), proposal.id, 1)
    outbox.deliver_all()

    for member in (asker, other):
        inbox = browser.fresh().sign_in(member).get("/inbox").text
        assert "What you asked for is written" in inbox
        assert "Defrost cycles" in inbox


def test_who_wanted_it_is_told_why_it_will_not_be(browser: Browser) -> None:
    asker, curator = make_member(), officer(make_member(), "curator")
    asked = make_request(author=asker)
    services.decline_request(viewer_of(curator), asked.id, "The standard says it all.")
    outbox.deliver_all()

    assert "The standard says it all." in browser.sign_in(asker).get("/inbox").text
