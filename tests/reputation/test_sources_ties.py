"""How two people stand to one another on a day: what was proved, stated, declared, merged and left."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from iocop.reputation.ties import COLLEAGUES_DAYS, Network, Relation, Spell, tie

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
TODAY = NOW.date()
DAY = timedelta(days=1)
ACME, BOREAL, GROUP, OLD = 1, 2, 3, 4

_ids = count(1)


def at_work(organization_id: int, **about: Any) -> Spell:
    """Proved, since 2020."""
    usual: dict[str, Any] = {
        "id": next(_ids), "member_id": 1, "organization_id": organization_id, "valid_from": date(2020, 1, 1),
        "valid_to": None, "recorded_at": NOW, "superseded_at": None, "is_main": True, "evidence": "email",
        "expires_at": None,
    }  # fmt: skip
    return Spell(**usual | about)


def declared(a_id: int, b_id: int, kind: str, **about: Any) -> Relation:
    usual: dict[str, Any] = {"valid_from": date(2020, 1, 1), "valid_to": None}
    return Relation(a_id=a_id, b_id=b_id, kind=kind, **usual | about)


def weight(
    giver: list[Spell], receiver: list[Spell], *relations: Relation, merged: dict[int, int] | None = None,
    conflict: bool = False,
) -> str:  # fmt: skip
    return tie(giver, receiver, Network(relations, merged or {}), NOW, conflict=conflict).weight


def test_two_proved_organizations_are_apart() -> None:
    found = tie([at_work(ACME)], [at_work(BOREAL)], Network([declared(GROUP, ACME, "parent")], {}), NOW)

    assert found == ("apart", ACME, GROUP, BOREAL)


STATED = {"evidence": "self"}
LAPSED = {"expires_at": NOW - DAY}


@pytest.mark.parametrize("about", [STATED, LAPSED], ids=["stated only", "proof ran out"])
def test_what_is_not_proved_is_no_group_of_its_own(about: dict[str, Any]) -> None:
    unproved = [at_work(ACME, **about)]

    assert tie(unproved, [at_work(BOREAL)], Network([], {}), NOW) == ("unproved", ACME, None, BOREAL)
    assert weight([at_work(BOREAL)], unproved) == "unproved"
    assert weight([], [at_work(BOREAL)]) == weight([at_work(BOREAL)], []) == weight([], []) == "unproved"


def test_what_somebody_states_holds_against_them_without_a_proof() -> None:
    assert weight([at_work(ACME, **STATED)], [at_work(ACME)]) == "together"
    assert weight([at_work(ACME)], [at_work(ACME, **STATED)]) == "together"


def test_one_of_several_employers_is_enough() -> None:
    several = [at_work(ACME), at_work(BOREAL, is_main=False)]

    assert weight(several, [at_work(BOREAL)]) == "together"
    assert tie(several, [], Network([], {}), NOW).organization_id == ACME
    unproved_main = [at_work(ACME, **STATED), at_work(BOREAL, is_main=False)]
    assert tie(unproved_main, [], Network([], {}), NOW)[1:3] == (BOREAL, BOREAL)


def test_a_group_is_one_organization_while_its_relation_holds() -> None:
    ours = [declared(GROUP, ACME, "parent"), declared(GROUP, BOREAL, "parent")]
    sold = [ours[0], declared(GROUP, BOREAL, "parent", valid_to=TODAY)]

    assert weight([at_work(ACME)], [at_work(BOREAL)], *ours) == "together"
    assert weight([at_work(ACME)], [at_work(GROUP)], *ours) == "together"
    assert weight([at_work(ACME)], [at_work(BOREAL)], *sold) == "colleagues_before"


def test_a_circle_of_parents_ends() -> None:
    circle = (declared(ACME, BOREAL, "parent"), declared(BOREAL, ACME, "parent"))

    assert weight([at_work(ACME)], [at_work(OLD)], *circle) == "apart"


def test_records_that_were_merged_are_one() -> None:
    assert weight([at_work(OLD)], [at_work(ACME)], merged={OLD: ACME}) == "together"


@pytest.mark.parametrize("kind", ["supplier", "customer", "competitor", "successor"])
def test_whoever_deals_with_one_another_has_an_interest(kind: str) -> None:
    for relation in (declared(ACME, BOREAL, kind), declared(BOREAL, ACME, kind)):
        assert weight([at_work(ACME)], [at_work(BOREAL)], relation) == "interest"
        assert weight([at_work(ACME, **STATED)], [at_work(BOREAL)], relation) == "interest"
        assert weight([at_work(ACME)], [at_work(OLD)], relation) == "apart"
        assert weight([], [at_work(BOREAL)], relation) == "unproved"


def test_a_relation_counts_on_its_days_and_for_the_whole_group() -> None:
    over = declared(ACME, BOREAL, "supplier", valid_to=TODAY)
    coming = declared(ACME, BOREAL, "supplier", valid_from=TODAY + DAY)
    of_group = (declared(GROUP, ACME, "parent"), declared(GROUP, BOREAL, "supplier"))

    assert weight([at_work(ACME)], [at_work(BOREAL)], over, coming) == "apart"
    assert weight([at_work(ACME)], [at_work(BOREAL)], *of_group) == "interest"


def test_a_declared_conflict_is_an_interest_but_a_colleague_stays_one() -> None:
    assert weight([at_work(ACME)], [at_work(BOREAL)], conflict=True) == "interest"
    assert weight([at_work(ACME)], [at_work(ACME)], conflict=True) == "together"


def moved(days_ago: int) -> list[Spell]:
    """Somebody who went from Acme to Boreal so many days ago."""
    day = TODAY - days_ago * DAY
    return [at_work(ACME, valid_to=day, is_main=False), at_work(BOREAL, valid_from=day)]


def test_who_left_within_a_year_was_a_colleague() -> None:
    stayed = [at_work(ACME)]

    assert weight(moved(0), stayed) == weight(stayed, moved(0)) == "colleagues_before"
    assert weight(moved(COLLEAGUES_DAYS - 1), stayed) == "colleagues_before"  # the last day was a year ago
    assert weight(moved(COLLEAGUES_DAYS), stayed) == "apart"


def test_who_came_after_the_other_left_was_no_colleague() -> None:
    came_later = [at_work(ACME, valid_from=TODAY - 10 * DAY)]

    assert weight(moved(20), came_later) == "apart"
    assert weight(moved(10), came_later) == "apart"  # the last day of one is before the first of the other


def test_a_group_that_formed_later_makes_nobody_a_former_colleague() -> None:
    left = [at_work(ACME, valid_to=TODAY - 100 * DAY)]
    bought = declared(GROUP, ACME, "parent", valid_from=TODAY - 50 * DAY)

    assert weight([*left, at_work(OLD, valid_from=TODAY - 100 * DAY)], [at_work(GROUP)], bought) == "apart"


def test_a_weekend_between_two_jobs_is_bridged() -> None:
    between = [
        at_work(ACME, valid_to=TODAY - DAY),
        at_work(BOREAL, valid_from=TODAY + DAY),
    ]

    assert tie(between, [], Network([], {}), NOW).organization_id == ACME
    assert tie(between[:1], [], Network([], {}), NOW).organization_id is None
