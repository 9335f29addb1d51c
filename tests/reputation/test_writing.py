"""What enters the ledger: once, exactly undone, brought back as it was."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from iocop.core.db import db
from iocop.core.models import EventRow
from iocop.members.models import Member
from iocop.reputation.services import writing
from iocop.reputation.services.writing import Tie
from tests.factories import make_member, make_organization
from tests.forums.factories import make_domain
from tests.reputation.ledgers import (
    NOON,
    amounts,
    an_act,
    balance,
    differences,
    ledger_of,
    make_community,
    make_thing,
    make_things,
)

LATER = NOON + timedelta(hours=3)


@pytest.fixture
def anna(app: Flask) -> Member:
    make_community(NOON.date())
    return make_member()


@pytest.fixture
def ben(anna: Member) -> Member:
    return make_member()


@pytest.fixture
def controls(anna: Member) -> int:
    return make_domain().id


def test_an_endorsement_by_a_stranger_of_another_organization_brings_its_base(
    anna: Member, ben: Member, controls: int
) -> None:
    group = make_organization()
    tie = Tie("apart", organization_id=group.id, group_id=group.id)

    writing.record([an_act(anna, ben, make_thing(anna), (controls,), tie=tie)])

    (row,) = ledger_of(anna)
    assert (row.amount_mp, row.base_mp, row.rule_version) == (5_000, 10_000, 1)
    assert row.factors == {"domains": 1, "org": "apart", "pair": 1, "mutual": 0, "item": 1, "level": 0}
    kept = balance(anna, controls)
    assert (kept.earned_mp, kept.settled_mp, kept.organizations) == (5_000, 5_000, 1)
    assert differences() == []


def test_an_act_in_two_domains_is_divided_among_them(anna: Member, ben: Member, controls: int) -> None:
    hydronics = make_domain(name="Hydronics").id

    writing.record([an_act(anna, ben, make_thing(anna), (controls, hydronics))])

    assert amounts(anna) == [2_500, 2_500]
    assert differences() == []


def test_what_is_told_twice_is_entered_once(anna: Member, ben: Member, controls: int) -> None:
    happened = an_act(anna, ben, make_thing(anna), (controls,))

    writing.record([happened, happened])
    writing.record([happened])

    assert amounts(anna) == [5_000]


def test_nobody_gives_themselves_anything(anna: Member, controls: int) -> None:
    writing.record([an_act(anna, anna, make_thing(anna), (controls,), rule="answer_accepted")])

    assert amounts(anna) == []


def test_withdrawing_undoes_exactly_and_endorsing_again_brings_back_the_same(
    anna: Member, ben: Member, controls: int
) -> None:
    source_id = make_thing(anna)
    happened = an_act(anna, ben, source_id, (controls,))
    writing.record([happened])

    writing.reverse(source_id, "withdrawn", LATER, rule="answer_endorsed", actor_id=ben.id)
    assert (balance(anna, controls).earned_mp, balance(anna, controls).settled_mp) == (0, 0)
    writing.record([happened._replace(at=LATER)])

    assert amounts(anna) == [5_000, -5_000, 5_000]
    assert [row.because for row in ledger_of(anna)] == ["", "withdrawn", "restored"]
    assert balance(anna, controls).settled_mp == 5_000
    assert differences() == []


def test_removing_restoring_and_removing_again_nets_nothing(anna: Member, ben: Member, controls: int) -> None:
    source_id = make_thing(anna)
    writing.record([an_act(anna, ben, source_id, (controls,))])

    writing.reverse(source_id, "removed", LATER)
    writing.restore(source_id, LATER, keep=lambda _row: True)
    writing.reverse(source_id, "removed", LATER)

    assert sum(amounts(anna)) == 0
    assert (balance(anna, controls).earned_mp, balance(anna, controls).settled_mp) == (0, 0)
    assert differences() == []


def test_what_no_longer_stands_is_not_restored(anna: Member, ben: Member, controls: int) -> None:
    source_id, charlie = make_thing(anna), make_member()
    writing.record([an_act(anna, each, source_id, (controls,)) for each in (ben, charlie)])
    writing.reverse(source_id, "removed", LATER)

    writing.restore(source_id, LATER, keep=lambda row: row.actor_id == charlie.id)

    assert [row.actor_id for row in ledger_of(anna) if row.because == "restored"] == [charlie.id]
    assert differences() == []


def test_what_was_irregular_stays_undone_however_often_it_is_given_again(
    anna: Member, ben: Member, controls: int
) -> None:
    source_id = make_thing(anna)
    happened = an_act(anna, ben, source_id, (controls,))
    writing.record([happened])
    writing.reverse(source_id, "irregular", LATER, actor_id=ben.id, member_id=anna.id)

    writing.record([happened._replace(at=LATER)])
    writing.restore(source_id, LATER, keep=lambda _row: True)

    assert sum(amounts(anna)) == 0


def test_what_a_removal_cost_outlives_the_removal_until_it_is_named(anna: Member, controls: int) -> None:
    source_id = make_thing(anna)
    writing.record([an_act(anna, None, source_id, (controls,), rule="content_removed")])

    writing.reverse(source_id, "removed", LATER)
    assert balance(anna, controls).settled_mp == -50_000
    writing.reverse(source_id, "restored", LATER, rule="content_removed")

    assert balance(anna, controls).settled_mp == 0
    assert differences() == []


def test_the_second_endorsement_by_the_same_person_counts_by_the_root_of_two(
    anna: Member, ben: Member, controls: int
) -> None:
    first, second = make_things(anna, 2)

    writing.record([an_act(anna, ben, source_id, (controls,)) for source_id in (first, second)])

    assert amounts(anna) == [5_000, 3_536]


def test_an_endorsement_that_repays_counts_less(anna: Member, ben: Member, controls: int) -> None:
    writing.record([an_act(ben, anna, make_thing(ben), (controls,))])

    writing.record([an_act(anna, ben, make_thing(anna), (controls,), at=LATER)])

    assert amounts(anna) == [4_167]


def test_endorsements_bring_at_most_200_points_a_day(anna: Member, controls: int) -> None:
    tie = Tie("apart")
    happened = [
        an_act(anna, make_member(), source_id, (controls,), tie=tie) for source_id in make_things(anna, 42)
    ]

    writing.record(happened)

    assert sum(amounts(anna)) == 200_000
    assert ledger_of(anna)[-1].factors["most"] == 0
    writing.record([happened[0]._replace(source_id=make_thing(anna), at=NOON + timedelta(days=1))])
    assert sum(amounts(anna)) > 200_000


def test_a_doubt_cannot_bring_a_newcomer_below_nothing(anna: Member, ben: Member, controls: int) -> None:
    source_id, other = make_things(anna, 2)
    writing.record([an_act(anna, ben, source_id, (controls,))])
    doubts = [
        an_act(anna, make_member(), other, (controls,), rule="answer_doubted", newcomer=True)
        for _ in range(4)
    ]

    writing.record(doubts)

    assert balance(anna, controls).settled_mp == 0
    assert differences() == []


def test_whose_standing_moved_is_told(anna: Member, ben: Member, controls: int) -> None:
    writing.record([an_act(anna, ben, make_thing(anna), (controls,))])

    told = db.session.scalars(select(EventRow).where(EventRow.name == "StandingChanged")).one()
    assert told.payload == {"actor_id": None, "member_id": anna.id, "domain_ids": [controls]}
