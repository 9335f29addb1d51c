"""The letter NUL, which PostgreSQL stores nowhere: what holds it is not found or not taken, at every address."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from bs4 import BeautifulSoup

from tests.client import Browser
from tests.factories import make_member
from tests.people import officer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

SPELLED = ("%00", "a%00b")
PART = re.compile(r"<(?:(?P<kind>\w+):)?\w+>")
NUMBERS = {"int", "number"}
SEARCHES = {"/search", "/search/suggest", "/search/similar"}
"""Where whatever somebody types or pastes is answered with a page: NUL is a blank there."""
ASKED = "q=%00&page=%00&kind=%00&order=%00&domain=%00&country=%00&language=%00&type=%00&title=%00&view=%00"


class Try(NamedTuple):
    verb: str
    address: str


def _tries(app: Flask) -> Iterator[Try]:
    """Every route with NUL in each of its string parts, numbers left as 1."""
    for rule in app.url_map.iter_rules():
        kinds = [found["kind"] for found in PART.finditer(rule.rule)]
        if not any(kind not in NUMBERS for kind in kinds):
            continue
        for spelled in SPELLED:
            address = PART.sub(lambda found: "1" if found["kind"] in NUMBERS else spelled, rule.rule)  # noqa: B023
            yield from (
                Try(verb, address) for verb in ("get", "post") if verb.upper() in (rule.methods or ())
            )


def _everybody(app: Flask) -> dict[str, Browser]:
    return {
        "guest": Browser(app),
        "member": Browser(app).sign_in(make_member()),
        "administrator": Browser(app).sign_in(officer(make_member(), "administrator")),
    }


def test_an_address_with_nul_is_not_found_by_anybody(app: Flask) -> None:
    tries = list(_tries(app))
    assert len(tries) > 60

    answered = {
        (who, *one): getattr(browser.client, one.verb)(one.address).status_code
        for who, browser in _everybody(app).items()
        for one in tries
    }

    closed = {303, 401}  # a guest is asked to sign in first
    assert {key: status for key, status in answered.items() if status != 404 and key[0] != "guest"} == {}
    assert {key: status for key, status in answered.items() if status not in closed | {404}} == {}


def test_nothing_is_asked_for_by_nul(app: Flask) -> None:
    pages = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments and rule.endpoint != "static"
    ]

    answered = {
        (who, page): browser.client.get(f"{page}?{ASKED}").status_code
        for who, browser in _everybody(app).items()
        for page in pages
    }

    searched = {key: answered.pop(key) for key in list(answered) if key[1] in SEARCHES}
    assert {key: status for key, status in answered.items() if status not in {303, 404}} == {}
    assert len(searched) == 3 * len(SEARCHES)
    assert {key for key, status in searched.items() if status != 200} == {("guest", "/search/similar")}
    assert Browser(app).client.get("/forums?%00=1").status_code == 404


def test_no_form_takes_nul_and_gives_the_words_back(app: Flask) -> None:
    text = "It hums at 50 Hz, and nowhere else."
    forms = [
        PART.sub("1", rule.rule)
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ())
        and "<member_number:" not in rule.rule
        and rule.endpoint != "elections.ballots"  # takes bytes, and no form
    ]
    people = _everybody(app)

    answered = {
        (who, form): browser.client.post(form, data={"text": f"{text}\0"})
        for who, browser in people.items()
        for form in forms
    }

    statuses = {key: page.status_code for key, page in answered.items()}
    assert {key: status for key, status in statuses.items() if status != 422 and key[0] != "guest"} == {}
    assert {key: status for key, status in statuses.items() if status not in {422, 401}} == {}
    page = people["member"].post("/ask", {"text": f"{text}\0", "title": "Why?"})
    assert page.status_code == 422
    assert text in BeautifulSoup(page.text, "html.parser").text
    assert "\0" not in page.text


def test_a_short_answer_in_a_form_with_nul_is_given_back_too(app: Flask) -> None:
    typed = {"name": "Ann\0 Ash", "about": "Pumps.", "links": "ann.example", "csrf_token": "abc-secret"}

    answer = _everybody(app)["member"].post("/settings", typed)

    page = BeautifulSoup(answer.text, "html.parser")
    assert answer.status_code == 422
    assert [text.text for text in page.select("textarea")] == ["Ann Ash", "Pumps.", "ann.example"]
    assert "cannot be stored (NUL)" in page.text


def test_a_query_with_nul_as_it_is_is_not_found_either(app: Flask) -> None:
    """A server may pass on what a client did not spell as %00."""
    answer = Browser(app).client.get("/forums", environ_overrides={"QUERY_STRING": "q=a\0b"})

    assert answer.status_code == 404


def test_nul_in_a_search_is_a_blank(app: Flask) -> None:
    """On the page too, where it would be no HTML."""
    page = Browser(app).get("/search?q=fro%00st&kind=%00")

    box = BeautifulSoup(page.text, "html.parser").select_one("#search-box")
    assert box is not None
    assert box["value"] == "fro st"
    assert "\0" not in page.text
