"""Members on their ladders: up at once, down after a notice, once a year; what a policy is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from sqlalchemy import event, select

from iocop.core.db import act, db
from iocop.core.events import emit
from iocop.core.models import EventRow
from iocop.core.policy import fact
from iocop.reputation import jobs
from iocop.reputation.events import StandingChanged
from iocop.reputation.models import Balance, RungChange
from iocop.reputation.services import fading
from iocop.reputation.services.laddering import look
from iocop.roles.models import RoleGrant
from tests.factories import make_member, saved
from tests.forums.factories import make_domain
from tests.people import officer
from tests.reputation.standing import community, earn, level_of, rung_of, stand, steps_of

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.usefixtures("app")

BEGAN = datetime(2026, 1, 5, 12, tzinfo=UTC)


@pytest.fixture
def clock_at() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(BEGAN, tick=False) as coordinates:
        yield coordinates


def told(name: str) -> list[dict[str, Any]]:
    rows = db.session.scalars(select(EventRow.payload).where(EventRow.name == name).order_by(EventRow.id))
    return list(rows)


def nights(clock_at: time_machine.Traveller, first: int, last: int) -> None:
    """Let the nights from one day to another pass, counted from the beginning: every fifth, and the last."""
    for day in [*range(first, last, 5), last]:
        clock_at.move_to(BEGAN + timedelta(days=day))
        jobs.fade()


@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_who_fulfils_a_levels_conditions_has_it_at_once(level: int) -> None:
    member, domain = make_member(), make_domain()
    earn(member, domain, level)

    with act():
        emit(StandingChanged(None, member_id=member.id, domain_ids=(domain.id,)))

    assert level_of(member, domain) == level
    assert steps_of(member) == [(0, level, "reached")]
    assert told("LevelReached") == [
        {"actor_id": None, "member_id": member.id, "domain_id": domain.id, "level": level}
    ]
    evidence = db.session.scalars(select(RungChange.evidence)).one()
    balance = db.session.get_one(Balance, (member.id, domain.id))
    assert evidence == {
        name: getattr(balance, name) for name in ("standing_mp", "organizations", "accepted", "contested")
    }


def test_looking_again_changes_nothing_and_who_has_nothing_has_no_rung() -> None:
    member, stranger, domain = make_member(), make_member(), make_domain()
    earn(member, domain, 2)

    for _again in range(3):
        look(member.id, domain.id)
        look(stranger.id, domain.id)

    assert steps_of(member) == [(0, 2, "reached")]
    assert rung_of(stranger, domain) is None


def test_a_level_counts_in_its_own_domain_alone() -> None:
    member, here, there = make_member(), make_domain(), make_domain(name="Law")
    earn(member, here, 3)

    look(member.id, here.id)
    look(member.id, there.id)

    assert (level_of(member, here), level_of(member, there)) == (3, 0)


def test_a_small_community_asks_for_half_of_its_organizations() -> None:
    member, domain = make_member(), make_domain()
    earn(member, domain, 3, organizations=2)
    community(5)
    look(member.id, domain.id)
    assert level_of(member, domain) == 1

    community(4)
    look(member.id, domain.id)

    assert level_of(member, domain) == 3


def test_conditions_that_fail_are_told_at_once_and_nothing_else_happens_for_60_days(
    clock_at: time_machine.Traveller,
) -> None:
    member, domain = make_member(), make_domain()
    earn(member, domain, 2)
    look(member.id, domain.id)
    earn(member, domain, 2, accepted=2)

    look(member.id, domain.id)
    nights(clock_at, 1, 59)

    rung = rung_of(member, domain)
    assert rung is not None
    assert (rung.level, rung.noticed_at) == (2, BEGAN)
    assert [row["level"] for row in told("LevelNoticed")] == [2]
    assert told("LevelLowered") == []


def test_a_notice_is_over_when_the_conditions_hold_again(clock_at: time_machine.Traveller) -> None:
    member, domain = make_member(), make_domain()
    earn(member, domain, 2)
    look(member.id, domain.id)
    earn(member, domain, 2, accepted=2)
    look(member.id, domain.id)
    clock_at.move_to(BEGAN + timedelta(days=30))
    earn(member, domain, 2, points=300)

    look(member.id, domain.id)
    nights(clock_at, 59, 70)

    rung = rung_of(member, domain)
    assert rung is not None
    assert (rung.level, rung.noticed_at) == (2, None)


@pytest.mark.theory("3.69")
def test_a_history_that_would_drop_two_levels_in_a_year_costs_one_and_the_badge_stays(
    clock_at: time_machine.Traveller,
) -> None:
    member, domain = make_member(), make_domain()
    earn(member, domain, 3)
    look(member.id, domain.id)
    earn(member, domain, 1, points=60)  # what two levels rested on is gone
    look(member.id, domain.id)

    nights(clock_at, 1, 364)

    rung = rung_of(member, domain)
    assert rung is not None
    assert (rung.level, rung.highest) == (2, 3)
    assert steps_of(member) == [(0, 3, "reached"), (3, 2, "lowered")]
    assert {row["member_id"] for name in ("LevelNoticed", "LevelLowered") for row in told(name)} == {
        member.id
    }

    nights(clock_at, 365, 60 + 365)  # it was lowered on the 61st day
    assert level_of(member, domain) == 2
    assert [row["level"] for row in told("LevelNoticed")] == [3, 2]  # 60 days before it happens
    nights(clock_at, 426, 431)
    rung = rung_of(member, domain)
    assert rung is not None
    assert (rung.level, rung.highest) == (1, 3)


def test_standing_that_fades_is_made_anew_each_night_and_lowers_in_the_end(
    clock_at: time_machine.Traveller,
) -> None:
    member, domain = make_member(), make_domain()
    earn(member, domain, 1, points=24)
    look(member.id, domain.id)

    clock_at.move_to(BEGAN + timedelta(days=730))
    jobs.fade()
    db.session.expire_all()
    balance = db.session.get_one(Balance, (member.id, domain.id))
    assert (balance.standing_mp, balance.settled_mp) == (12_000, 24_000)
    assert balance.standing_on == (BEGAN + timedelta(days=730)).date()
    assert level_of(member, domain) == 1

    clock_at.move_to(BEGAN + timedelta(days=790))
    jobs.fade()
    assert level_of(member, domain) == 0


def test_all_balances_fade_however_many_an_act_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fading, "AT_ONCE", 2)
    domains = [make_domain(name=f"Domain {number}") for number in range(3)]
    members = [make_member() for _ in range(3)]
    for member in members:
        for domain in domains:
            earn(member, domain, 1, day=datetime(2020, 1, 1, tzinfo=UTC).date())

    jobs.fade()

    db.session.expire_all()
    assert all(balance.standing_mp < 20_000 for balance in db.session.scalars(select(Balance)))


def test_a_night_in_which_nothing_moves_takes_no_statement_a_member() -> None:
    domain = make_domain()
    for _ in range(20):
        earn(make_member(), domain, 1)
    jobs.fade()
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *about: statements.append(about[2]))

    fading.fade_some()

    assert len(statements) < 12


def test_a_policy_asks_a_members_level_in_a_domain() -> None:
    member, here, there = make_member(), make_domain(), make_domain(name="Law")
    stand(member, here, 3)
    stand(member, there, 0, highest=2)

    assert fact("level", member.id, here.id, default=0) == 3
    assert fact("level", member.id, there.id, default=0) == 0
    assert fact("levels", member.id, default={}) == {here.id: 3}


def test_a_steward_is_at_level_5_as_long_as_the_term_lasts() -> None:
    member, domain = make_member(), make_domain()
    stand(member, domain, 3)
    officer(
        member, "domain_steward", scope_kind="domain", scope_id=domain.id, valid_to=BEGAN + timedelta(days=1)
    )

    with time_machine.travel(BEGAN):
        assert fact("level", member.id, domain.id, default=0) == 5
        assert fact("rung", member.id, domain.id, default=0) == 3
    with time_machine.travel(BEGAN + timedelta(days=2)):
        assert fact("level", member.id, domain.id, default=0) == 3


def test_an_office_elsewhere_is_no_level_here() -> None:
    member, here, there = make_member(), make_domain(), make_domain(name="Law")
    officer(member, "domain_steward", scope_kind="domain", scope_id=there.id)
    saved(
        RoleGrant(
            member_id=member.id, role="moderator", scope_kind="domain", scope_id=here.id, valid_from=BEGAN,
            decision_id=db.session.scalars(select(RoleGrant.decision_id)).first(),
        )
    )  # fmt: skip

    assert fact("level", member.id, here.id, default=0) == 0
