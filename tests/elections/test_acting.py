"""Whatever officers do takes two of them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from sqlalchemy import select

from iocop.core import clock
from iocop.core.db import db
from iocop.core.errors import Conflict, Invalid, Refused
from iocop.core.models import AuditRow, EventRow
from iocop.elections.models import Election, ElectionAct
from iocop.elections.services import acting, creating
from tests.elections.factories import BEGINS, done, make_election, make_officers
from tests.factories import viewer_of
from tests.people import officer, person

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iocop.members.models import Member

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture(autouse=True)
def traveller() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(BEGINS - timedelta(days=3), tick=False) as traveller:
        yield traveller


def told(kind: str) -> list[Any]:
    found = select(EventRow.payload).where(EventRow.name == kind).order_by(EventRow.id)
    return list(db.session.scalars(found))


def test_an_act_is_done_only_when_a_second_officer_confirms(traveller: time_machine.Traveller) -> None:
    olga, otis, _omar = officers = make_officers()
    election = make_election(officers)
    traveller.move_to(BEGINS)

    proposed = acting.propose(viewer_of(olga), election.id, "open_nominations")
    assert db.session.get_one(Election, election.id).state == "draft"
    with pytest.raises(Refused, match="another officer confirms"):
        acting.confirm(viewer_of(olga), proposed.id)
    acting.confirm(viewer_of(otis), proposed.id)

    stands = db.session.get_one(Election, election.id)
    assert (stands.state, stands.state_since) == ("nominations", BEGINS)
    assert [row["state"] for row in told("ElectionMoved")] == ["nominations"]
    acts = [row.act for row in db.session.scalars(select(AuditRow).order_by(AuditRow.id))]
    assert acts[-2:] == ["election.propose", "election.confirm"]


def test_an_act_waits_for_its_earliest_date_and_is_gone_after_its_latest(
    traveller: time_machine.Traveller,
) -> None:
    olga, otis, omar = officers = make_officers()
    election = make_election(officers)

    proposed = acting.propose(viewer_of(olga), election.id, "open_nominations")
    with pytest.raises(Refused, match=r"possible from Dec 1|possible from 1 Dec"):
        acting.confirm(viewer_of(otis), proposed.id)
    traveller.move_to(BEGINS + timedelta(days=1, seconds=1))

    with pytest.raises(Refused, match="Move the dates first"):
        acting.confirm(viewer_of(otis), proposed.id)
    with pytest.raises(Refused, match="Move the dates first"):
        acting.propose(viewer_of(omar), election.id, "open_nominations")


def test_what_was_proposed_can_be_taken_back_by_whoever_did() -> None:
    olga, otis, _omar = officers = make_officers()
    election = make_election(officers)
    proposed = acting.propose(viewer_of(olga), election.id, "void", note="Wrong year.")

    with pytest.raises(Conflict, match="proposed already"):
        acting.propose(viewer_of(otis), election.id, "void", note="Wrong year.")
    with pytest.raises(Refused, match="Only the officer who proposed"):
        acting.take_back(viewer_of(otis), proposed.id)
    acting.take_back(viewer_of(olga), proposed.id)

    with pytest.raises(Refused, match="taken back"):
        acting.confirm(viewer_of(otis), proposed.id)
    acting.propose(viewer_of(otis), election.id, "void", note="Wrong year.")


def test_an_act_that_needs_words_says_so() -> None:
    olga, *_others = officers = make_officers()
    election = make_election(officers)

    with pytest.raises(Invalid, match="Say why"):
        acting.propose(viewer_of(olga), election.id, "void")
    with pytest.raises(Invalid, match="2,000"):
        acting.propose(viewer_of(olga), election.id, "void", note="x" * 2001)


@pytest.mark.parametrize(
    "verb", ["close_nominations", "freeze", "open_voting", "close_voting", "count", "certify", "bake_bread"]
)
def test_a_draft_goes_nowhere_but_to_nominations(verb: str) -> None:
    olga, *_others = officers = make_officers()
    election = make_election(officers)

    with pytest.raises(Refused, match="present state"):
        acting.propose(viewer_of(olga), election.id, verb)


def test_only_this_elections_officers_act_while_they_hold_the_office() -> None:
    olga, *_others = officers = make_officers()
    election = make_election(officers)
    stranger = officer(person("Una Ulme"), "returning_officer")
    boss = officer(person("Ada Alder"), "administrator")

    for other in (stranger, boss, person("Ben Beech")):
        with pytest.raises(Refused, match="Only the officers"):
            acting.propose(viewer_of(other), election.id, "void", note="No.")

    _end_office(olga)
    with pytest.raises(Refused, match="has ended"):
        acting.propose(viewer_of(olga), election.id, "void", note="No.")


def _end_office(member: Member) -> None:
    from iocop.core.db import act
    from iocop.roles.models import RoleGrant

    with act() as session:
        grant = session.scalars(select(RoleGrant).where(RoleGrant.member_id == member.id)).one()
        grant.valid_to = clock.now()


def test_nominations_take_the_rules_in_force_on_the_day(traveller: time_machine.Traveller) -> None:
    officers = make_officers()
    election = make_election(officers)
    traveller.move_to(BEGINS)

    done(election, "open_nominations", officers)

    assert db.session.get_one(Election, election.id).rules["seconders"] == 2


def test_dates_move_later_by_two_officers_and_never_earlier(traveller: time_machine.Traveller) -> None:
    officers = make_officers()
    election = make_election(officers)
    traveller.move_to(BEGINS)
    done(election, "open_nominations", officers)
    opened, closes = election.nominations_open_at, election.closes_at

    with pytest.raises(Invalid, match="1 to 90"):
        acting.propose(viewer_of(officers[0]), election.id, "extend", "Snow.", -3)
    done(election, "extend", officers, "Snow.", 5)

    stands = db.session.get_one(Election, election.id)
    assert stands.nominations_open_at == opened
    assert stands.closes_at == closes + timedelta(days=5)


def test_officers_are_returning_officers_and_at_least_two() -> None:
    officers = make_officers()
    stranger = person("Ben Beech")

    with pytest.raises(Invalid, match="two to fifteen"):
        make_election(officers, officers=(officers[0].id,))
    with pytest.raises(Invalid, match="two to fifteen"):
        make_election(officers, officers=(officers[0].id, officers[0].id))
    with pytest.raises(Invalid, match="hold the office"):
        make_election(officers, officers=(officers[0].id, stranger.id))
    with pytest.raises(Invalid, match="more than half"):
        make_election(officers, needed=1)
    with pytest.raises(Invalid, match="more than half"):
        make_election(officers, needed=4)


def test_who_is_neither_officer_nor_administrator_creates_nothing() -> None:
    officers = make_officers()
    election = make_election(officers)
    draft = creating.Draft(
        "board", "Mine", _dates(election), tuple(row.id for row in officers), election.term_starts_on
    )

    with pytest.raises(Refused, match="Returning officers and administrators"):
        creating.create_election(viewer_of(person("Ben Beech")), draft)
    creating.create_election(viewer_of(officer(person("Ada Alder"), "administrator")), draft)


def test_a_draft_is_changed_freely_and_nothing_after_it(traveller: time_machine.Traveller) -> None:
    officers = make_officers()
    election = make_election(officers)
    draft = creating.Draft(
        "board", "The board of 2027", _dates(election), tuple(row.id for row in officers), election.term_starts_on
    )  # fmt: skip

    creating.change_draft(viewer_of(officers[1]), election.id, draft)
    assert db.session.get_one(Election, election.id).title == "The board of 2027"

    traveller.move_to(BEGINS)
    done(election, "open_nominations", officers)
    with pytest.raises(Refused, match="Only a draft"):
        creating.change_draft(viewer_of(officers[1]), election.id, draft)


def _dates(election: Election) -> Any:
    from iocop.elections.queries.elections import dates_of

    return dates_of(election)


def test_dates_shorter_than_the_rules_ask_for_are_refused_at_their_field() -> None:
    officers = make_officers()
    election = make_election(officers)
    dates = _dates(election)

    with pytest.raises(Invalid, match="at least 7 days") as error:
        make_election(officers, dates=dates._replace(closes_at=dates.opens_at + timedelta(days=6)))

    assert error.value.field == "closes_at"
    assert db.session.scalars(select(ElectionAct)).all() == []
