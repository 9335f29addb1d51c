"""Offices rest on decisions."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from sqlalchemy import func, select

from iocop.core import clock
from iocop.core import policy as core_policy
from iocop.core.db import act, db
from iocop.core.errors import Conflict, Invalid, Missing, Refused
from iocop.core.jobs import periodic_jobs
from iocop.core.models import AuditRow, EventRow
from iocop.core.policy import fact
from iocop.roles import policy, queries, services
from iocop.roles.models import ROLES, Decision, RoleGrant
from tests.factories import make_member, viewer_of
from tests.forums.factories import make_domain, make_space
from tests.people import Cast, cast, officer, person, seen_by

if TYPE_CHECKING:
    from iocop.members.models import Member

pytestmark = pytest.mark.usefixtures("app")

NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)


def told(kind: str) -> list[Any]:
    found = select(EventRow.payload).where(EventRow.name == kind).order_by(EventRow.id)
    return list(db.session.scalars(found))


def roles_of(member: Member) -> frozenset[str]:
    return viewer_of(member).roles


@pytest.fixture
def certified(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first board was certified a day ago."""
    monkeypatch.setitem(
        core_policy._providers, "first_board_certified", lambda: clock.now() - timedelta(days=1)
    )


def test_the_site_is_founded_once() -> None:
    assert services.found_site() == services.found_site()
    assert db.session.scalar(select(func.count(Decision.id))) == 1
    assert len(told("DecisionRecorded")) == 1


def test_an_office_begins_with_its_grant_and_ends_with_a_decision() -> None:
    people = cast()
    alice, founding = seen_by(people.alice), services.found_site()

    grant = services.grant_role(alice, people.bob.id, "moderator", founding)

    assert roles_of(people.bob) == {"moderator"}
    assert fact("holds", people.bob.id, "moderator", default=False)
    assert queries.holders("moderator") == [people.bob.id]
    decision = services.record_decision(alice, "Administrators", date(2026, 1, 2), "Bob steps down.", "/t/1")
    services.end_role(alice, grant.id, decision.id)

    assert roles_of(people.bob) == frozenset()
    assert not queries.holds(people.bob.id, "moderator")
    assert [each["decision_id"] for each in told("RoleEnded")] == [decision.id]
    log = db.session.scalars(select(AuditRow.act).order_by(AuditRow.id)).all()
    assert log == ["grant_role", "record_decision", "end_role"]


def test_every_office_points_to_its_decision() -> None:
    people = cast()
    services.grant_role(seen_by(people.alice), people.bob.id, "curator", services.found_site())

    resting = select(func.count(RoleGrant.id)).join(Decision, Decision.id == RoleGrant.decision_id)
    assert db.session.scalar(resting) == db.session.scalar(select(func.count(RoleGrant.id))) == 2


@pytest.mark.parametrize("who", ["bob", "charlie", "vera", "sol"])
def test_nobody_but_an_administrator_appoints(who: str) -> None:
    people = cast()
    actor, founding = seen_by(people.members[who]), services.found_site()

    with pytest.raises(Refused):
        services.grant_role(actor, people.members[who].id, "administrator", founding)
    with pytest.raises(Refused):
        services.record_decision(actor, "Me", date(2026, 1, 1), "I rule.")
    (grant,) = db.session.scalars(select(RoleGrant)).all()
    with pytest.raises(Refused):
        services.end_role(actor, grant.id, founding)


def test_a_guest_appoints_nobody() -> None:
    people = cast()

    with pytest.raises(Refused):
        services.grant_role(people.guest, people.bob.id, "curator", services.found_site())


@pytest.mark.parametrize("decision", [None, 999], ids=["none", "one that is not there"])
def test_not_even_the_operator_appoints_without_a_decision(decision: int | None) -> None:
    people = cast()

    for actor in (None, seen_by(people.alice)):
        with pytest.raises(Refused, match="decision"):
            services.grant_role(actor, people.bob.id, "moderator", decision)


def test_the_founding_powers_end_with_the_first_board(certified: None) -> None:
    people = cast()
    alice = seen_by(people.alice)

    with pytest.raises(Refused, match="decision of the board"):
        services.grant_role(alice, people.bob.id, "moderator", services.found_site())
    decision = services.record_decision(alice, "Board", date(2026, 1, 2), "Bob moderates.")
    services.grant_role(alice, people.bob.id, "moderator", decision.id)

    assert not policy.founding_powers(clock.now())
    assert policy.founding_powers(clock.now() - timedelta(days=2))


