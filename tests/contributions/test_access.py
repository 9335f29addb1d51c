"""Who reads what: audiences of spaces and sharing labels, each seen by five kinds of reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from iocop.contributions.models import Contribution, LabelChange
from iocop.contributions.policy import may_read
from iocop.contributions.queries import label_changes
from iocop.contributions.services import change_label, move_space
from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.errors import Invalid, Missing, Refused
from iocop.core.login import GUEST
from iocop.spaces.models import SpaceGrant
from tests.contributions.factories import affiliate, make_contribution, make_office, make_space
from tests.factories import make_member, make_organization, saved, viewer_of

if TYPE_CHECKING:
    from flask import Flask

    from iocop.core.login import Viewer
    from iocop.members.models import Member
    from iocop.spaces.models import Space
    from tests.client import Browser

READERS = ("guest", "member", "verified member", "named member", "author")
AUDIENCE_MATRIX = {
    "public": (True, True, True, True, True),
    "members": (False, True, True, True, True),
    "verified": (False, False, True, False, True),
    "named": (False, False, False, True, True),
}
LABEL_READERS = ("guest", "member", "verified member", "author", "moderator")
LABEL_MATRIX = {
    "public": (True, True, True, True, True),
    "take-home": (False, True, True, True, True),
    "members": (False, True, True, True, True),
    "space": (False, True, True, True, True),
}


def verified() -> Member:
    member = make_member()
    affiliate(member, make_organization(), evidence="email")
    return member


def named(space: Space) -> Member:
    member = make_member()
    saved(SpaceGrant(space_id=space.id, member_id=member.id, granted_at=clock.now()))
    return member


def reader(kind: str, author: Member, space: Space) -> Member | None:
    if kind == "guest":
        return None
    if kind == "author":
        return author
    makers = {"member": make_member, "verified member": verified, "moderator": make_member}
    member = makers[kind]() if kind in makers else named(space)
    if kind == "moderator":
        make_office(member)
    return member


def author_in(space: Space) -> Member:
    """An author every audience lets in."""
    author = verified()
    saved(SpaceGrant(space_id=space.id, member_id=author.id, granted_at=clock.now()))
    return author


def seen(browser: Browser, member: Member | None, contribution_id: int) -> bool:
    if member is not None:
        browser.sign_in(member)
    status = browser.get(f"/c/{contribution_id}/history").status_code
    assert status in {200, 404}
    return status == 200


@pytest.mark.theory("0.22", "3.11")
@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize("audience", AUDIENCE_MATRIX)
def test_each_audience_lets_its_readers_in_and_no_other(browser: Browser, audience: str, kind: str) -> None:
    space = make_space(audience)
    author = author_in(space)
    thing = make_contribution(author, space_id=space.id)

    expected = AUDIENCE_MATRIX[audience][READERS.index(kind)]

    assert seen(browser, reader(kind, author, space), thing.id) is expected


@pytest.mark.parametrize("kind", LABEL_READERS)
@pytest.mark.parametrize("label", LABEL_MATRIX)
def test_each_label_lets_its_readers_in_and_no_other(browser: Browser, label: str, kind: str) -> None:
    space = make_space("public")
    author = make_member()
    thing = make_contribution(author, space_id=space.id, label=label)

    expected = LABEL_MATRIX[label][LABEL_READERS.index(kind)]

    assert seen(browser, reader(kind, author, space), thing.id) is expected


@pytest.mark.theory("0.22")
def test_every_move_of_a_post_is_logged(app: Flask) -> None:
    author, moderator = make_member(), make_office(make_member())
    old, new = make_space("public"), make_space("members")
    thing = make_contribution(author, space_id=old.id)

    change_label(viewer_of(author), thing.id, "take-home", "a client asked")
    change_label(moderator, thing.id, "members", "names a person")
    move_space(moderator, thing.id, new.id, "for members")

    moves = db.session.scalars(select(LabelChange).order_by(LabelChange.id)).all()
    assert [(move.actor_id, move.old_label, move.new_label, move.reason) for move in moves] == [
        (author.id, "public", "take-home", "a client asked"),
        (moderator.id, "take-home", "members", "names a person"),
        (moderator.id, "members", "members", "for members"),
    ]
    assert (moves[2].old_space_id, moves[2].new_space_id) == (old.id, new.id)


@pytest.mark.parametrize(
    ("audience", "root_label", "expected"),
    [
        ("public", None, "public"),
        ("members", None, "members"),
        ("named", None, "space"),
        ("public", "space", "space"),
    ],
)
def test_a_text_without_a_label_takes_that_of_its_topic_or_space(
    app: Flask, audience: str, root_label: str | None, expected: str
) -> None:
    space = make_space(audience)
    author = author_in(space)
    thing = make_contribution(author, space_id=space.id, label=root_label)
    if root_label:
        thing = make_contribution(author, parent_id=thing.id)

    assert thing.label == expected


def test_a_reply_is_shared_less_far_than_its_topic_but_never_further(app: Flask) -> None:
    root = make_contribution(label="members")

    assert make_contribution(parent_id=root.id, label="space").label == "space"
    with pytest.raises(Invalid) as error:
        make_contribution(parent_id=root.id, label="public")
    assert error.value.field == "label"


def test_nothing_in_a_closed_space_is_labelled_public(app: Flask) -> None:
    space = make_space("members")

    with pytest.raises(Invalid):
        make_contribution(space_id=space.id, label="public")


def test_a_quotation_brings_its_stricter_label_along(app: Flask) -> None:
    quoted = make_contribution(label="members")
    text = f"> [A wrote:](/p/{quoted.id})\n> words\n\nI agree."

    assert make_contribution(text=text).label == "members"
    with pytest.raises(Invalid) as error:
        make_contribution(text=text, label="public")
    assert error.value.field == "label"


def test_what_was_said_for_its_space_is_not_quoted_elsewhere(app: Flask) -> None:
    space = make_space()
    quoted = make_contribution(label="space", space_id=space.id)
    text = f"> [A wrote:](/p/{quoted.id})\n> words"

    assert make_contribution(text=text, space_id=space.id).label == "space"
    with pytest.raises(Invalid) as error:
        make_contribution(text=text)
    assert error.value.field == "text"


def test_a_stricter_label_holds_for_the_replies_at_once(app: Flask) -> None:
    author = make_member()
    root = make_contribution(author)
    free, strict = make_contribution(parent_id=root.id), make_contribution(parent_id=root.id, label="space")

    change_label(viewer_of(author), root.id, "members")

    assert {free.label, root.label} == {"members"}
    assert strict.label == "space"
    assert not may_read(GUEST, free)


def test_only_its_author_lets_a_contribution_travel_further(app: Flask) -> None:
    author, moderator = make_member(), make_office(make_member())
    thing = make_contribution(author, label="members")

    with pytest.raises(Refused):
        change_label(moderator, thing.id, "public")
    with pytest.raises(Refused):
        change_label(viewer_of(make_member()), thing.id, "space")
    with pytest.raises(Refused):
        change_label(GUEST, thing.id, "space")

    assert change_label(viewer_of(author), thing.id, "public").label == "public"


def test_a_label_that_is_none_or_a_reason_too_long_is_refused(app: Flask) -> None:
    author = make_member()
    thing = make_contribution(author, space_id=make_space("members").id)

    for label, reason in [("secret", ""), ("space", "x" * 201), ("public", "")]:
        with pytest.raises(Invalid):
            change_label(viewer_of(author), thing.id, label, reason)
    with pytest.raises(Missing):
        change_label(viewer_of(author), 10**9, "space")
    change_label(viewer_of(author), thing.id, thing.label)
    assert db.session.scalar(select(LabelChange)) is None


def moved(actor: Viewer, thing: Contribution, space: Space) -> bool:
    try:
        move_space(actor, thing.id, space.id)
    except Refused:
        return False
    return thing.space_id == space.id


def test_a_topic_is_moved_by_its_author_alone_or_by_a_moderator(app: Flask) -> None:
    author, other, moderator = make_member(), make_member(), make_office(make_member())
    room = make_space("members")
    thing = make_contribution(author)

    assert moved(viewer_of(author), thing, room)
    reply = make_contribution(other, parent_id=thing.id, label="take-home")
    assert not moved(viewer_of(author), thing, make_space())
    assert not moved(viewer_of(other), thing, make_space())
    assert not moved(GUEST, thing, make_space())
    assert not moved(moderator, reply, make_space())
    assert not moved(moderator, thing, make_space("named"))
    assert moved(moderator, thing, make_space())
    assert move_space(moderator, thing.id, thing.space_id) is thing
    assert reply.space_id == thing.space_id
    with pytest.raises(Missing):
        move_space(moderator, thing.id, 10**9)


def test_what_is_too_free_for_the_new_space_becomes_stricter(app: Flask) -> None:
    author = make_member()
    thing = make_contribution(author, label="public")

    move_space(viewer_of(author), thing.id, make_space("members").id)

    assert thing.label == "take-home"


def test_held_and_hidden_texts_are_read_by_author_and_moderator_removed_ones_by_moderators(
    app: Flask,
) -> None:
    author, other, moderator = make_member(), make_member(), make_office(make_member())
    thing = make_contribution(author)

    found = {}
    for state in ("held", "hidden", "removed"):
        with act():
            db.session.get_one(Contribution, thing.id).state = state
        found[state] = [
            bool(may_read(who, thing)) for who in (GUEST, viewer_of(other), viewer_of(author), moderator)
        ]

    assert found == {
        "held": [False, False, True, True],
        "hidden": [False, False, True, True],
        "removed": [False, False, False, True],
    }


def test_the_label_page_offers_what_is_possible_and_changes_it(browser: Browser) -> None:
    author = make_member()
    root = make_contribution(author, label="members")
    browser.sign_in(author)

    page = browser.page(f"/c/{root.id}/label")
    assert [radio["value"] for radio in page.select("input[type=radio]")] == [
        "space",
        "members",
        "take-home",
        "public",
    ]
    answer = browser.post(f"/c/{root.id}/label", {"label": "space", "reason": "too early"})

    assert (answer.status_code, answer.location) == (303, f"/p/{root.id}")
    assert "too early" in browser.page(f"/c/{root.id}/history").text
    assert browser.post(f"/c/{root.id}/label", {"label": "secret"}).status_code == 422


def test_outsiders_do_not_get_the_label_page(browser: Browser) -> None:
    thing = make_contribution()

    assert browser.sign_in(make_member()).get(f"/c/{thing.id}/label").status_code == 403
    assert browser.get("/c/999999/label").status_code == 404


def test_a_moderator_is_offered_stricter_labels_only(browser: Browser) -> None:
    thing = make_contribution(label="members")
    moderator = make_member()
    make_office(moderator)

    page = browser.sign_in(moderator).page(f"/c/{thing.id}/label")

    assert [radio["value"] for radio in page.select("input[type=radio]")] == ["space", "members"]


def test_a_topic_moves_from_its_page(browser: Browser) -> None:
    author, room = make_member(), make_space("members")
    thing = make_contribution(author)
    browser.sign_in(author)

    browser.page(f"/c/{thing.id}/space")
    assert (
        browser.post(f"/c/{thing.id}/space", {"space": str(room.id), "reason": "for us"}).status_code == 303
    )
    assert browser.post(f"/c/{thing.id}/space", {"space": "999"}).status_code == 422

    db.session.expire_all()
    assert db.session.get_one(Contribution, thing.id).space_id == room.id


def test_a_quotation_follows_when_its_source_becomes_stricter_later(app: Flask) -> None:
    author, quoter = make_member(), make_member()
    quoted = make_contribution(author, label="public")
    text = f"> [A wrote:](/p/{quoted.id})\n> words\n\nI agree."
    quoting = make_contribution(quoter, label="public", text=text)
    again = make_contribution(label="public", text=f"> [B wrote:](/p/{quoting.id})\n> words")
    linking = make_contribution(label="public", text=f"See [what A wrote](/p/{quoted.id}).")

    change_label(viewer_of(author), quoted.id, "members", "It names a plant.")

    assert [thing.label for thing in (quoted, quoting, again, linking)] == ["members"] * 3 + ["public"]
    move = label_changes(quoting.id)[0]
    assert (move.old_label, move.new_label, move.actor_id) == ("public", "members", author.id)
    assert move.reason == "It quotes something that is shared less far."

    change_label(viewer_of(author), quoted.id, "public")

    assert [thing.label for thing in (quoted, quoting)] == ["public", "members"]


def test_a_quotation_is_not_let_travel_further_than_its_source(app: Flask) -> None:
    quoter = make_member()
    quoted = make_contribution(label="members")
    quoting = make_contribution(quoter, label="members", text=f"> [A wrote:](/p/{quoted.id})\n> words")

    with pytest.raises(Invalid, match="shared less far"):
        change_label(viewer_of(quoter), quoting.id, "public")
