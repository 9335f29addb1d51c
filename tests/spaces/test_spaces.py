"""Administrators open spaces, let people in and out; whoever loses a space is told of just that."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from sqlalchemy import select

from iocop.core import clock
from iocop.core.db import db
from iocop.core.errors import Conflict, Invalid, Missing, Refused
from iocop.core.models import EventRow
from iocop.organizations import services as organizations
from iocop.organizations.queries import current_rows
from iocop.organizations.services import days
from iocop.spaces import services
from iocop.spaces.models import Space, SpaceGrant
from iocop.spaces.queries import readers_among
from tests.factories import make_member, make_organization, viewer_of
from tests.people import Cast, belong, cast
from tests.spaces.factories import let_in, make_space

if TYPE_CHECKING:
    from flask import Flask

    from iocop.core.login import Viewer
    from iocop.members.models import Member
    from iocop.organizations.models import Organization


@pytest.fixture
def people(app: Flask) -> Cast:
    return cast()


@pytest.fixture
def alice(people: Cast) -> Viewer:
    return viewer_of(people.alice)


def told(name: str = "SpaceAccessEnded") -> list[tuple[int, int]]:
    """Return (member, space) of each event of a name."""
    rows = db.session.scalars(select(EventRow.payload).where(EventRow.name == name).order_by(EventRow.id))
    return [(row["member_id"], row["space_id"]) for row in rows]


def stop_working(member: Member, organization: Organization) -> None:
    """End the member's affiliation today."""
    (row,) = (row for row in current_rows(member.id) if row.organization_id == organization.id)
    organizations.end_affiliation(viewer_of(member), row.id, clock.now().date())


def test_an_administrator_opens_changes_and_archives_a_space(alice: Viewer) -> None:
    space = services.open_space(alice, " Tender 2026 ", " For bids. ", "named")
    assert (space.name, space.slug, space.about, space.audience) == (
        "Tender 2026",
        "tender-2026",
        "For bids.",
        "named",
    )

    changed: dict[str, Any] = {"name": "Tender", "about": "", "audience": "members"}
    services.change_space(alice, space.id, **changed, archived=True)
    archived = db.session.get_one(Space, space.id).archived_at
    services.change_space(alice, space.id, **changed, archived=True)

    assert archived is not None
    assert db.session.get_one(Space, space.id).archived_at == archived
    assert services.change_space(alice, space.id, **changed, archived=False).archived_at is None


def test_only_administrators_do_any_of_it(people: Cast) -> None:
    bob, space = viewer_of(people.bob), make_space("named")
    grant = let_in(space, people.charlie)

    for refused in (
        lambda: services.open_space(bob, "Mine"),
        lambda: services.change_space(bob, space.id, name="x", about="", audience="public", archived=False),
        lambda: services.admit(bob, space.id, member_id=bob.id),
        lambda: services.dismiss(bob, grant.id),
    ):
        with pytest.raises(Refused, match="Only administrators"):
            refused()
    assert db.session.scalars(select(SpaceGrant.ended_at)).all() == [None]


def test_two_spaces_do_not_share_a_name(alice: Viewer) -> None:
    services.open_space(alice, "Commons")
    other = services.open_space(alice, "Board")

    with pytest.raises(Conflict, match="of this name"):
        services.open_space(alice, "Commons")
    with pytest.raises(Conflict, match="of this name"):
        services.change_space(alice, other.id, name="Commons", about="", audience="members", archived=False)


def test_what_cannot_be_is_refused(alice: Viewer, people: Cast) -> None:
    space = make_space("named")

    with pytest.raises(Invalid, match="who may read"):
        services.open_space(alice, "Room", audience="friends")
    with pytest.raises(Invalid, match="who may read"):
        services.change_space(alice, space.id, name="x", about="", audience="friends", archived=False)
    with pytest.raises(Missing, match="no such space"):
        services.change_space(alice, 99, name="x", about="", audience="public", archived=False)
    with pytest.raises(Missing, match="no such space"):
        services.admit(alice, 99, member_id=people.bob.id)
    for neither_or_both in ({}, {"member_id": people.bob.id, "organization_id": people.acme.id}):
        with pytest.raises(Invalid, match="either"):
            services.admit(alice, space.id, **neither_or_both)
    with pytest.raises(Missing, match="no such grant"):
        services.dismiss(alice, 99)


def test_who_is_in_already_is_not_let_in_twice_but_again(alice: Viewer, people: Cast) -> None:
    space = make_space("named")
    grant = services.admit(alice, space.id, member_id=people.charlie.id)

    with pytest.raises(Conflict, match="already"):
        services.admit(alice, space.id, member_id=people.charlie.id)
    services.dismiss(alice, grant.id)
    with pytest.raises(Missing, match="has ended"):
        services.dismiss(alice, grant.id)
    again = services.admit(alice, space.id, member_id=people.charlie.id)

    assert [found.id for found in services.grants_of(space.id)] == [again.id]
    assert readers_among([people.charlie.id], space.id) == {people.charlie.id}


