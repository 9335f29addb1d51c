"""What may be taken home, and the reason where it may not."""

from __future__ import annotations

import pytest

from iocop.contributions.models import Contribution
from iocop.core.db import act, db
from iocop.core.login import GUEST
from iocop.transfer.policy import may_take_home
from tests.contributions.factories import make_contribution, make_office, make_space
from tests.factories import make_member, viewer_of

pytestmark = pytest.mark.usefixtures("app")


@pytest.mark.parametrize(
    ("label", "guest", "member"),
    [
        ("public", "", ""),
        ("take-home", "join or sign in", ""),
        ("members", "join or sign in", "not take it home"),
        ("space", "join or sign in", "within its space only"),
    ],
)
def test_a_label_says_whether_it_leaves(label: str, guest: str, member: str) -> None:
    thing = make_contribution(label=label)

    for viewer, reason in ((GUEST, guest), (viewer_of(make_member()), member)):
        verdict = may_take_home(viewer, thing)
        assert bool(verdict) is not bool(reason)
        assert reason in str(verdict.reason)


def test_who_may_not_be_in_its_space_learns_nothing_of_it() -> None:
    author = make_member()
    thing = make_contribution(author, space_id=make_space("members").id, label="take-home")

    assert not may_take_home(GUEST, thing)
    assert may_take_home(viewer_of(author), thing)


def test_what_is_not_shown_is_not_taken_home_even_by_a_moderator() -> None:
    moderator = make_office(make_member())
    thing = make_contribution(label="public")
    with act():
        db.session.get_one(Contribution, thing.id).state = "hidden"

    verdict = may_take_home(moderator, thing)

    assert not verdict
    assert "not shown at the moment" in str(verdict.reason)
