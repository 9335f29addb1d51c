"""What a member gives without their name brings points that they alone see, and moves nothing that others see."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iocop.core import clock
from iocop.core.db import db
from iocop.forums.services import accept_answer
from iocop.members.numbers import shown
from iocop.moderation import services as moderation
from iocop.reputation.models import Balance, Rung
from iocop.reputation.queries.asking import suggestions
from iocop.reputation.queries.irregularities import endorsements
from tests.contributions.factories import make_office
from tests.factories import make_member, make_organization, viewer_of
from tests.forums.factories import make_answer, make_domain, make_topic
from tests.people import cast, person
from tests.reputation.ledgers import balance, differences, make_community
from tests.reputation.test_sources import helpful, told

if TYPE_CHECKING:
    from iocop.contributions.models import Contribution
    from iocop.domains.models import Domain
    from iocop.members.models import Member
    from tests.client import Browser

pytestmark = pytest.mark.usefixtures("app")


def answered(author: Member, domain: Domain, byline: str) -> Contribution:
    """An accepted answer that six people of six organizations found helpful."""
    asker = make_member()
    topic = make_topic(author=asker, domain_ids=[domain.id])
    answer = make_answer(topic, author=author, byline=byline)
    for number in range(6):
        name = f"Voter{byline[0]}{number}"
        helpful(person(name, make_organization(), f"{name.lower()}.example"), answer)
    accept_answer(viewer_of(asker), topic.id, answer.id)
    told()
    return answer


def test_it_lifts_nobody_on_a_ladder_nor_among_those_to_ask() -> None:
    make_community(clock.now().date())
    people, domain = cast(), make_domain()
    answered(people.alice, domain, "sealed")

    kept = balance(people.alice, domain.id)
    assert kept.settled_mp == kept.earned_mp > 20_000  # at once: nothing of it can dominate anything
    assert (kept.standing_mp, kept.organizations, kept.accepted) == (0, 0, 0)
    assert db.session.get(Rung, (people.alice.id, domain.id)) is None
    assert suggestions(viewer_of(people.charlie), [domain.id]) == []
    assert endorsements(clock.now()) == {}
    assert differences() == []


def test_the_same_with_the_name_does() -> None:
    make_community(clock.now().date())
    people, domain = cast(), make_domain()
    answered(people.alice, domain, "named")

    kept = balance(people.alice, domain.id)
    assert kept.organizations == 6
    assert kept.standing_mp == kept.settled_mp > 20_000
    assert db.session.get_one(Rung, (people.alice.id, domain.id)).level == 1
    assert [each.member_id for each in suggestions(viewer_of(people.charlie), [domain.id])] == [
        people.alice.id
    ]
    assert set(endorsements(clock.now()).values()) == {1}


def test_what_settles_of_signed_answers_does_not_hang_on_what_has_no_name() -> None:
    """More settled points let each organization settle more: others could read that from the figures."""
    make_community(clock.now().date())
    people, domain = cast(), make_domain()
    colleagues = [person(f"One{number}", people.acme) for number in range(3)]
    signed = make_answer(make_topic(domain_ids=[domain.id]), author=people.alice)
    for colleague in colleagues:
        helpful(colleague, signed)
    before = balance(people.alice, domain.id).standing_mp

    answered(people.alice, domain, "sealed")

    assert balance(people.alice, domain.id).standing_mp == before


def test_removed_for_breaking_rules_it_costs_what_nobody_else_sees() -> None:
    people, domain = cast(), make_domain()
    answer = answered(people.alice, domain, "sealed")
    moderator = make_office(make_member())
    moderation.rule(moderator, answer.id, "remove", "It advertises.")
    told()

    kept = balance(people.alice, domain.id)
    assert (kept.settled_mp, kept.standing_mp) == (-50_000, 0)
    assert differences() == []


def test_the_own_page_says_so_beside_each_event(browser: Browser) -> None:
    make_community(clock.now().date())
    people, domain = cast(), make_domain()
    answered(people.alice, domain, "sealed")

    main = browser.sign_in(people.alice).page("/standing").select_one("main")
    assert main is not None
    assert "given without your name: for you alone, and for no level" in main.get_text(" ")
    others = browser.fresh().sign_in(people.charlie).page(f"/id/{shown(people.alice.number)}/standing")
    assert "No standing yet" in others.get_text(" ")
    assert db.session.get_one(Balance, (people.alice.id, domain.id)).settled_mp > 0
