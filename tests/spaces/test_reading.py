"""Who reads what: the verdict on one thing and the filter of a query never disagree."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from sqlalchemy import Integer, String, column, insert, select, table, text

from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.errors import Missing
from iocop.core.login import GUEST, Viewer
from iocop.core.policy import fact
from iocop.spaces.labels import LABELS, Channel, carries
from iocop.spaces.policy import carriable, may_carry, may_enter, may_read, may_write_in, readable
from iocop.spaces.queries import Scope, default_space, readers_among, scope_of, space_by_slug, spaces_of
from tests.factories import make_member, make_organization, viewer_of
from tests.people import belong, cast
from tests.spaces.factories import Thing, every_space, let_in, make_space

if TYPE_CHECKING:
    from flask import Flask

    from iocop.members.models import Member

THINGS = table("thing", column("space_id", Integer), column("label", String(10)))


@pytest.fixture
def lookers(app: Flask) -> dict[str, Viewer]:
    """A guest and members with every kind of standing; spaces of every audience stand beside them."""
    people, spaces = cast(), every_space()
    let_in(spaces["named"], people.charlie)
    let_in(spaces["named"], people.acme)
    stated, left = make_member(), make_member()
    belong(stated, people.acme)
    belong(left, people.acme, "acme.example", valid_to=date(2024, 1, 1))
    everybody = {
        "named by person": people.charlie,
        "named by organization": people.bob,
        "verified": people.vera,
    }
    everybody |= {"nobody's": make_member(), "unproved": stated, "left": left}
    return {"guest": GUEST} | {name: viewer_of(member) for name, member in everybody.items()}


MEMBERS = {"public", "members"}
VERIFIED = MEMBERS | {"verified"}


@pytest.mark.parametrize(
    ("who", "open_to_them"),
    [
        ("guest", {"public"}), ("nobody's", MEMBERS), ("unproved", MEMBERS), ("left", MEMBERS),
        ("verified", VERIFIED), ("named by person", VERIFIED | {"named"}),
        ("named by organization", VERIFIED | {"named"}),
    ],
)  # fmt: skip
def test_everybody_is_where_they_may_be(lookers: dict[str, Viewer], who: str, open_to_them: set[str]) -> None:
    viewer = lookers[who]

    scope = scope_of(viewer)

    assert {space.audience for space in spaces_of(scope)} == open_to_them
    assert scope.member is (who != "guest")


def test_verdict_and_filter_agree_on_every_combination(lookers: dict[str, Viewer]) -> None:
    spaces = [space.id for space in spaces_of(Scope(member=True, spaces=frozenset(range(1, 9))))]
    things = [Thing(space_id, label) for space_id, label in product(spaces, LABELS)]
    assert len(things) == 16
    with act() as session:
        session.execute(text("create temporary table thing (space_id bigint, label varchar(10))"))
        session.execute(insert(THINGS), [thing._asdict() for thing in things])
        for who, viewer in lookers.items():
            scope = scope_of(viewer)
            rule = readable(scope, THINGS.c.space_id, THINGS.c.label)
            assert _let_through(rule) == {thing for thing in things if may_read(viewer, thing)}, who
            for channel in Channel:
                carried = carriable(scope, THINGS.c.space_id, THINGS.c.label, channel)
                expected = {thing for thing in things if may_carry(viewer, thing, channel)}
                assert _let_through(carried) == expected, (who, channel)
        session.execute(text("drop table thing"))


def _let_through(rule: Any) -> set[Thing]:
    return {Thing(*row) for row in db.session.execute(select(THINGS).where(rule))}


def test_guests_read_what_is_public_in_public_spaces_alone(lookers: dict[str, Viewer]) -> None:
    space = default_space()

    assert may_read(GUEST, Thing(space.id, "public"))
    for label in LABELS[:-1]:
        assert "join or sign in" in str(may_read(GUEST, Thing(space.id, label)).reason)
    assert "not open to you" in str(may_read(GUEST, Thing(space.id + 1, "public")).reason)


def test_who_may_be_nowhere_reads_nothing(app: Flask) -> None:
    scope = Scope(member=True, spaces=frozenset())

    assert db.session.scalars(select(text("1")).where(readable(scope, column("x"), column("y")))).all() == []


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("label", LABELS)
def test_what_may_be_read_goes_where_its_label_lets_it(app: Flask, label: str, channel: Channel) -> None:
    space, member = make_space("members"), viewer_of(make_member())

    verdict = may_carry(member, Thing(space.id, label), channel)

    assert bool(verdict) is carries(channel, label)
    assert verdict or "label" in str(verdict.reason)
    assert not may_carry(GUEST, Thing(space.id, label), channel)


def test_access_ends_the_moment_a_proof_or_an_affiliation_ends(app: Flask) -> None:
    space = make_space("verified")
    until, proved = make_member(), make_member()
    today = clock.now().date()
    acme = make_organization()
    belong(until, acme, "acme.example", valid_to=today + timedelta(days=2))
    belong(proved, acme, "acme.example", expires_at=clock.now() + timedelta(hours=1))

    assert readers_among([until.id, proved.id], space.id) == {until.id, proved.id}
    with time_machine.travel(clock.now() + timedelta(hours=2), tick=False):
        assert readers_among([until.id, proved.id], space.id) == {until.id}
    with time_machine.travel(clock.now() + timedelta(days=2), tick=False):
        assert readers_among([until.id, proved.id], space.id) == set()


@pytest.mark.parametrize("since", [0, 1], ids=["from today", "from tomorrow"])
def test_an_affiliation_opens_a_space_on_its_first_day(app: Flask, since: int) -> None:
    space, member = make_space("verified"), make_member()
    belong(member, make_organization(), "a.example", valid_from=clock.now().date() + timedelta(days=since))

    assert bool(may_enter(viewer_of(member), space.id)) is (since == 0)


def test_a_grant_that_ended_opens_nothing(app: Flask) -> None:
    space, member = make_space("named"), make_member()
    let_in(space, member, ended_at=clock.now())

    assert not may_enter(viewer_of(member), space.id)


def test_a_request_asks_once_for_each_who_looks(app: Flask) -> None:
    make_space()
    member = viewer_of(make_member())

    with app.test_request_context():
        before = scope_of(GUEST), scope_of(member)
        make_space("members")
        assert (scope_of(GUEST), scope_of(member)) == before
    assert len(scope_of(member).spaces) == 2


def _suspended(member: Member) -> Viewer:
    return Viewer(id=member.id, suspended=True)


def test_who_may_read_may_write_unless_guest_suspended_or_archived(app: Flask) -> None:
    space, kept = make_space(), make_space("named", archived_at=clock.now())
    member = make_member()

    assert may_write_in(viewer_of(member), space)
    for verdict, words in (
        (may_write_in(GUEST, space), "Join"),
        (may_write_in(_suspended(member), space), "Suspended"),
        (may_write_in(viewer_of(member), kept), "archived"),
        (may_write_in(viewer_of(member), make_space("verified")), "not open to you"),
    ):
        assert not verdict
        assert words in str(verdict.reason)


def test_the_first_open_space_is_where_topics_go(app: Flask) -> None:
    with pytest.raises(Missing, match="no space yet"):
        default_space()
    make_space(archived_at=clock.now())
    second = make_space("members")

    assert default_space().id == second.id
    assert [space.id for space in spaces_of(scope_of(viewer_of(make_member())))] == [second.id]


def test_a_space_is_found_by_who_may_be_there(app: Flask) -> None:
    space, member = make_space("members"), viewer_of(make_member())

    assert space_by_slug(space.slug, scope_of(member)).id == space.id
    with pytest.raises(Missing, match="not open to you"):
        space_by_slug(space.slug, scope_of(GUEST))


def test_offices_ask_whether_a_space_exists(app: Flask) -> None:
    space = make_space()

    assert fact("space_name", space.id, default="?") == space.name
    assert fact("space_name", space.id + 1, default="?") == ""
