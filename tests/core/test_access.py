"""Who may see a page, what every answer carries, and what a person reads when it does not work."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from sqlalchemy.exc import OperationalError

from iocop import create_app
from iocop.core import problems
from iocop.core.db import LARGEST_ID
from iocop.core.errors import Busy, Full
from iocop.core.web import HEADERS, same_site
from tests.client import Browser

if TYPE_CHECKING:
    from flask import Flask

    from iocop.core.settings import Settings

ROUTES = Path(__file__).parents[1] / "public_routes.txt"


def test_the_pages_open_to_guests_are_those_of_the_list(shared_app: Flask) -> None:
    listed = {line for line in ROUTES.read_text().splitlines() if line and not line.startswith("#")}
    found = {
        endpoint for endpoint, view in shared_app.view_functions.items() if getattr(view, "is_public", False)
    }

    assert sorted(found - listed) == [], f"open, but not in {ROUTES.name}"
    assert sorted(listed - found) == [], f"in {ROUTES.name}, but not open"


def test_a_guest_is_led_to_sign_in_and_back(pages: Flask) -> None:
    answer = Browser(pages).get("/ground/closed?page=2")
    target = urlsplit(answer.headers["Location"])

    assert answer.status_code == 303
    assert target.path == "/sign-in"
    assert parse_qs(target.query) == {"next": ["/ground/closed?page=2"]}


def test_words_sent_after_the_session_ended_are_given_back(pages: Flask) -> None:
    words = "<b>Three pumps, one header,</b> and no balancing valve"
    form = {"text": words, "password": "correct horse battery staple", "short": "no"}

    answer = Browser(pages).post("/ground/closed", data=form)
    page = BeautifulSoup(answer.text, "html.parser")

    assert answer.status_code == 401
    assert [area.text.strip() for area in page.select("main textarea")] == [words]
    assert "correct horse" not in answer.text


def test_a_page_kept_open_too_long_says_so_and_gives_the_words_back(pages: Flask) -> None:
    answer = Browser(pages).post(
        "/ground/wrote", data={"text": "a sentence worth keeping", "csrf_token": "old"}
    )

    assert answer.status_code == 400
    assert "open for too long" in answer.text
    assert "a sentence worth keeping" in answer.text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/healthz", 200),
        ("/ground/kept", 200),
        ("/ground/closed", 303),
        ("/nowhere", 404),
        ("/ground/big", 429),
        ("/static/img/icons.svg", 200),
        ("/assets/0/site.css", 200),
    ],
)
def test_every_answer_carries_the_headers_that_protect_its_reader(
    pages: Flask, path: str, status: int
) -> None:
    answer = Browser(pages).get(path)

    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert re.fullmatch(r"[0-9a-f]{12}", answer.headers["X-Request-Id"])
    answer.close()


def test_a_site_on_https_says_so_for_ever(quiet: Settings) -> None:
    app = create_app(replace(quiet, base_url="https://community.example"), TESTING=True)

    answer = app.test_client().get("/healthz")

    assert answer.headers["Strict-Transport-Security"].startswith("max-age=63072000")
    assert app.config["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert app.config["SESSION_COOKIE_SECURE"]


def test_a_site_in_production_answers_to_its_own_name_only(quiet: Settings) -> None:
    settings = replace(quiet, env="production", base_url="https://community.example", secret_key="k" * 40)
    client = create_app(settings, TESTING=True).test_client()

    assert client.get("/healthz", base_url="https://community.example").status_code == 200
    assert client.get("/healthz", base_url="https://evil.example").status_code == 400


@pytest.mark.parametrize("proxies", [0, 1])
def test_what_a_client_says_of_itself_is_believed_from_known_proxies_only(
    quiet: Settings, proxies: int
) -> None:
    app = create_app(replace(quiet, proxies=proxies), TESTING=True)
    app.add_url_rule("/who", view_func=_who)

    found = app.test_client().get("/who", headers={"X-Forwarded-For": "203.0.113.9"}).text

    assert found == ("203.0.113.9" if proxies else "127.0.0.1")


def _who() -> str:
    from flask import request

    return request.remote_addr or ""


_who.is_public = True  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/t/12?page=2#post-3", "/t/12?page=2#post-3"),
        ("", "/home"),
        (None, "/home"),
        ("https://evil.example/", "/home"),
        ("//evil.example", "/home"),
        ("/\\evil.example", "/home"),
        ("/a\\b", "/home"),
        ("/\t/evil.example", "/home"),
        ("javascript:alert(1)", "/home"),
        ("t/12", "/home"),
    ],
)
def test_next_never_leads_elsewhere(target: str | None, expected: str) -> None:
    assert same_site(target, "/home") == expected


@pytest.mark.parametrize(
    ("key", "status"), [(1, 200), (LARGEST_ID, 200), (LARGEST_ID + 1, 404), (10**30, 404)]
)
def test_a_number_larger_than_any_key_is_not_found(pages: Flask, key: int, status: int) -> None:
    assert Browser(pages).get(f"/ground/things/{key}").status_code == status


def test_an_error_is_told_in_the_form_that_was_asked_for(pages: Flask) -> None:
    browser = Browser(pages)
    asked = {"Accept": "application/json"}

    missing = browser.get("/nowhere", headers=asked)
    signed_out = browser.get("/ground/closed", headers=asked)
    often = browser.get("/ground/big", headers=asked)

    assert (missing.status_code, missing.json and missing.json["status"]) == (404, 404)
    assert (signed_out.status_code, signed_out.json and signed_out.json["title"]) == (401, "Please sign in")
    assert often.json == {"status": 429, "title": "Too many attempts", "reason": "Wait."}
    assert often.headers["Retry-After"] == "7"


def test_the_wrong_method_is_told_with_the_right_one(pages: Flask) -> None:
    answer = Browser(pages).post("/healthz")

    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_our_mistakes_are_a_page_with_a_number_to_tell_us(
    pages: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "testing", False)
    monkeypatch.setitem(pages.config, "PROPAGATE_EXCEPTIONS", False)

    answer = Browser(pages).get("/ground/goes-wrong")

    assert answer.status_code == 500
    assert answer.headers["X-Request-Id"] in answer.text
    assert "ZeroDivisionError" not in answer.text


class _Cause(Exception):
    def __init__(self, **given: str) -> None:
        self.__dict__.update(given)


@pytest.mark.parametrize(
    ("cause", "expected"),
    [
        (_Cause(sqlite_errorname="SQLITE_BUSY"), Busy),
        (_Cause(sqlite_errorname="SQLITE_BUSY_SNAPSHOT"), Busy),
        (_Cause(sqlite_errorname="SQLITE_FULL"), Full),
        (_Cause(sqlite_errorname="SQLITE_ERROR"), type(None)),
        (_Cause(sqlstate="53100"), Full),
        (_Cause(sqlstate="55P03"), Busy),
        (_Cause(), Busy),
    ],
    ids=["locked", "locked snapshot", "disk full", "our mistake", "disk full there", "lock there", "away"],
)
def test_what_ails_the_database_is_told_for_what_it_is(cause: Exception, expected: type) -> None:
    assert type(problems.trouble(OperationalError("select 1", {}, cause))) is expected


def test_a_database_that_is_away_is_a_page_too(quiet: Settings) -> None:
    settings = replace(quiet, database_url="postgresql+psycopg://nobody@127.0.0.1:1/none")
    client = create_app(settings, TESTING=True).test_client()

    page = client.get("/forums")
    missing = client.get("/nowhere")
    ready = client.get("/readyz")

    assert page.status_code == 503
    assert page.headers["Retry-After"] == "2"
    assert "The site is busy" in page.text
    assert missing.status_code == 404
    assert client.get("/healthz").status_code == 200
    assert ready.status_code == 503
