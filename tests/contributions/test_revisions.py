"""A text is edited; what it said before stays readable, and two editors lose nothing."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from iocop.contributions.models import Contribution, LabelChange, Mention, Revision
from iocop.contributions.services import Stale, contribute, revise, set_state, write_out
from iocop.core.db import db
from iocop.core.errors import DomainError, Invalid, Missing, Refused
from iocop.core.login import GUEST
from tests.contributions.factories import affiliate, given, make_contribution, make_office, make_space
from tests.contributions.test_contribute import events, in_parallel
from tests.factories import make_member, make_organization, viewer_of

if TYPE_CHECKING:
    from flask import Flask

    from iocop.contributions.services import Written
    from tests.client import Browser


def test_an_author_edits_and_the_first_text_stays_in_the_history(app: Flask) -> None:
    alice, firm = make_member(), make_organization()
    affiliate(alice, firm)
    thing = make_contribution(alice, text="Thirty degrees.", title="Flow")

    revise(
        viewer_of(alice), thing.id, "Thirty-five degrees.", "Flow temperature", "measured again", version=1
    )

    assert (thing.text, thing.plain, thing.version) == ("Thirty-five degrees.", "Thirty-five degrees.", 2)
    assert thing.edited_at is not None
    kept = db.session.scalars(select(Revision).order_by(Revision.number)).all()
    assert [(row.text, row.title, row.reason, row.organization_id) for row in kept] == [
        ("Thirty degrees.", "Flow", "", firm.id),
        ("Thirty-five degrees.", "Flow temperature", "measured again", firm.id),
    ]
    assert [event["number"] for event in events("Revised")] == [2]


def test_saving_the_same_text_is_no_new_version(app: Flask) -> None:
    alice = make_member()
    thing = make_contribution(alice, text="Same.", title="T")

    assert revise(viewer_of(alice), thing.id, "Same.", "T").version == 1
    assert events("Revised") == []


def test_whoever_saves_second_is_shown_both_texts(app: Flask) -> None:
    alice, moderator = make_member(), make_office(make_member())
    thing = make_contribution(alice, text="First.")
    revise(moderator, thing.id, "Theirs.", version=1)

    with pytest.raises(Stale) as error:
        revise(viewer_of(alice), thing.id, "Mine.", version=1)

    assert (error.value.theirs, error.value.yours, error.value.version) == ("Theirs.", "Mine.", 2)
    assert error.value.status == 409
    assert thing.text == "Theirs."
    assert revise(viewer_of(alice), thing.id, "Both.", version=2).version == 3


def test_of_two_editors_at_once_one_is_asked_to_look_again(app: Flask) -> None:
    alice = viewer_of(make_member())
    thing_id = contribute(alice, given()).id
    texts = [write_out("One."), write_out("Two.")]

    def save(text: Written) -> int:
        return revise(alice, thing_id, text.text, version=1, written=text).version

    found = in_parallel(app, *[partial(save, text) for text in texts])

    assert sorted(map(str, map(type, found))) == sorted([str(int), str(Stale)])


def test_who_may_not_edit_is_told_why(app: Flask) -> None:
    alice, bob, moderator = make_member(), make_member(), make_office(make_member())
    thing, removed = make_contribution(alice), make_contribution(alice)
    set_state(viewer_of(alice), removed.id, "removed")
    closed = make_contribution(space_id=make_space("members").id)

    refused: list[DomainError] = []
    for actor, target in [(GUEST, thing), (viewer_of(bob), thing), (viewer_of(alice), removed), (moderator, removed),
                          (viewer_of(make_member(state="suspended")), closed)]:  # fmt: skip
        with pytest.raises(Refused) as error:
            revise(actor, target.id, "Changed.")
        refused.append(error.value)

    assert len(refused) == 5
    with pytest.raises(Missing):
        revise(moderator, 10**9, "Changed.")


@pytest.mark.parametrize(
    ("text", "title", "reason", "field"),
    [("", "", "", "text"), ("x", "x" * 201, "", "title"), ("x", "", "x" * 201, "reason")],
)
def test_an_edit_that_cannot_be_names_its_field(
    app: Flask, text: str, title: str, reason: str, field: str
) -> None:
    alice = make_member()
    thing = make_contribution(alice)

    with pytest.raises(Invalid) as error:
        revise(viewer_of(alice), thing.id, text, title, reason)

    assert error.value.field == field


def test_only_who_is_named_for_the_first_time_is_told(app: Flask) -> None:
    alice, bob, cleo = make_member(), make_member(handle="bob-r"), make_member(handle="cleo-r")
    thing = make_contribution(alice, text="Ask @bob-r.")

    revise(viewer_of(alice), thing.id, "Ask @bob-r and @cleo-r.")
    revise(viewer_of(alice), thing.id, "Ask @cleo-r.")

    assert [event["member_ids"] for event in events("Mentioned")] == [[bob.id], [cleo.id]]
    assert list(db.session.scalars(select(Mention.member_id))) == [cleo.id]


def test_quoting_something_stricter_later_makes_the_text_stricter_and_says_so(app: Flask) -> None:
    alice = make_member()
    strict, thing = make_contribution(label="members"), make_contribution(alice)

    revise(viewer_of(alice), thing.id, f"> [A wrote:](/p/{strict.id})\n> words")

    assert thing.label == "members"
    assert db.session.scalars(select(LabelChange.new_label)).all() == ["members"]


def test_the_history_compares_any_two_versions(browser: Browser) -> None:
    alice = make_member()
    thing = make_contribution(alice, text="The flow is thirty.", title="Flow")
    revise(viewer_of(alice), thing.id, "The flow is forty.", "Flow", "measured")
    revise(viewer_of(alice), thing.id, "The flow is fifty.", "Our Flow")

    newest = browser.page(f"/c/{thing.id}/history")
    assert [tag.text.strip() for tag in newest.select("del")] == ["forty"]
    assert [tag.text.strip() for tag in newest.select("ins")] == ["Our", "fifty"]
    assert "measured" in newest.text
    first = browser.page(f"/c/{thing.id}/history?old=1&new=3&view=sides")
    assert [tag.text.strip() for tag in first.select(".sides del")] == ["thirty"]
    assert [tag.text.strip() for tag in first.select(".sides ins")] == ["fifty"]
    assert "Both say the same." in browser.page(f"/c/{thing.id}/history?old=2&new=2").text


@pytest.mark.parametrize("asked", ["old=9", "new=0", "new=x", "old=99999999999999999999", "new=١"])
def test_a_version_that_never_was_is_not_found(browser: Browser, asked: str) -> None:
    thing = make_contribution()

    assert browser.get(f"/c/{thing.id}/history?{asked}").status_code == 404


def test_markup_in_a_history_is_shown_as_typed(browser: Browser) -> None:
    alice = make_member()
    thing = make_contribution(alice, text="<script>alert(1)</script>")
    revise(viewer_of(alice), thing.id, '<img src=x onerror="alert(2)">', reason="<b>bold</b>")

    page = browser.page(f"/c/{thing.id}/history")

    assert page.select_one("main img, main b") is None
    assert page.select_one("main script") is None


def test_the_history_of_what_is_hidden_is_its_authors_and_the_moderators(browser: Browser) -> None:
    alice = make_member()
    thing = make_contribution(alice)
    set_state(make_office(make_member()), thing.id, "hidden", "a test")

    assert browser.get(f"/c/{thing.id}/history").status_code == 404
    assert browser.sign_in(alice).get(f"/c/{thing.id}/history").status_code == 200
    assert db.session.get_one(Contribution, thing.id).state == "hidden"