def test_dismissing_an_organization_tells_everybody_who_was_in_by_it_alone(
    alice: Viewer, people: Cast
) -> None:
    space = make_space("named")
    whole = services.admit(alice, space.id, organization_id=people.acme.id)
    let_in(space, people.alice)
    belong(make_member(), people.acme)  # stated, not proved: never inside

    services.dismiss(alice, whole.id)

    assert told() == [(people.bob.id, space.id)]


def test_dismissing_a_person_who_is_in_by_their_organization_too_tells_nothing(
    alice: Viewer, people: Cast
) -> None:
    space = make_space("named")
    let_in(space, people.acme)
    grant = services.admit(alice, space.id, member_id=people.bob.id)

    services.dismiss(alice, grant.id)

    assert told() == []
    assert readers_among([people.bob.id], space.id) == {people.bob.id}


@pytest.fixture
def rooms(people: Cast) -> tuple[Space, Space]:
    """A space of the verified and one named to Acme; besides, ones that never close to bob."""
    verified, named = make_space("verified"), make_space("named")
    let_in(named, people.acme)
    make_space("members")
    let_in(make_space("named", name="Bob's", slug="bobs"), people.bob)
    make_space("verified", name="Past", slug="past", archived_at=clock.now())
    return verified, named


def test_ending_an_affiliation_closes_what_rested_on_it(people: Cast, rooms: tuple[Space, Space]) -> None:
    stop_working(people.bob, people.acme)

    assert sorted(told()) == sorted((people.bob.id, space.id) for space in rooms)


def test_a_second_proved_employer_keeps_the_verified_space_open(
    people: Cast, rooms: tuple[Space, Space]
) -> None:
    belong(people.bob, people.rival, "rival.example", is_main=False)

    stop_working(people.bob, people.acme)

    assert told() == [(people.bob.id, rooms[1].id)]


def test_ending_what_was_never_proved_or_had_not_begun_tells_nothing(
    people: Cast, rooms: tuple[Space, Space]
) -> None:
    del rooms
    stated, coming = make_member(), make_member()
    belong(stated, people.acme)
    belong(coming, people.acme, "acme.example", valid_from=clock.now().date() + timedelta(days=9))

    stop_working(stated, people.acme)
    organizations.withdraw_affiliation(viewer_of(coming), current_rows(coming.id)[0].id)

    assert told() == []


def test_a_proof_that_expires_closes_what_rested_on_it_once(people: Cast, rooms: tuple[Space, Space]) -> None:
    soon, day = clock.now() + timedelta(days=1), clock.now().date() + timedelta(days=1)
    proved, both = make_member(), make_member()
    belong(proved, people.acme, "acme.example", expires_at=soon)
    belong(both, people.acme, "acme.example", expires_at=soon, valid_to=day)

    with time_machine.travel(clock.now() + timedelta(days=2)):
        days.turn_day()
        days.turn_day()

    assert sorted(told()) == sorted((one.id, space.id) for one in (proved, both) for space in rooms)


def test_a_proof_that_expires_after_the_last_day_tells_nothing_new(
    people: Cast, rooms: tuple[Space, Space]
) -> None:
    member = make_member()
    today = clock.now().date()
    belong(member, people.acme, "acme.example", valid_to=today, expires_at=clock.now() + timedelta(days=1))
    days.turn_day()
    assert len(told()) == len(rooms)

    with time_machine.travel(clock.now() + timedelta(days=2)):
        days.turn_day()

    assert len(told()) == len(rooms)


def test_what_was_granted_to_a_record_holds_for_the_organization_it_turned_out_to_be(
    alice: Viewer, people: Cast
) -> None:
    both, old_only = make_space("named"), make_space("named", name="Old", slug="old")
    ltd = make_organization(name="Acme Ltd")
    colleague = make_member()
    belong(colleague, ltd, "acme-ltd.example")
    for space in (both, old_only):
        let_in(space, ltd)
    let_in(both, people.acme)

    organizations.merge(alice, ltd.id, people.acme.id)

    for space in (both, old_only):
        assert [grant.organization_id for grant in services.grants_of(space.id)] == [people.acme.id]
        assert readers_among([colleague.id, people.bob.id], space.id) == {colleague.id, people.bob.id}
    assert told() == []
    late = make_space("named", name="Late", slug="late")
    assert services.admit(alice, late.id, organization_id=ltd.id).organization_id == people.acme.id
