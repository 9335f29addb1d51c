"""What a member is writing is kept, listed, taken up again and dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from iocop.contributions import resuming
from iocop.contributions.models import Draft
from iocop.contributions.queries import draft
from iocop.contributions.resuming import resume_address, resumes
from iocop.contributions.services import contribute, drafting, save_draft
from iocop.core.db import db
from iocop.core.errors import Conflict, Invalid, Refused, TooLarge
from iocop.core.login import GUEST
from tests.contributions.factories import given
from tests.factories import make_member, viewer_of

if TYPE_CHECKING:
    from flask import Flask

    from tests.client import Browser


def keys() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Draft.key).order_by(Draft.key)))


def test_the_editor_keeps_what_is_typed_and_the_list_leads_back(browser: Browser) -> None:
    alice = make_member()
    browser.sign_in(alice)

    for text in ("How", "How low?"):
        kept = browser.post("/drafts", {"key": "answer:12", "title": "", "text": text})
        assert kept.status_code == 204

    assert draft(alice.id, "answer:12") == {"title": "", "text": "How low?"}
    page = browser.page("/drafts")
    assert page.select_one("main a[href='/t/12/answer']") is not None
    assert "How low?" in page.text
    browser.post("/drafts/discard", {"key": "answer:12"})
    assert "No drafts" in browser.page("/drafts").text


def test_drafts_come_as_json_too_and_are_ones_own(browser: Browser) -> None:
    alice, bob = make_member(), make_member()
    browser.sign_in(alice)
    token = {"X-CSRFToken": browser.csrf_token()}

    answer = browser.client.put("/drafts/topic", json={"title": "T", "text": "Words"}, headers=token)

    assert answer.status_code == 204
    other = browser.fresh().sign_in(bob)
    assert "Words" not in other.page("/drafts").text
    other.post("/drafts/discard", {"key": "topic"})
    assert keys() == ["topic"]


@pytest.mark.parametrize(
    ("body", "status", "kept"),
    [
        ("[]", 422, {}),
        ('"text"', 422, {}),
        ('{"text": "a\\ud800b"}', 204, {"title": "", "text": "a?b"}),
        ("{", 400, {}),
    ],
    ids=["a list", "a text", "half a letter", "no JSON"],
)
def test_json_that_is_no_draft_is_told_so(
    browser: Browser, body: str, status: int, kept: dict[str, str]
) -> None:
    alice = make_member()
    browser.sign_in(alice)
    headers = {"X-CSRFToken": browser.csrf_token(), "Content-Type": "application/json"}

    answer = browser.client.put("/drafts/topic", data=body, headers=headers)

    assert answer.status_code == status
    assert draft(alice.id, "topic") == kept


def test_emptying_the_editor_drops_the_draft(app: Flask) -> None:
    alice = viewer_of(make_member())
    save_draft(alice, "topic", {"title": "", "text": "Words"})

    save_draft(alice, "topic", {"title": " ", "text": ""})

    assert keys() == []


def test_posting_ends_the_draft_and_no_other(app: Flask) -> None:
    alice, bob = viewer_of(make_member()), viewer_of(make_member())
    for actor, key in ((alice, "topic"), (alice, "answer:1"), (bob, "topic")):
        save_draft(actor, key, {"text": "Words"})

    contribute(alice, given(draft_key="topic"))

    assert keys() == ["answer:1", "topic"]


def test_what_cannot_be_kept_is_refused(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    alice = viewer_of(make_member())
    monkeypatch.setattr(drafting, "MOST_DRAFTS", 2)
    for key in ("a", "b"):
        save_draft(alice, key, {"text": "Words"})

    with pytest.raises(Conflict):
        save_draft(alice, "c", {"text": "Words"})
    save_draft(alice, "b", {"text": "More words"})
    for key in ("", "x" * 61):
        with pytest.raises(Invalid):
            save_draft(alice, key, {"text": "Words"})
    with pytest.raises(TooLarge):
        save_draft(alice, "a", {"text": "x" * 140_000})
    for actor in (GUEST, viewer_of(make_member(state="suspended"))):
        with pytest.raises(Refused):
            save_draft(actor, "topic", {"text": "Words"})
    assert draft(alice.id, "b") == {"text": "More words"}


def test_a_feature_says_where_its_drafts_are_taken_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resuming, "_openers", {})
    resumes("wish")(lambda reference: f"/wishes/{reference}")

    assert resume_address("wish:3") == "/wishes/3"
    assert resume_address("reply:12") == "/p/12"
    assert resume_address("unknown") == "/"
    assert resume_address("reply:٣") == "/"


def test_guests_keep_nothing(browser: Browser) -> None:
    assert browser.post("/drafts", {"key": "topic", "text": "x"}).status_code == 401
    assert "/sign-in" in (browser.get("/drafts").location or "")
