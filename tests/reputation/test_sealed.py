"""What a member gives without their name brings points that they alone see, and moves nothing that others see."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from iocop.core import clock
from iocop.core.db import db
from iocop.forums.services import accept_answer
from iocop.members.numbers import shown
from iocop.moderation import services as moderation
from iocop.reputation.book import Act, Book, Tie, Worth
from iocop.reputation.models import Balance, Rung
from iocop.reputation.queries.asking import suggestions
from iocop.reputation.queries.irregularities import endorsements
from iocop.reputation.rules import DAILY_MOST, POINT
from iocop.reputation.settling import caps
from tests.contributions.factories import make_office
from tests.factories import make_member, make_organization, viewer_of
from tests.forums.factories import make_answer, make_domain, make_topic
from tests.people import cast, person
from tests.reputation.ledgers import NOON, balance, differences, ledger_of, make_community
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


def test_who_endorses_an_answer_without_a_name_learns_nothing_from_what_a_signed_one_earns() -> None:
    """Endorsing the same person a second time brings less, and so does a day's limit: neither may tell whose it is."""
    make_community(clock.now().date())
    people, domain = cast(), make_domain()
    curious = person("Carla Cedar", make_organization(), "carla.example")
    others = [person(f"Other{n}", make_organization(), f"other{n}.example") for n in range(6)]
    hidden, signed = (
        make_answer(make_topic(domain_ids=[domain.id]), author=people.alice, byline=byline)
        for byline in ("sealed", "named")
    )
    hers = make_answer(make_topic(domain_ids=[domain.id]), author=curious, byline="sealed")
    helpful(people.alice, hers)  # and that she endorsed it in turn
    for voter in (curious, *others):
        helpful(voter, hidden)
    helpful(curious, signed)
    told()

    (row,) = [each for each in ledger_of(people.alice) if each.source_id == signed.id]
    assert (row.factors["pair"], row.factors["mutual"], row.factors["item"]) == (1, 0, 1)
    assert row.amount_mp == 5_000  # as a newcomer's first endorsement brings

    told_apart = [each.factors for each in ledger_of(people.alice) if each.source_id == hidden.id]
    assert [factors["item"] for factors in told_apart] == [1, 2, 3, 4, 5, 6, 7]


def test_a_days_limit_and_a_newcomers_floor_take_no_notice_of_what_has_no_name() -> None:
    book = Book(1, lambda _day: caps(40, 200), count(1).__next__)
    worth = Worth(1, 10 * POINT)

    def given(source: int, actor: int, **about: Any) -> Act:
        usual: dict[str, Any] = {
            "rule": "answer_endorsed",
            "tie": Tie("apart"),
            "at": NOON,
            "source_id": source,
        }
        return Act(member_id=1, domain_ids=(1,), actor_id=actor, **usual | about)

    for number in range(30):
        book.record(given(number, 100 + number, sealed=True), worth, {1: 1}, 0)
    assert book.chains.brought_on(NOON.date(), sealed=True) == DAILY_MOST
    book.record(given(99, 200), worth, {1: 1}, 0)
    book.record(given(98, 201, rule="answer_doubted", newcomer=True), Worth(1, -25 * POINT), {1: 1}, 0)

    signed = [entry for entry in book.entered if "sealed" not in entry.factors]
    assert [entry.amount_mp for entry in signed] == [10_000, -10_000]
    assert [entry.factors.get("shield") for entry in signed] == [None, 10_000]


def test_what_has_no_name_takes_no_more_of_a_day_than_is_left() -> None:
    book = Book(1, lambda _day: caps(40, 200), count(1).__next__)
    for number in range(25):
        act = Act("answer_endorsed", 1, (1,), number, 100 + number, Tie("apart"), NOON, sealed=number > 15)
        book.record(act, Worth(1, 10 * POINT), {1: 1}, 0)

    assert sum(entry.amount_mp for entry in book.entered) == DAILY_MOST
