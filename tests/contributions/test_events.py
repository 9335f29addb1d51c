"""What is recorded names who acted and what on; and texts name what they refer to."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from iocop.contributions.labels import FREEST, USUAL, bound, freer, inherited, offered
from iocop.contributions.references import attached, references
from iocop.contributions.services import mark, revise, set_state
from iocop.core.db import db
from iocop.core.events import Event
from iocop.core.limits import limiter
from iocop.core.models import EventRow
from iocop.spaces.labels import LABELS
from iocop.spaces.models import AUDIENCES
from tests.contributions.factories import make_contribution
from tests.factories import make_member, viewer_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from tests.client import Browser


@pytest.mark.theory("1.25")
def test_every_kind_of_event_names_an_actor_and_a_resource(app: Flask) -> None:
    own = {name: kind for name, kind in Event.kinds.items() if kind.__module__.startswith("iocop.")}

    assert {"Contributed", "Marked", "MemberJoined", "AffiliationRecorded"} <= own.keys()
    assert [name for name, kind in own.items() if fields(kind)[0].name != "actor_id"] == []
    assert [name for name, kind in own.items() if not kind.resources()] == []


@pytest.mark.theory("1.25")
def test_every_recorded_event_names_its_actor_and_its_resource(app: Flask) -> None:
    alice, bob = make_member(), make_member()
    thing = make_contribution(alice, text=f"@{bob.handle}")
    make_contribution(bob, parent_id=thing.id)
    revise(viewer_of(alice), thing.id, "Changed.")
    mark(viewer_of(bob), thing.id, "helpful")
    own = make_contribution(bob)
    set_state(viewer_of(bob), own.id, "removed")

    rows = db.session.execute(select(EventRow.name, EventRow.payload)).all()

    assert {row.name for row in rows} >= {"Contributed", "Mentioned", "Revised", "Marked", "StateChanged"}
    for row in rows:
        assert row.payload["actor_id"] in {alice.id, bob.id}
        assert all(row.payload[name] for name in Event.kinds[row.name].resources())


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<a href="/p/12">x</a>', {12: "linked"}),
        ('<a href="/t/12/words?page=2#post-3">x</a>', {12: "linked"}),
        ('<a href="https://forum.example/p/12">x</a>', {12: "linked"}),
        ('<a href="https://elsewhere.example/p/12">x</a>', {}),
        ('<a href="/id/12">x</a> <a>y</a> <a href="/p/x">z</a>', {}),
        ('<blockquote><p><a href="/p/12">x</a></p></blockquote>', {12: "quoted"}),
        ('<a href="/p/12">x</a><blockquote><a href="/p/12">x</a></blockquote>', {12: "quoted"}),
        (
            '<blockquote><a href="/p/1">x</a></blockquote></blockquote><a href="/p/2">x</a>',
            {1: "quoted", 2: "linked"},
        ),
        (f'<a href="/p/{10**18}">x</a>', {}),
    ],
)
def test_references_are_found(html: str, expected: dict[int, str]) -> None:
    assert references(html, "https://forum.example/") == expected


def test_attachments_are_found() -> None:
    html = '<img src="/attachments/3/a.png"> <a href="/attachments/4/small/b.pdf">b</a> <a href="https://x.example/attachments/5/c">c</a>'

    assert attached(html) == {3, 4}


@pytest.mark.parametrize("audience", AUDIENCES)
def test_labels_of_a_space_are_never_freer_than_it_allows(audience: str) -> None:
    for root in (None, *LABELS):
        choices = offered(audience, root)
        assert inherited(audience, root) in choices
        assert choices[-1] == bound(audience, root)
        assert not any(freer(label, FREEST[audience]) for label in choices)
        assert root is None or not any(freer(label, root) for label in choices)
    assert not freer(USUAL[audience], FREEST[audience])


@pytest.fixture
def rates() -> Iterator[None]:
    """Rates as they are outside tests."""
    limiter.enabled = True
    limiter.reset()
    yield
    limiter.enabled = False


def test_the_preview_is_what_the_post_will_be(browser: Browser) -> None:
    alice = make_member()
    browser.sign_in(alice)
    text = "**Bold** <script>alert(1)</script> `code`"

    shown = browser.post("/preview", {"text": text})

    assert shown.text == make_contribution(alice, text=text).html
    assert browser.post("/preview", {"text": " "}).text == ""
    assert browser.post("/preview", {"text": "x" * 70_000}).status_code == 422
    assert browser.fresh().post("/preview", {"text": "x"}).status_code == 401


def test_who_previews_too_often_waits_and_others_do_not(browser: Browser, rates: None) -> None:
    alice, bob = make_member(), make_member()
    browser.sign_in(alice)
    statuses = [browser.post("/preview", {"text": ""}).status_code for _ in range(61)]

    late = browser.post("/preview", {"text": ""})

    assert statuses == [200] * 60 + [429]
    assert 1 <= int(late.headers["Retry-After"]) <= 61
    assert browser.fresh().sign_in(bob).post("/preview", {"text": ""}).status_code == 200
