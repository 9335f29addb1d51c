"""`iocop reputation replay`: the ledger entered anew says what differs."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from iocop.core import clock
from iocop.core.db import Model, act, db
from iocop.members.models import Member
from iocop.organizations.models import Organization
from iocop.reputation.models import Balance, DayBalance, LedgerRow, Settlement
from iocop.reputation.services import replaying, writing
from iocop.reputation.services.rules import change_rule
from iocop.reputation.services.writing import Act, Tie
from tests.factories import make_member, make_organization, viewer_of
from tests.forums.factories import make_domain
from tests.people import officer
from tests.reputation.ledgers import a_decision, an_act, balance, differences, make_thing

BEGAN = datetime(2026, 1, 5, 8, tzinfo=UTC)
RULES = ("answer_endorsed", "answer_endorsed", "answer_accepted", "answer_doubted", "article_approved")


@dataclass
class Place:
    members: list[Member]
    organizations: list[Organization]
    domains: list[int]
    things: dict[int, Member]


@pytest.fixture
def place(app: Flask) -> Place:
    members = [make_member() for _ in range(5)]
    things = {make_thing(members[number % 3]): members[number % 3] for number in range(6)}
    domains = [make_domain(name=name).id for name in ("Controls", "Hydronics")]
    return Place(members, [make_organization() for _ in range(3)], domains, things)


def live(place: Place, rng: random.Random, steps: int) -> None:
    """Do things at random through the services."""
    at, acts = BEGAN, []
    for _ in range(steps):
        at += timedelta(hours=rng.choice((1, 7, 26, 24 * 50)))
        thing, author = rng.choice(list(place.things.items()))
        actor, group = (
            rng.choice(place.members),
            rng.choice((None, *(each.id for each in place.organizations))),
        )
        step = rng.choice(("give", "give", "give", "again", "withdraw", "remove", "restore", "irregular"))
        if step == "give":
            acts.append(
                Act(
                    rng.choice(RULES), author.id, tuple(rng.sample(place.domains, rng.choice((1, 2)))), thing,
                    actor.id, Tie("apart" if group else "unproved", group, group), at, newcomer=True, approvers=2,
                )
            )  # fmt: skip
            writing.record(acts[-1:])
        elif step == "again" and acts:
            writing.record([each._replace(at=at) for each in rng.sample(acts, 1)])
        elif step == "withdraw":
            writing.reverse(thing, "withdrawn", at, actor_id=actor.id)
        elif step in {"remove", "irregular"}:
            writing.reverse(thing, {"remove": "removed"}.get(step, step), at)
        elif step == "restore":
            writing.restore(thing, at, keep=lambda row: row.id % 3 > 0)


def found(*, check: bool = True) -> list[str]:
    db.session.expire_all()
    return [each.words for step in replaying.replay(check=check) for each in step.found]


def test_random_histories_through_the_services_are_what_a_replay_gives(place: Place) -> None:
    for seed in range(25):
        live(place, random.Random(seed), 8)

    assert found() == []
    assert differences() == []
    assert replaying.count() > 50


def test_a_rules_new_value_holds_from_its_day_and_a_replay_knows_both(place: Place) -> None:
    (thing, author), *_ = place.things.items()
    alice = officer(make_member(), "administrator")
    since = clock.now() + timedelta(days=1)
    change_rule(viewer_of(alice), "answer_endorsed", 20, since, a_decision())
    group = place.organizations[0].id
    tie = Tie("apart", group, group)
    before, after = (
        an_act(author, actor, thing, (place.domains[0],), tie=tie, at=at)
        for actor, at in zip(place.members[3:5], (since - timedelta(hours=1), since), strict=True)
    )

    writing.record([before, after])

    rows = db.session.execute(select(LedgerRow.rule_version, LedgerRow.base_mp).order_by(LedgerRow.id)).all()
    assert [tuple(row) for row in rows] == [(1, 10_000), (2, 20_000)]
    assert found() == []


def tampered(place: Place) -> None:
    author = place.members[0]
    mine = [thing for thing, member in place.things.items() if member is author]
    writing.record([an_act(author, place.members[4], thing, (place.domains[0],)) for thing in mine])
    assert found() == []


def change(statement: object) -> None:
    with act() as session:
        session.execute(statement)  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("model", "values", "words"),
    [
        (LedgerRow, {"amount_mp": LedgerRow.amount_mp + 1}, "its factors give something else"),
        (LedgerRow, {"rule_version": 2}, "its factors give something else"),
        (Settlement, {"amount_mp": Settlement.amount_mp + 1}, "it let settle"),
        (Balance, {"settled_mp": Balance.settled_mp + 1}, "the balance differs"),
        (Balance, {"standing_mp": 7}, "the balance differs"),
        (Balance, {"organizations": 9}, "the balance differs"),
        (DayBalance, {"settled_mp": DayBalance.settled_mp - 1}, "differs"),
    ],
)
def test_whatever_was_tampered_with_is_found(
    place: Place, model: type[Model], values: dict[str, object], words: str
) -> None:
    tampered(place)

    change(update(model).values(values))

    assert any(words in line for line in found())


def test_a_settlement_and_a_sum_that_are_gone_are_missed(place: Place) -> None:
    tampered(place)

    change(delete(Settlement))
    assert any("it let settle []" in line for line in found())
    change(delete(Balance))

    assert any("the balance differs" in line for line in found())


def test_a_row_that_undoes_nothing_is_found(place: Place) -> None:
    tampered(place)
    first = db.session.scalars(select(LedgerRow.id).order_by(LedgerRow.id)).first()

    change(update(LedgerRow).where(LedgerRow.id == first).values(reverses_id=first))

    assert any("not there" in line for line in found())


def test_the_command_says_how_many_rows_and_exits_well_when_nothing_differs(app: Flask, place: Place) -> None:
    tampered(place)

    result = app.test_cli_runner().invoke(args=["reputation", "replay", "--check"])

    assert result.exit_code == 0
    assert "0 differences" in result.output


def test_the_command_changes_nothing_when_it_checks_and_mends_balances_when_not(
    app: Flask, place: Place
) -> None:
    tampered(place)
    author, domain_id = place.members[0], place.domains[0]
    right = balance(author, domain_id).settled_mp
    change(update(Balance).values(settled_mp=1, accepted=3))
    runner = app.test_cli_runner()

    checked = runner.invoke(args=["reputation", "replay", "--check"])
    assert (checked.exit_code, balance(author, domain_id).settled_mp) == (1, 1)
    mended = runner.invoke(args=["reputation", "replay"])

    assert mended.exit_code == 0
    assert (balance(author, domain_id).settled_mp, balance(author, domain_id).accepted) == (right, 3)
    assert found() == []


def test_what_is_wrong_in_the_rows_themselves_stays_and_the_command_fails(app: Flask, place: Place) -> None:
    tampered(place)
    change(update(LedgerRow).values(amount_mp=LedgerRow.amount_mp + 1))

    result = app.test_cli_runner().invoke(args=["reputation", "replay"])

    assert result.exit_code == 1