@pytest.mark.parametrize("state", ["suspended", "left", "erased", "imported"])
def test_only_an_active_member_comes_into_office(state: str) -> None:
    people = cast()
    member = make_member(state=state)

    with pytest.raises(Refused, match="active"):
        services.grant_role(seen_by(people.alice), member.id, "curator", services.found_site())


@pytest.mark.parametrize("role", ROLES)
def test_each_office_is_held_where_it_belongs(role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    people = cast()
    monkeypatch.setitem(core_policy._providers, "rung", lambda _member, _domain: 3)
    founding = services.found_site()
    make_domain(id=7)
    make_space(id=7)
    for kind in ("site", "domain", "space", "galaxy"):
        scope = None if kind == "site" else 7
        if kind in policy.SCOPES[role]:
            services.grant_role(None, people.bob.id, role, founding, scope_kind=kind, scope_id=scope)
            assert queries.holds(people.bob.id, role, clock.now(), kind, scope)
        else:
            with pytest.raises(Refused, match="not held there"):
                services.grant_role(None, people.bob.id, role, founding, scope_kind=kind, scope_id=scope)
    assert (role in roles_of(people.bob)) is ("site" in policy.SCOPES[role])


def test_a_scope_is_named_and_exists(monkeypatch: pytest.MonkeyPatch) -> None:
    people = cast()
    founding = services.found_site()
    monkeypatch.setitem(core_policy._providers, "domain_name", lambda key: "Care" if key == 1 else "")
    monkeypatch.setitem(core_policy._providers, "rung", lambda _member, _domain: 3)

    services.grant_role(None, people.bob.id, "domain_steward", founding, scope_kind="domain", scope_id=1)
    with pytest.raises(Missing):
        services.grant_role(None, people.bob.id, "domain_steward", founding, scope_kind="domain", scope_id=2)
    with pytest.raises(Invalid):
        services.grant_role(None, people.bob.id, "domain_steward", founding, scope_kind="domain")
    with pytest.raises(Invalid):
        services.grant_role(None, people.bob.id, "moderator", founding, scope_id=1)


def test_an_office_is_not_held_twice_at_once() -> None:
    people = cast()
    founding = services.found_site()
    services.grant_role(None, people.bob.id, "curator", founding, valid_to=clock.now() + timedelta(days=10))

    with pytest.raises(Conflict):
        services.grant_role(None, people.bob.id, "curator", founding)
    services.grant_role(None, people.bob.id, "curator", founding, valid_from=clock.now() + timedelta(days=10))
    with pytest.raises(Invalid):
        services.grant_role(
            None, people.sol.id, "curator", founding, valid_to=clock.now() - timedelta(days=1)
        )


def test_somebody_unknown_or_something_ended_cannot_be_touched() -> None:
    people = cast()
    founding = services.found_site()

    with pytest.raises(Missing):
        services.grant_role(None, 999, "curator", founding)
    with pytest.raises(Missing):
        services.end_role(None, 999, founding)
    grant = services.grant_role(None, people.bob.id, "curator", founding)
    services.end_role(None, grant.id, founding)
    with pytest.raises(Refused, match="ended already"):
        services.end_role(None, grant.id, founding)


def test_a_holder_resigns_without_a_decision_and_others_need_one() -> None:
    people = cast()
    founding = services.found_site()
    grant = services.grant_role(None, people.bob.id, "curator", founding)

    with pytest.raises(Refused, match="Name the decision"):
        services.end_role(seen_by(people.alice), grant.id)
    ended = services.end_role(seen_by(people.bob), grant.id)

    assert (ended.ended_by_id, ended.end_decision_id) == (people.bob.id, None)


def test_the_last_administrator_stays() -> None:
    people = cast()
    (grant,) = db.session.scalars(select(RoleGrant)).all()

    with pytest.raises(Refused, match="no administrator"):
        services.end_role(seen_by(people.alice), grant.id)
    services.grant_role(None, people.bob.id, "administrator", services.found_site())
    services.end_role(seen_by(people.alice), grant.id)

    assert queries.holders("administrator") == [people.bob.id]


def test_an_office_to_come_can_be_called_off() -> None:
    people = cast()
    founding = services.found_site()
    start = clock.now() + timedelta(days=3)
    grant = services.grant_role(None, people.bob.id, "curator", founding, valid_from=start)

    services.end_role(None, grant.id, founding)

    assert not queries.holds(people.bob.id, "curator", start)


def test_offices_begin_and_lapse_by_themselves() -> None:
    with time_machine.travel(NOW, tick=False):
        people = Offices()
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        services.turn_offices()
        assert roles_of(people.bob) == {"curator"}
    with time_machine.travel(NOW + timedelta(days=2), tick=False):
        services.turn_offices()
        services.turn_offices()
        assert roles_of(people.bob) == frozenset()
    assert [each["actor_id"] for each in told("RoleEnded")] == [None]


class Offices:
    """Bob will be curator from tomorrow for a day."""

    def __init__(self) -> None:
        self.bob = person("Bob Birch")
        services.grant_role(
            None, self.bob.id, "curator", services.found_site(), valid_from=NOW + timedelta(days=1),
            valid_to=NOW + timedelta(days=2),
        )  # fmt: skip
        assert roles_of(self.bob) == frozenset()


@pytest.mark.parametrize(
    ("body", "day", "words"),
    [("", date(2026, 1, 1), "x"), ("Board", date(2026, 1, 1), " "), ("Board", date(2999, 1, 1), "x")],
    ids=["nobody decided", "nothing decided", "in the future"],
)
def test_a_decision_names_who_what_and_when(body: str, day: date, words: str) -> None:
    with pytest.raises(Invalid):
        services.record_decision(None, body, day, words)


def test_officers_with_a_password_alone_are_known() -> None:
    people = cast()
    careful = officer(make_member(totp_secret="JBSWY3DPEHPK3PXP"), "curator")

    assert queries.without_second_factor() == [people.alice.id]
    assert queries.grants_of(careful.id, clock.now())[0].role == "curator"


def test_lists_of_offices_hold_those_in_force_and_those_that_ended() -> None:
    people: Cast = cast()
    founding = services.found_site()
    grant = services.grant_role(None, people.bob.id, "curator", founding)
    services.end_role(None, grant.id, founding)

    assert [row.name for row in queries.grants().rows] == ["Alice Ash"]
    assert [row.name for row in queries.grants(ended=True).rows] == ["Bob Birch"]
    with pytest.raises(Missing):
        queries.grants(number=2)
    with act():
        assert queries.current_roles(people.bob.id, clock.now()) == frozenset()


def test_the_worker_turns_offices_every_minute() -> None:
    job = periodic_jobs()["iocop.roles.jobs.turn_offices"]

    assert (job.hour, job.minute) == ("*", "*")
    job.work()


def test_an_office_suspended_in_an_emergency_is_in_force_again_after_seven_days_without_a_decision() -> None:
    people = cast()
    alice = seen_by(people.alice)
    with time_machine.travel(NOW, tick=False) as traveller:
        grant = services.grant_role(alice, people.bob.id, "moderator", services.found_site())

        services.suspend_office(alice, grant.id, "Lost the laptop.")
        assert not queries.holds(people.bob.id, "moderator")
        assert "moderator" not in roles_of(people.bob)
        assert told("OfficeSuspended") == [
            {"actor_id": alice.id, "grant_id": grant.id, "member_id": people.bob.id}
        ]
        traveller.move_to(NOW + timedelta(days=7, seconds=-1))
        assert not queries.holds(people.bob.id, "moderator")

        traveller.move_to(NOW + timedelta(days=7))
        services.turn_offices()
        assert queries.holds(people.bob.id, "moderator")
        assert "moderator" in roles_of(people.bob)
        assert told("RoleEnded") == []
        with pytest.raises(Refused, match="no second time"):
            services.suspend_office(alice, grant.id, "Again.")


def test_a_decision_within_the_seven_days_ends_the_office() -> None:
    people = cast()
    alice = seen_by(people.alice)
    grant = services.grant_role(alice, people.bob.id, "moderator", services.found_site())
    services.suspend_office(alice, grant.id, "Lost the laptop.")
    decision = services.record_decision(alice, "Board", clock.now().date(), "Bob is no moderator any more.")

    services.end_role(alice, grant.id, decision.id)

    with time_machine.travel(clock.now() + timedelta(days=8)):
        assert not queries.holds(people.bob.id, "moderator")


def test_only_another_administrator_suspends_an_office_that_is_in_force() -> None:
    people = cast()
    alice = seen_by(people.alice)
    grant = services.grant_role(alice, people.bob.id, "moderator", services.found_site())
    own = db.session.scalars(select(RoleGrant).where(RoleGrant.member_id == people.alice.id)).one()

    with pytest.raises(Refused, match="Administrators suspend"):
        services.suspend_office(seen_by(people.charlie), grant.id, "No.")
    with pytest.raises(Refused, match="their own office"):
        services.suspend_office(alice, own.id, "Myself.")
    with pytest.raises(Invalid, match="Give the reason"):
        services.suspend_office(alice, grant.id, " ")
    with pytest.raises(Missing):
        services.suspend_office(alice, 99, "Who?")
    services.end_role(seen_by(people.bob), grant.id)
    with pytest.raises(Refused, match="not in force"):
        services.suspend_office(alice, grant.id, "Too late.")
