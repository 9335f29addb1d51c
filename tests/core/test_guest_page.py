"""Pages kept for guests: quick, never stale, and never one member's page in another's hands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, text

from iocop.core.cache import Fragments
from iocop.core.db import act, db
from iocop.core.versions import bump, versions
from tests.client import Browser
from tests.factories import make_member

if TYPE_CHECKING:
    from flask import Flask


def heading(browser: Browser, path: str = "/ground/kept") -> str:
    found = browser.page(path).h1
    assert found is not None
    return found.text


def bumped(app: Flask, *keys: str) -> None:
    with app.app_context():
        bump(*keys)


def test_a_guests_page_is_made_once_and_anew_when_what_it_shows_changed(pages: Flask) -> None:
    browser = Browser(pages)
    first = heading(browser)

    assert heading(browser) == first
    assert heading(browser.fresh()) == first
    for key in ("ground", "site", "people"):
        bumped(pages, key)
        assert heading(browser) != first
        first = heading(browser)
    bumped(pages, "something else")
    assert heading(browser) == first


def test_a_kept_page_costs_one_statement(pages: Flask) -> None:
    browser = Browser(pages)
    browser.get("/ground/kept")
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    with pages.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    browser.get("/ground/kept")
    event.remove(engine, "before_cursor_execute", note)

    assert len(sent) == 1


def test_a_member_never_gets_a_kept_page_nor_leaves_one(pages: Flask) -> None:
    with pages.app_context():
        alice = Browser(pages).sign_in(make_member(name="Alice"))
        bob = Browser(pages).sign_in(make_member(name="Bob"))
    guest = Browser(pages)

    assert heading(alice).endswith("by Alice")
    assert heading(guest).endswith("by a guest")
    assert heading(bob).endswith("by Bob")
    assert heading(alice).endswith("by Alice")
    assert alice.get("/ground/kept").headers["Cache-Control"] == "private, no-store"
    assert heading(guest).endswith("by a guest")


def test_a_message_is_read_once_by_the_one_it_is_for(pages: Flask) -> None:
    told, other = Browser(pages), Browser(pages)
    heading(other)
    told.get("/ground/flashing")

    assert "A word for you alone" in told.get("/ground/kept").text
    assert "A word for you alone" not in told.get("/ground/kept").text
    assert "A word for you alone" not in other.get("/ground/kept").text


def test_a_page_with_a_form_is_never_kept(pages: Flask) -> None:
    one, other = Browser(pages), Browser(pages)

    assert heading(one, "/ground/kept-form") != heading(one, "/ground/kept-form")
    assert one.get("/ground/kept-form").text != other.get("/ground/kept-form").text


def test_what_the_browser_has_already_is_not_sent_again(pages: Flask) -> None:
    browser = Browser(pages)
    first = browser.get("/ground/kept")

    again = browser.get("/ground/kept", headers={"If-None-Match": first.headers["ETag"]})
    bumped(pages, "ground")
    changed = browser.get("/ground/kept", headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")
    assert changed.status_code == 200
    assert first.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", ["/ground/kept", "/nowhere", "/healthz"])
def test_a_guest_without_a_cookie_is_given_none(pages: Flask, path: str) -> None:
    answer = Browser(pages).get(path)

    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_another_address_is_another_page(pages: Flask) -> None:
    browser = Browser(pages)

    assert heading(browser) != heading(browser, "/ground/kept?page=2")


def test_versions_count_changes_and_fall_with_their_act(app: Flask) -> None:
    bump("a", "b")
    bump("b")
    with pytest.raises(ZeroDivisionError):
        _fail_after_bumping("a")

    assert versions("b", "a", "never") == (2, 1, 0)


def test_versions_are_written_as_the_last_of_an_act(app: Flask) -> None:
    """Nearly every act raises one that others raise too: all who write would wait for one another."""
    sent: list[str] = []

    def note(*given: Any) -> None:
        sent.append(given[2].split()[0].upper())

    with act() as session:
        bump("b")
        bump("a", "b")
        event.listen(db.engine, "before_cursor_execute", note)
        session.execute(text("update version set value = 1 where key = 'c'"))
    event.remove(db.engine, "before_cursor_execute", note)

    assert sent == ["UPDATE", "INSERT"]
    assert versions("a", "b") == (1, 1)


def _fail_after_bumping(key: str) -> None:
    with act():
        bump(key)
        assert versions(key) == (2,)  # the act itself sees it
        _ = 1 / 0


def test_fragments_forget_what_was_used_longest_ago_by_weight() -> None:
    kept = Fragments(limit=10_000)
    for key in "abcd":
        kept.put(key, "x" * 2500)
    kept.get("a")

    kept.put("e", "x" * 2500)

    assert [key for key in "abcde" if kept.get(key)] == ["a", "c", "d", "e"]
    assert kept.weight == 10_000


def test_a_fragment_put_again_weighs_once_and_one_too_large_is_not_kept() -> None:
    kept = Fragments(limit=10_000)
    kept.put("a", "x" * 2500)
    kept.put("a", "x" * 3000)
    assert kept.weight == 3000

    kept.put("b", "x" * 20_000)

    assert kept.get("b") is None
    assert kept.weight == 0


def test_a_fragment_is_made_once() -> None:
    made: list[int] = []
    kept = Fragments(limit=10_000)

    def make() -> str:
        made.append(1)
        return "text"

    assert [kept.remember("a", make), kept.remember("a", make)] == ["text", "text"]
    assert made == [1]
