"""Following, muting and how far a member has read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iocop.contributions.queries import followed, followers, read_positions, referring_to
from iocop.contributions.services import follow, mute, note_read, unfollow
from iocop.core.db import db
from iocop.core.errors import Missing, Refused
from iocop.core.login import GUEST
from tests.contributions.factories import make_contribution, make_space
from tests.contributions.test_contribute import events
from tests.factories import make_member, viewer_of

if TYPE_CHECKING:
    from flask import Flask


def test_a_member_follows_mutes_and_unfollows(app: Flask) -> None:
    bob = make_member()
    root = make_contribution()
    answer = make_contribution(parent_id=root.id)

    follow(viewer_of(bob), root.id)
    assert followed(bob.id, root.id) == "followed"
    mute(viewer_of(bob), root.id)
    assert followed(bob.id, root.id) == "muted"
    assert followers(root.id) == {bob.id: True, root.author_id: False, answer.author_id: False}
    unfollow(viewer_of(bob), root.id)
    unfollow(viewer_of(bob), root.id)

    assert followed(bob.id, root.id) == ""
    assert [event["how"] for event in events("Followed")] == ["followed", "muted", "unfollowed"]


def test_a_mute_outlives_an_own_answer(app: Flask) -> None:
    bob = make_member()
    root = make_contribution()
    mute(viewer_of(bob), root.id)

    make_contribution(bob, parent_id=root.id)

    assert followed(bob.id, root.id) == "muted"


def test_only_topics_one_may_read_are_followed(app: Flask) -> None:
    root = make_contribution()
    answer, closed = (
        make_contribution(parent_id=root.id),
        make_contribution(space_id=make_space("members").id),
    )
    bob = viewer_of(make_member())

    for target in (answer.id, 10**9):
        with pytest.raises(Missing):
            follow(bob, target)
    for actor, thing in ((GUEST, root), (GUEST, closed)):
        with pytest.raises(Refused):
            follow(actor, thing.id)


def test_reading_on_is_remembered_and_never_goes_back(app: Flask) -> None:
    bob = make_member()
    first, second = make_contribution().id, make_contribution().id

    note_read(viewer_of(bob), {first: 7, second: 2})
    note_read(viewer_of(bob), {first: 3})
    note_read(viewer_of(bob), {})
    note_read(GUEST, {first: 9})

    assert read_positions(bob.id, [first, second]) == {first: 7, second: 2}
    assert read_positions(0, [first]) == read_positions(bob.id, []) == {}


def test_a_read_mark_that_cannot_be_written_fails_no_page(app: Flask) -> None:
    bob = make_member()

    note_read(viewer_of(bob), {10**9: 1})  # no such root: the foreign key refuses

    assert read_positions(bob.id, [10**9]) == {}
    assert db.session.info.get("acting") is None


def test_what_refers_to_a_contribution_is_listed_as_far_as_one_may_read_it(app: Flask) -> None:
    thing = make_contribution()
    public = make_contribution(text=f"[see](/p/{thing.id})")
    hidden = make_contribution(text=f"[see](/p/{thing.id})", label="members")

    assert referring_to(GUEST, thing.id) == [(public.id, "linked")]
    assert referring_to(viewer_of(make_member()), thing.id) == [(public.id, "linked"), (hidden.id, "linked")]
