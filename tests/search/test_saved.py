"""Saved searches: kept for their member alone, changed, deleted, taken home, and gone with the member."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from iocop.core.db import db
from iocop.core.errors import Conflict, Invalid, Missing, Refused
from iocop.core.login import GUEST
from iocop.core.models import EventRow
from iocop.members.services import erase
from iocop.search import export, services
from iocop.search.models import SavedSearch, SearchMatch
from tests.factories import make_member, saved, viewer_of
from tests.search.factories import index_all, make_topic

if TYPE_CHECKING:
    from flask import Flask

    from iocop.members.models import Member
    from tests.client import Browser


def keep(member: Member, text: str = "frost coil", kind: str = "topics", **given: Any) -> SavedSearch:
    return services.save_search(viewer_of(member), text, kind, **given)


def all_saved() -> list[SavedSearch]:
    return list(db.session.scalars(select(SavedSearch).order_by(SavedSearch.id)))


def events() -> list[str]:
    return [
        name for name in db.session.scalars(select(EventRow.name).order_by(EventRow.id)) if "Search" in name
    ]


def test_a_search_is_saved_beside_its_results_and_found_in_the_settings(browser: Browser) -> None:
    alice = make_member()
    browser.sign_in(alice)
    assert "No saved searches yet" in browser.page("/search/saved").get_text()

    sent = browser.post("/search/saved/new", {"text": " frost   @bob ", "kind": "articles", "alert": "y"})

    assert (sent.status_code, sent.location) == (303, "/search/saved")
    [row] = all_saved()
    assert (row.member_id, row.text, row.name, row.kind) == (alice.id, "frost @bob", "frost @bob", "articles")
    assert row.alert == "mail"
    assert row.alert_at is not None
    page = browser.page("/search/saved")
    link = page.select_one(".list-row h2 a")
    assert link is not None
    assert link["href"] == "/search?q=frost+@bob&kind=articles"
    assert "You are told" in page.get_text()


def test_the_results_offer_to_members_to_save_what_they_show(browser: Browser) -> None:
    make_topic("Frost")
    index_all()
    assert browser.page("/search?q=frost").select_one('form[action="/search/saved/new"]') is None
    browser.sign_in(make_member())

    for tab, told_of in (("topics", True), ("members", False)):
        form = browser.page(f"/search?q=frost+-coil&kind={tab}").select_one(
            'form[action="/search/saved/new"]'
        )
        assert form is not None
        sent = {
            str(field["name"]): str(field.get("value", "")) for field in form.select("input[type=hidden]")
        }
        assert (sent["text"], sent["kind"]) == ("frost -coil", tab)
        assert (form.select_one("input[name=alert]") is not None) is told_of
        assert browser.post("/search/saved/new", sent).status_code == 303
    assert [row.kind for row in all_saved()] == ["topics", "members"]


def test_the_same_search_saved_twice_is_one(app: Flask) -> None:
    alice, bob = make_member(), make_member()

    assert keep(alice).id == keep(alice, "  frost coil ").id
    assert keep(alice, kind="articles").id != keep(bob).id

    assert (
        keep(bob, "frost " * 20 + "coil-that-is-not-repeated and " + "x" * 70).name
        == "frost coil-that-is-not-repeated and …"
    )
    assert len(all_saved()) == 4
    assert events() == ["SearchSaved"] * 4


def test_what_cannot_be_saved_says_why_and_keeps_what_was_typed(browser: Browser) -> None:
    browser.sign_in(make_member())
    for given, words in (
        ({"text": "-frost", "kind": "topics"}, "nothing to look for"),
        ({"text": "frost " * 100, "kind": "topics"}, "400 characters"),
        ({"text": "", "kind": "topics"}, "Type what to look for"),
        ({"text": "frost", "kind": "weather"}, "no such kind"),
        ({"text": "frost", "kind": "members", "alert": "y"}, "not of people and places"),
        ({"text": "frost", "kind": "topics", "name": "x" * 81}, "80"),
    ):
        answer = browser.post("/search/saved/new", given)
        assert answer.status_code == 422, given
        assert words in answer.text, given
        assert given["text"].strip()[:20] in answer.text, given
    assert all_saved() == []


def test_a_member_keeps_fifty(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_SAVED", 2)
    alice = make_member()
    keep(alice, "one")
    keep(alice, "two")

    with pytest.raises(Conflict):
        keep(alice, "three")
    assert keep(alice, "two").text == "two"


def test_a_saved_search_is_renamed_told_of_or_not_and_deleted(browser: Browser) -> None:
    alice = make_member()
    row = keep(alice)
    page = browser.sign_in(alice).page(f"/search/saved/{row.id}")
    assert page.select_one('input[name=name][value="frost coil"]') is not None
    saved(
        SearchMatch(
            saved_search_id=row.id, ref="post:1", contribution_id=make_topic("Old").id, at=row.created_at
        )
    )

    sent = browser.post(f"/search/saved/{row.id}", {"name": "Ice", "alert": "y"})
    assert sent.status_code == 303
    assert [(one.name, one.alert) for one in all_saved()] == [("Ice", "mail")]
    assert db.session.scalars(select(SearchMatch)).all() == []
    assert browser.post(f"/search/saved/{row.id}", {"name": " "}).status_code == 422
    browser.post(f"/search/saved/{row.id}", {"name": "Ice"})
    assert [(one.alert, one.alert_at) for one in all_saved()] == [("none", None)]

    browser.post(f"/search/saved/{row.id}/delete")
    assert all_saved() == []
    assert events() == ["SearchSaved", "SavedSearchChanged", "SavedSearchChanged", "SavedSearchDeleted"]


def test_nobody_else_sees_changes_or_deletes_it(browser: Browser) -> None:
    row = keep(make_member(), "my secret plan")
    browser.sign_in(make_member())

    assert "secret" not in browser.page("/search/saved").get_text()
    for answer in (
        browser.get(f"/search/saved/{row.id}"),
        browser.post(f"/search/saved/{row.id}", {"name": "Mine"}),
        *(browser.post(f"/search/saved/{row.id}/{act}") for act in ("delete", "feed", "feed/end")),
    ):
        assert answer.status_code == 403
        assert "secret" not in answer.text
    assert browser.get("/search/saved/404").status_code == 404
    assert [(one.name, one.feed_hash) for one in all_saved()] == [("my secret plan", None)]


def test_guests_save_nothing(browser: Browser) -> None:
    with pytest.raises(Refused):
        services.save_search(GUEST, "frost", "topics")
    with pytest.raises(Missing):
        services.delete_saved(GUEST, 404)
    with pytest.raises(Invalid):
        keep(make_member(), alert="pigeon")
    assert browser.get("/search/saved").status_code == 303
    assert browser.post("/search/saved/new", {"text": "frost", "kind": "topics"}).status_code == 401


def test_saved_searches_go_home_and_away_with_their_member(app: Flask) -> None:
    alice, bob = make_member(), make_member()
    row = keep(alice, "quarterflash", alert="mail")
    keep(bob)
    topic = make_topic("Told")
    saved(SearchMatch(saved_search_id=row.id, ref="post:1", contribution_id=topic.id, at=row.created_at))

    [taken] = export.saved_searches(alice.id)
    assert (taken["name"], taken["text"], taken["alert"]) == ("quarterflash", "quarterflash", "mail")
    assert [one["contribution_id"] for one in taken["found"]] == [topic.id]

    erase(viewer_of(alice))
    assert [one.member_id for one in all_saved()] == [bob.id]
    assert db.session.scalars(select(SearchMatch)).all() == []
