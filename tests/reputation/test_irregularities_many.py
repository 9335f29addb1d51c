"""Hundreds of findings, rings of many people and organizations: pages cost the same, and somebody can judge."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import TYPE_CHECKING

import pytest

from iocop.core import clock
from iocop.core.db import act
from iocop.reputation import policy
from iocop.reputation.models import Irregularity, IrregularityParty
from iocop.reputation.queries.irregularities import Given
from iocop.reputation.services import writing
from tests.factories import make_member, make_organization, saved, viewer_of
from tests.forums.factories import make_domain
from tests.people import belong, officer, person
from tests.reputation.ledgers import NOON, an_act, balance, differences, make_community, make_things
from tests.search.factories import statements

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iocop.members.models import Member
    from tests.client import Browser

pytestmark = pytest.mark.usefixtures("app")

MANY = 300


def made_case(members: Sequence[Member], number: int = 0) -> Irregularity:
    now = clock.now() - timedelta(hours=number)
    row = saved(
        Irregularity(
            kind="ring", key=f"case {number}", found_at=now, state="told", told_at=now,
            evidence={
                "pairs": [[one.id, other.id, 4] for one, other in permutations(members, 2)],
                "inside": {str(one.id): [12, 12] for one in members},
            },
        )
    )  # fmt: skip
    for one in members:
        saved(IrregularityParty(irregularity_id=row.id, member_id=one.id))
    return row


def cost(browser: Browser, path: str) -> int:
    browser.page(path)
    with statements() as seen:
        browser.page(path)
    return len(seen)


def test_the_queue_costs_the_same_with_three_hundred_findings_and_each_is_on_one_of_its_pages(
    browser: Browser,
) -> None:
    moderator, one = officer(make_member(), "moderator"), make_member()
    made_case([one])
    browser.sign_in(moderator)
    few = cost(browser, "/moderation/irregularities")
    with act():
        for number in range(1, MANY):
            made_case([one], number)

    assert cost(browser, "/moderation/irregularities") == few
    assert cost(browser, "/moderation/irregularities?page=15") == few
    listed = {
        link["href"]
        for number in range(1, 16)
        for link in browser.page(f"/moderation/irregularities?page={number}").select(
            'main li a[href^="/moderation/irregularities/"]'
        )
    }
    assert len(listed) == MANY


def test_the_page_of_a_ring_costs_the_same_however_many_are_in_it(browser: Browser) -> None:
    moderators = [
        officer(person(f"Mod{n}", make_organization(), f"mod{n}.example"), "moderator") for n in (1, 2)
    ]
    people = [person(f"Ada{n}", make_organization(), f"ada{n}.example") for n in range(16)]
    small, large = made_case(people[:4], 1), made_case(people, 2)

    browser.sign_in(moderators[0])
    assert cost(browser, f"/moderation/irregularities/{small.id}") == cost(
        browser, f"/moderation/irregularities/{large.id}"
    )


def test_a_colleague_of_somebody_concerned_judges_only_where_every_moderator_is_one() -> None:
    """Each would else be refused because of the other, and a ring of many organizations never be judged."""
    acme, beta, other = (make_organization() for _ in range(3))
    one, two = person("Ada", acme, "acme.example"), person("Ben", beta, "beta.example")
    judge, second = officer(person("Mia", acme), "moderator"), officer(person("Max", beta), "moderator")
    row = made_case([one, two])

    assert policy.may_judge_irregularity(viewer_of(judge), row)
    assert policy.may_judge_irregularity(viewer_of(second), row)

    third = make_member()
    belong(third, other)
    officer(third, "moderator")
    refusal = policy.may_judge_irregularity(viewer_of(judge), row)
    assert not refusal
    assert "colleague" in str(refusal.reason)
    assert policy.may_judge_irregularity(viewer_of(third), row)


def test_taking_back_opens_each_members_book_once() -> None:
    make_community(NOON.date())
    domain = make_domain().id
    people = [make_member() for _ in range(4)]
    things = {one.id: make_things(one, 5) for one in people}
    given = [(one, other, thing) for one, other in permutations(people, 2) for thing in things[one.id]]
    writing.record([an_act(one, other, thing, (domain,)) for one, other, thing in given])
    gifts = [Given(thing, other.id, one.id) for one, other, thing in given]

    with statements() as some:
        writing.reverse_given(gifts[:40], "irregular", clock.now())
    with statements() as seen:
        writing.reverse_given(gifts, "irregular", clock.now())

    assert len(seen) <= len(some) <= 80
    assert [balance(one, domain).earned_mp for one in people] == [0] * 4
    assert differences() == []
