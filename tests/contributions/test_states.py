"""Held, hidden, removed, restored: by whom, from where to where, and with which reason."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import select

from iocop.contributions.models import Contribution
from iocop.contributions.policy import NEXT_STATES
from iocop.contributions.services import set_state
from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.errors import Conflict, Invalid, Missing, Refused
from iocop.core.login import GUEST
from tests.contributions.factories import make_contribution, make_office
from tests.contributions.test_contribute import events
from tests.factories import make_member, viewer_of

if TYPE_CHECKING:
    from flask import Flask

    from tests.client import Browser

STATES = ("visible", "held", "hidden", "removed")


@pytest.mark.parametrize("old", STATES)
@pytest.mark.parametrize("new", STATES)
def test_a_moderator_leads_from_state_to_state_as_the_table_says(app: Flask, old: str, new: str) -> None:
    moderator, thing = make_office(make_member()), make_contribution()
    with act():
        db.session.get_one(Contribution, thing.id).state = old

    if new in NEXT_STATES[old]:
        set_state(moderator, thing.id, new, "off topic")
        assert (thing.state, thing.state_reason, thing.state_by_id) == (new, "off topic", moderator.id)
        assert (thing.removed_at is not None) is (new == "removed")
        (told,) = events("StateChanged")
        assert (told["actor_id"], told["old"], told["new"]) == (moderator.id, old, new)
    else:
        with pytest.raises(Refused):
            set_state(moderator, thing.id, new, "off topic")
        with pytest.raises(Conflict):
            set_state(None, thing.id, new, "off topic")
        assert thing.state == old


def test_the_site_itself_holds_a_first_post(app: Flask) -> None:
    thing = make_contribution()

    set_state(None, thing.id, "held", "A first post with links waits for a moderator.")

    assert (thing.state, thing.state_by_id) == ("held", None)
    assert events("StateChanged")[0]["actor_id"] is None


def test_what_a_moderator_takes_away_has_a_reason(app: Flask) -> None:
    moderator, thing = make_office(make_member()), make_contribution()

    for reason in (" ", "x" * 401):
        with pytest.raises(Invalid) as error:
            set_state(moderator, thing.id, "hidden", reason)
        assert error.value.field == "reason"
    with pytest.raises(Invalid):
        set_state(moderator, thing.id, "burnt", "why not")
    with pytest.raises(Missing):
        set_state(moderator, 10**9, "hidden", "why")


def test_an_author_removes_an_own_post_and_its_place_stays(app: Flask) -> None:
    alice = make_member()
    root = make_contribution()
    answer = make_contribution(alice, parent_id=root.id)
    reply = make_contribution(parent_id=answer.id)

    set_state(viewer_of(alice), answer.id, "removed")

    kept = db.session.scalars(select(Contribution.position).order_by(Contribution.position)).all()
    assert kept == [1, 2, 3]
    assert reply.parent_id == answer.id
    assert make_contribution(parent_id=root.id).position == 4


def test_a_topic_others_wrote_in_stays(app: Flask) -> None:
    alice = make_member()
    root = make_contribution(alice)
    own = make_contribution(alice, parent_id=root.id)
    set_state(viewer_of(alice), own.id, "removed")
    answer = make_contribution(parent_id=root.id)

    with pytest.raises(Refused):
        set_state(viewer_of(alice), root.id, "removed")
    with act():
        db.session.get_one(Contribution, answer.id).state = "removed"

    assert set_state(viewer_of(alice), root.id, "removed").state == "removed"


def test_a_removal_can_be_taken_back_for_ten_minutes_by_who_removed_it(app: Flask) -> None:
    alice, bob, moderator = make_member(), make_member(), make_office(make_member())
    first, second, third = (make_contribution(alice) for _ in range(3))
    for thing in (first, second):
        set_state(viewer_of(alice), thing.id, "removed")
    set_state(moderator, third.id, "removed", "spam")

    with pytest.raises(Refused):
        set_state(viewer_of(bob), first.id, "visible")
    assert set_state(viewer_of(alice), first.id, "visible").state == "visible"
    with pytest.raises(Refused):
        set_state(viewer_of(alice), third.id, "visible")
    with time_machine.travel(clock.now() + timedelta(minutes=11)), pytest.raises(Refused):
        set_state(viewer_of(alice), second.id, "visible")


def test_an_author_neither_hides_nor_frees_nor_removes_what_moderators_look_at(app: Flask) -> None:
    alice, moderator = make_member(), make_office(make_member())
    thing, held = make_contribution(alice), make_contribution(alice)
    set_state(None, held.id, "held", "first post")

    with pytest.raises(Refused):
        set_state(viewer_of(alice), thing.id, "hidden", "mine")
    with pytest.raises(Refused):
        set_state(viewer_of(alice), held.id, "visible")
    set_state(moderator, thing.id, "hidden", "a test")
    with pytest.raises(Refused):
        set_state(viewer_of(alice), thing.id, "removed")
    with pytest.raises(Refused):
        set_state(GUEST, thing.id, "removed")
    assert set_state(viewer_of(alice), held.id, "removed").state == "removed"


def test_a_suspended_author_removes_nothing(app: Flask) -> None:
    alice = make_member()
    thing = make_contribution(alice)
    with act():
        alice.state = "suspended"

    with pytest.raises(Refused):
        set_state(viewer_of(alice), thing.id, "removed")


def test_a_member_removes_and_brings_back_from_the_page(browser: Browser) -> None:
    alice = make_member()
    thing = make_contribution(alice)
    browser.sign_in(alice)

    browser.page(f"/c/{thing.id}/remove")
    assert browser.post(f"/c/{thing.id}/remove", {"reason": "x" * 401}).status_code == 422
    removed = browser.post(f"/c/{thing.id}/remove", {"reason": "Posted twice"})
    assert "For ten minutes you can bring it back." in removed.text
    db.session.expire_all()
    assert db.session.get_one(Contribution, thing.id).state == "removed"
    assert browser.post(f"/c/{thing.id}/restore").status_code == 303
    db.session.expire_all()
    assert db.session.get_one(Contribution, thing.id).state == "visible"


def test_others_do_not_get_the_page(browser: Browser) -> None:
    thing = make_contribution()

    assert browser.sign_in(make_member()).get(f"/c/{thing.id}/remove").status_code == 403
