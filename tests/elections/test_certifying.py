"""The certificate: the members' decision, and the offices it gives."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from sqlalchemy import select

from iocop.core.db import act, db
from iocop.core.errors import Conflict, Refused
from iocop.core.jobs import periodic_jobs
from iocop.core.models import EventRow
from iocop.core.policy import fact
from iocop.elections.models import Election, Nomination
from iocop.elections.queries.desk import timeline
from iocop.elections.queries.elections import acts
from iocop.elections.queries.seats import frozen_rules, has_poll
from iocop.elections.services import acting, complaining
from iocop.members.models import Member
from iocop.roles.models import Decision, RoleGrant
from iocop.roles.queries import holds
from tests.elections.factories import BEGINS, brought_to, done, make_officers, second, stand
from tests.factories import make_organization, viewer_of
from tests.people import person

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture(autouse=True)
def traveller() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(BEGINS - timedelta(days=3), tick=False) as traveller:
        yield traveller


def unopposed(traveller: time_machine.Traveller, people: list[Member], standing: list[Member]) -> Election:
    """An election with no more candidates than seats, counted, at the end of its time for complaints."""
    election = brought_to("nominations", traveller, people, seats=2)
    for member in standing:
        stand(election, member)
    traveller.move_to(election.nominations_close_at)
    done(election, "close_nominations", people)
    done(election, "elect_unopposed", people)
    traveller.move_to(election.complaints_until)
    return election


def test_the_elected_get_their_office_by_the_members_decision(traveller: time_machine.Traveller) -> None:
    people = make_officers()
    ann, bela = person("Ann Ahorn"), person("Bela Birke")
    election = unopposed(traveller, people, [ann, bela])
    assert fact("first_board_certified", default=None) is None

    done(election, "certify", people)

    stands = db.session.get_one(Election, election.id)
    decision = db.session.get_one(Decision, stands.decision_id)
    assert stands.state == "certified"
    assert "Ann Ahorn, Bela Birke" in decision.text
    assert decision.body == "The members, by ballot"
    grants = db.session.scalars(select(RoleGrant).where(RoleGrant.role == "board_member")).all()
    assert {grant.member_id for grant in grants} == {ann.id, bela.id}
    assert {grant.decision_id for grant in grants} == {decision.id}
    assert {grant.valid_to for grant in grants} == {datetime(2030, 1, 30, tzinfo=UTC)}
    assert not holds(ann.id, "board_member", datetime(2027, 1, 29, 12, tzinfo=UTC))
    assert holds(ann.id, "board_member", datetime(2027, 1, 30, tzinfo=UTC))
    assert fact("first_board_certified", default=None) == stands.state_since
    assert "Olga Oak and Otis Olive" in stands.certificate
    assert "There was no poll" in stands.certificate
    assert "vacant" not in stands.certificate
    assert "No complaint was made." in stands.certificate


def test_who_can_no_longer_serve_is_named_and_the_seat_stays_vacant(
    traveller: time_machine.Traveller,
) -> None:
    people = make_officers()
    ann, bela = person("Ann Ahorn"), person("Bela Birke")
    election = unopposed(traveller, people, [ann, bela])
    with act() as session:
        session.get_one(Member, ann.id).state = "left"

    done(election, "certify", people)

    assert "seat stays vacant: Ann Ahorn." in db.session.get_one(Election, election.id).certificate
    grants = db.session.scalars(select(RoleGrant).where(RoleGrant.role == "board_member")).all()
    assert [grant.member_id for grant in grants] == [bela.id]


def test_nothing_is_certified_while_a_complaint_waits_or_before_their_time_is_over(
    traveller: time_machine.Traveller,
) -> None:
    people = make_officers()
    ann = person("Ann Ahorn")
    election = unopposed(traveller, people, [ann])
    complaint = complaining.complain(viewer_of(ann), election.id, "I wanted a poll.")

    proposed = acting.propose(viewer_of(people[0]), election.id, "certify")
    with pytest.raises(Conflict, match="complaint waits"):
        acting.confirm(viewer_of(people[1]), proposed.id)
    answer = complaining.propose_answer(viewer_of(people[0]), complaint.id, "The rules say no.", upheld=False)
    acting.confirm(viewer_of(people[1]), answer.id)
    traveller.move_to(election.complaints_until - timedelta(seconds=1))
    with pytest.raises(Refused, match="possible from"):
        acting.confirm(viewer_of(people[1]), proposed.id)
    traveller.move_to(election.complaints_until)
    acting.confirm(viewer_of(people[1]), proposed.id)

    stands = db.session.get_one(Election, election.id)
    assert "1 complaint was made and answered; upheld: 0." in stands.certificate
    assert "One seat stays vacant." in stands.certificate


@pytest.mark.parametrize("affirmed", [False, True], ids=["unopposed", "affirmed"])
def test_who_stands_unopposed_is_voted_on_where_the_cap_keeps_one_of_them_out(
    traveller: time_machine.Traveller, affirmed: bool
) -> None:
    people, acme = make_officers(), make_organization(name="Acme")
    colleagues = [person(name, acme) for name in ("Ann Ahorn", "Bela Birke", "Cem Zeder")]
    election = brought_to("nominations", traveller, people, seats=5)
    for member in colleagues:
        stand(election, member)
    with act():
        election.rules = election.rules | {"affirm_uncontested": affirmed}
    traveller.move_to(election.nominations_close_at)
    done(election, "close_nominations", people)
    with pytest.raises(Refused, match="present state"):
        acting.propose(viewer_of(people[0]), election.id, "elect_unopposed")
    assert [stage.state for stage in timeline(election)][3] == "campaign"
    assert frozen_rules(election)["rule"] == "scottish"

    with act():
        db.session.query(Nomination).filter_by(member_id=colleagues[2].id).one().state = "withdrawn"
    assert has_poll(election) is affirmed
    assert frozen_rules(election)["rule"] == ("affirmation" if affirmed else "scottish")


def test_more_candidates_than_seats_are_voted_on(traveller: time_machine.Traveller) -> None:
    people = make_officers()
    election = brought_to("nominations", traveller, people, seats=1)
    for name in ("Ann Ahorn", "Bela Birke"):
        stand(election, person(name))
    traveller.move_to(election.nominations_close_at)
    done(election, "close_nominations", people)

    with pytest.raises(Refused, match="present state"):
        acting.propose(viewer_of(people[0]), election.id, "elect_unopposed")
    done(election, "finish_screening", people)


def test_screening_ends_when_every_nomination_is_decided(traveller: time_machine.Traveller) -> None:
    people = make_officers()
    election = brought_to("nominations", traveller, people, seats=1)
    stand(election, person("Cem Zeder"))
    ann = stand(election, person("Ann Ahorn"), "accepted")
    second(ann, people[1:])
    bela = stand(election, person("Bela Birke"), "accepted")
    traveller.move_to(election.nominations_close_at)
    done(election, "close_nominations", people)

    done(election, "admit_nomination", people, subject_id=ann.id)
    with pytest.raises(Conflict, match="neither admitted nor refused"):
        done(election, "finish_screening", people)
    done(election, "refuse_nomination", people, "No statement.", bela.id)
    acting.confirm(viewer_of(people[1]), next(row.id for row in acts(election.id) if row.second_id is None))

    assert (ann.state, bela.state, bela.reason) == ("admitted", "refused", "No statement.")


def told(kind: str) -> list[Any]:
    found = select(EventRow.payload).where(EventRow.name == kind).order_by(EventRow.id)
    return list(db.session.scalars(found))


def test_everybody_is_reminded_three_days_and_one_day_before_the_close_once(
    traveller: time_machine.Traveller,
) -> None:
    election = brought_to("voting", traveller)
    remind = periodic_jobs()["iocop.elections.jobs.remind"].work

    for hours_left in (100, 73, 72, 60, 26, 25, 24, 3, 1):
        traveller.move_to(election.closes_at - timedelta(hours=hours_left))
        remind()

    assert [row["days_left"] for row in told("RemindersDue")] == [3, 1]
