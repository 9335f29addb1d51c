"""Affiliations as services write them: ends told once, corrections, refusals."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from iocop.core import clock
from iocop.core.db import db
from iocop.core.errors import Conflict, Invalid, Missing, Refused
from iocop.core.models import EventRow
from iocop.organizations import queries, services
from iocop.organizations.models import MemberCard
from tests.factories import make_member, make_organization, viewer_of
from tests.organizations.factories import make_affiliation
from tests.people import cast, seen_by

pytestmark = pytest.mark.usefixtures("app")


def told(*kinds: str) -> list[dict[str, Any]]:
    return list(
        db.session.scalars(select(EventRow.payload).where(EventRow.name.in_(kinds)).order_by(EventRow.id))
    )


def current(member_id: int) -> list[str]:
    return [db.session.get_one(MemberCard, member_id).organization_name]


def test_a_last_day_ahead_ends_nothing_yet() -> None:
    people = cast()
    (row,) = queries.current_rows(people.bob.id)

    services.end_affiliation(seen_by(people.bob), row.id, clock.now().date() + timedelta(days=30))

    assert told("AffiliationEnded") == []
    assert current(people.bob.id) == ["Acme"]


def test_an_end_taken_back_is_open_again() -> None:
    people = cast()
    (row,) = queries.current_rows(people.bob.id)
    bob = seen_by(people.bob)
    ended = services.end_affiliation(bob, row.id, clock.now().date())

    services.correct_affiliation(bob, ended.id, "Engineer", row.valid_from)

    (again,) = queries.current_rows(people.bob.id)
    assert again.closed_at is None
    assert current(people.bob.id) == ["Acme"]


def test_correcting_the_organization_drops_the_proof_and_ends_the_former() -> None:
    people = cast()
    (row,) = queries.current_rows(people.bob.id)

    newer = services.correct_affiliation(
        seen_by(people.bob), row.id, "Engineer", row.valid_from, organization_id=people.rival.id
    )

    assert (newer.organization_id, newer.evidence, newer.verified_domain) == (people.rival.id, "self", "")
    assert [each["organization_id"] for each in told("AffiliationEnded")] == [people.acme.id]


def test_correcting_an_ended_one_tells_of_no_second_end() -> None:
    people = cast()
    past = make_affiliation(
        people.bob,
        people.rival,
        valid_from=date(2010, 1, 1),
        valid_to=date(2012, 1, 1),
        closed_at=clock.now(),
    )

    newer = services.correct_affiliation(
        seen_by(people.bob),
        past.id,
        "Chief",
        date(2010, 1, 1),
        date(2012, 6, 1),
        organization_id=people.vendor.id,
    )
    services.correct_affiliation(seen_by(people.bob), newer.id, "Chief", date(2010, 1, 1), date(2012, 7, 1))

    assert told("AffiliationEnded") == []


def test_a_service_takes_no_word_about_somebody_else() -> None:
    people = cast()
    alice = seen_by(people.alice)
    (row,) = queries.current_rows(people.bob.id)

    with pytest.raises(Refused):
        services.record_affiliation(alice, people.bob.id, people.rival.id, "", date(2024, 1, 1))
    with pytest.raises(Missing):
        services.end_affiliation(alice, row.id, date(2026, 1, 1))
    with pytest.raises(Missing):
        services.record_affiliation(alice, alice.id, 999, "", date(2024, 1, 1))


def test_a_suspended_member_changes_nothing() -> None:
    people = cast()
    sleeper = make_member(state="suspended")

    with pytest.raises(Refused):
        services.record_affiliation(viewer_of(sleeper), sleeper.id, people.acme.id, "", date(2024, 1, 1))


def test_stating_a_merged_record_states_the_one_that_stays() -> None:
    people = cast()
    double = make_organization()
    services.merge(seen_by(people.alice), double.id, people.acme.id)

    row = services.record_affiliation(seen_by(people.sol), people.sol.id, double.id, "", date(2024, 1, 1))

    assert row.organization_id == people.acme.id


def test_days_far_ahead_and_backward_are_refused() -> None:
    people = cast()
    bob = seen_by(people.bob)

    with pytest.raises(Invalid):
        services.record_affiliation(bob, bob.id, people.rival.id, "", date(2999, 1, 1))
    with pytest.raises(Invalid):
        services.record_affiliation(bob, bob.id, people.rival.id, "", date(2024, 1, 1), date(2024, 1, 1))
    with pytest.raises(Conflict):
        services.record_affiliation(bob, bob.id, people.acme.id, "", date(2024, 1, 1))
