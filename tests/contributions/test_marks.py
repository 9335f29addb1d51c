"""Helpful, works here, outdated: who may, what is shown, and that the numbers never drift."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from iocop.contributions.marks import MARKS
from iocop.contributions.models import Contribution, Mark
from iocop.contributions.queries import own_marks, signed_marks
from iocop.contributions.services import mark, set_state, withdraw_mark
from iocop.core.db import db
from iocop.core.errors import Invalid, Missing, Refused
from iocop.core.login import GUEST
from tests.contributions.factories import affiliate, make_contribution, make_office, make_space
from tests.contributions.test_contribute import events, in_parallel
from tests.factories import make_member, make_organization, viewer_of

if TYPE_CHECKING:
    from flask import Flask

    from tests.client import Browser

CONTEXT: dict[str, dict[str, str]] = {
    "helpful": {},
    "works_here": {"version": "4.2", "conditions": "Two boilers"},
    "outdated": {"reason": "The standard changed"},
}


def numbers(thing: Contribution) -> tuple[int, int, int]:
    db.session.expire_all()
    return thing.helpful, thing.works_here, thing.outdated


def recounted(contribution_id: int) -> tuple[int, int, int]:
    """Count in Python what the rows say."""
    live = [
        row
        for row in db.session.scalars(select(Mark).where(Mark.contribution_id == contribution_id))
        if row.withdrawn_at is None
    ]
    groups = {row.org_group_id for row in live if row.kind == "works_here"} - {None}
    helpful = sum(row.value for row in live if row.kind == "helpful")
    return helpful, len(groups), sum(row.kind == "outdated" for row in live)


def test_helpful_is_counted_and_secret(app: Flask) -> None:
    thing, bob = make_contribution(), make_member()

    mark(viewer_of(bob), thing.id, "helpful")

    assert numbers(thing) == (1, 0, 0)
    assert signed_marks(thing.id) == []
    assert own_marks(bob.id, [thing.id]) == {thing.id: frozenset({"helpful"})}
    assert own_marks(0, [thing.id]) == {}


def test_a_signed_mark_shows_who_from_where_and_under_which_conditions(app: Flask) -> None:
    thing, bob, firm = make_contribution(), make_member(), make_organization()
    affiliate(bob, firm, evidence="email")

    mark(viewer_of(bob), thing.id, "works_here", CONTEXT["works_here"])

    (signed,) = signed_marks(thing.id)
    assert (signed.name, signed.organization, signed.evidence) == (bob.name, firm.name, "email")
    assert signed.context == {"version": "4.2", "conditions": "Two boilers"}


def test_works_here_counts_organizations_not_people(app: Flask) -> None:
    thing, firm = make_contribution(), make_organization()
    colleagues, alone = [make_member(), make_member()], make_member()
    for member in colleagues:
        affiliate(member, firm)

    for member in (*colleagues, alone):
        mark(viewer_of(member), thing.id, "works_here", CONTEXT["works_here"])

    assert numbers(thing) == (0, 1, 0)
    withdraw_mark(viewer_of(colleagues[0]), thing.id, "works_here")
    assert numbers(thing) == (0, 1, 0)
    withdraw_mark(viewer_of(colleagues[1]), thing.id, "works_here")
    assert numbers(thing) == (0, 0, 0)


def test_marking_twice_counts_once_and_a_withdrawn_mark_can_be_given_again(app: Flask) -> None:
    thing, bob = make_contribution(), viewer_of(make_member())

    first, second = mark(bob, thing.id, "helpful"), mark(bob, thing.id, "helpful")
    assert first.id == second.id
    withdraw_mark(bob, thing.id, "helpful")
    withdraw_mark(bob, thing.id, "helpful")
    assert numbers(thing) == (0, 0, 0)
    mark(bob, thing.id, "helpful")

    assert numbers(thing) == (1, 0, 0)
    assert (len(events("Marked")), len(events("MarkWithdrawn"))) == (2, 1)


def test_two_presses_at_once_make_one_mark(app: Flask) -> None:
    thing, bob = make_contribution(), viewer_of(make_member())
    thing_id = thing.id

    found = in_parallel(app, *[lambda: mark(bob, thing_id, "helpful").id] * 2)

    assert found[0] == found[1]
    assert numbers(thing) == recounted(thing_id) == (1, 0, 0)


def test_an_author_says_only_that_an_own_text_is_outdated(app: Flask) -> None:
    alice = make_member()
    thing = make_contribution(alice)

    for kind in ("helpful", "works_here"):
        with pytest.raises(Refused):
            mark(viewer_of(alice), thing.id, kind, CONTEXT[kind])
    mark(viewer_of(alice), thing.id, "outdated", CONTEXT["outdated"])

    assert numbers(thing) == (0, 0, 1)


def test_who_may_not_read_or_act_does_not_mark(app: Flask) -> None:
    closed = make_contribution(space_id=make_space("members").id)
    hidden = make_contribution()
    moderator = make_office(make_member())
    set_state(moderator, hidden.id, "hidden", "a test")

    for actor, thing in [
        (GUEST, closed),
        (viewer_of(make_member(state="suspended")), closed),
        (viewer_of(make_member()), hidden),
        (moderator, hidden),
    ]:
        with pytest.raises(Refused):
            mark(actor, thing.id, "helpful")
    with pytest.raises(Missing):
        mark(moderator, 10**9, "helpful")


BAD: list[tuple[str, dict[str, str]]] = [
    ("no such", {}),
    ("works_here", {}),
    ("outdated", {"reason": "  "}),
    ("outdated", {"reason": "x" * 401}),
    ("works_here", {"version": "x" * 81}),
]


@pytest.mark.parametrize(("kind", "context"), BAD)
def test_a_signed_mark_without_its_context_is_none(app: Flask, kind: str, context: dict[str, str]) -> None:
    thing = make_contribution()

    with pytest.raises(Invalid):
        mark(viewer_of(make_member()), thing.id, kind, context)

    assert recounted(thing.id) == (0, 0, 0)


steps = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(sorted(MARKS)), st.booleans()), min_size=1, max_size=10
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_after_any_history_the_numbers_are_those_of_the_rows(
    app: Flask, steps: list[tuple[int, str, bool]]
) -> None:
    people = crowd()
    thing = db.session.scalars(select(Contribution)).first()
    assert thing is not None
    for who, kind, gives in steps:
        if gives:
            mark(people[who], thing.id, kind, CONTEXT[kind])
        else:
            withdraw_mark(people[who], thing.id, kind)

        assert numbers(thing) == recounted(thing.id)


def crowd() -> list[Any]:
    """Four members, two of them colleagues, beside one contribution; made once a test."""
    from iocop.members.models import Member

    known = db.session.scalars(
        select(Member).where(Member.handle.startswith("crowd")).order_by(Member.id)
    ).all()
    if not known:
        known = [make_member(handle=f"crowd{number}") for number in range(4)]
        firm, other = make_organization(), make_organization()
        for member, employer in zip(known, (firm, firm, other), strict=False):
            affiliate(member, employer)
        make_contribution()
    return [viewer_of(member) for member in known]


def test_a_member_presses_helpful_and_presses_again(browser: Browser) -> None:
    thing = make_contribution()
    browser.sign_in(make_member())

    answer = browser.post(f"/c/{thing.id}/marks", {"kind": "helpful"})
    assert (answer.status_code, answer.location) == (303, f"/p/{thing.id}")
    assert numbers(thing)[0] == 1
    browser.post(f"/c/{thing.id}/marks", {"kind": "helpful"})
    assert numbers(thing)[0] == 0


def test_a_signed_mark_asks_first_then_stands_on_its_page(browser: Browser) -> None:
    thing, bob = make_contribution(), make_member()
    browser.sign_in(bob)

    asked = browser.post(f"/c/{thing.id}/marks", {"kind": "works_here"})
    assert asked.location == f"/c/{thing.id}/marks/works_here"
    browser.page(asked.location)
    empty = browser.post(asked.location, {"version": "", "conditions": ""})
    assert empty.status_code == 422
    assert "Say a little more" in empty.text
    browser.post(asked.location, {"version": "", "conditions": "Since March, two boilers"})

    guest = browser.fresh().page(f"/c/{thing.id}/marks")
    assert "Since March, two boilers" in guest.text
    assert bob.name in guest.text


def test_outdated_needs_its_reason_on_the_page_too(browser: Browser) -> None:
    thing = make_contribution()
    browser.sign_in(make_member())

    assert browser.post(f"/c/{thing.id}/marks/outdated", {"reason": ""}).status_code == 422
    assert browser.post(f"/c/{thing.id}/marks/outdated", {"reason": "New edition"}).status_code == 303
    assert numbers(thing) == (0, 0, 1)


def test_pages_of_marks_that_are_none(browser: Browser) -> None:
    alice = make_member()
    thing = make_contribution(alice)

    assert "Nobody has said yet" in browser.page(f"/c/{thing.id}/marks").text
    assert browser.post(f"/c/{thing.id}/marks", {"kind": "helpful"}).status_code == 401
    browser.sign_in(alice)
    assert browser.get(f"/c/{thing.id}/marks/helpful").status_code == 404
    assert browser.get(f"/c/{thing.id}/marks/liked").status_code == 404
    assert browser.get(f"/c/{thing.id}/marks/works_here").status_code == 403
    assert browser.post(f"/c/{thing.id}/marks", {"kind": "liked"}).status_code == 404
    assert browser.post(f"/c/{thing.id}/marks", {"kind": "helpful"}).status_code == 403


def test_what_a_mark_says_is_shown_as_typed(browser: Browser) -> None:
    thing = make_contribution()
    mark(viewer_of(make_member()), thing.id, "outdated", {"reason": "<script>alert(1)</script>"})

    page = BeautifulSoup(browser.get(f"/c/{thing.id}/marks").text, "html.parser")

    assert page.find("script", string="alert(1)") is None
    assert "<script>alert(1)</script>" in page.get_text()
