"""Complaints: within their time, answered by two officers who have no share in it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine

from iocop.core.db import db
from iocop.core.errors import Conflict, Invalid, Refused
from iocop.elections.models import ElectionComplaint, Nomination
from iocop.elections.queries import roll
from iocop.elections.queries.elected import elected
from iocop.elections.queries.elections import acts, candidates
from iocop.elections.services import acting, complaining
from tests.elections.factories import BEGINS, brought_to, done, make_officers, stand
from tests.factories import make_organization, saved, viewer_of
from tests.people import belong, person

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture(autouse=True)
def traveller() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(BEGINS - timedelta(days=3), tick=False) as traveller:
        yield traveller


def test_a_complaint_is_answered_by_two_officers(traveller: time_machine.Traveller) -> None:
    olga, otis, _omar = people = make_officers()
    election = brought_to("nominations", traveller, people)
    bob = person("Bob Birch")

    row = complaining.complain(viewer_of(bob), election.id, " The call came late. ")
    proposed = complaining.propose_answer(viewer_of(olga), row.id, "It came in time.", upheld=False)
    assert db.session.get_one(ElectionComplaint, row.id).answered_at is None
    with pytest.raises(Refused, match="another officer"):
        acting.confirm(viewer_of(olga), proposed.id)
    acting.confirm(viewer_of(otis), proposed.id)

    answered = db.session.get_one(ElectionComplaint, row.id)
    assert (answered.text, answered.answer, answered.upheld) == (
        "The call came late.",
        "It came in time.",
        False,
    )
    assert (answered.first_officer_id, answered.second_officer_id) == (olga.id, otis.id)
    with pytest.raises(Refused, match="is answered"):
        complaining.propose_answer(viewer_of(otis), row.id, "Once more.", upheld=True)


def test_words_are_needed_and_not_too_many(traveller: time_machine.Traveller) -> None:
    election = brought_to("nominations", traveller)
    bob = viewer_of(person("Bob Birch"))

    with pytest.raises(Invalid, match="Say what is wrong"):
        complaining.complain(bob, election.id, " ")
    with pytest.raises(Invalid, match="4,000"):
        complaining.complain(bob, election.id, "x" * 4001)


def test_complaints_have_their_time(traveller: time_machine.Traveller) -> None:
    people = make_officers()
    bob = viewer_of(person("Bob Birch"))
    election = brought_to("draft", traveller, people)

    with pytest.raises(Refused, match="from the opening of nominations"):
        complaining.complain(bob, election.id, "No.")
    traveller.move_to(BEGINS)
    done(election, "open_nominations", people)
    complaining.complain(bob, election.id, "No.")
    traveller.move_to(election.complaints_until + timedelta(seconds=1))
    with pytest.raises(Refused, match="has passed"):
        complaining.complain(bob, election.id, "No.")


def test_no_officer_answers_who_shares_an_organization_group_with_a_candidate(
    traveller: time_machine.Traveller,
) -> None:
    olga, otis, omar = people = make_officers()
    acme = make_organization(name="Acme")
    belong(olga, acme)
    ann = person("Ann Ahorn", acme)
    election = brought_to("nominations", traveller, people)
    stand(election, ann, "refused")

    row = complaining.complain_of_refusal(viewer_of(ann), election.id, "My statement has 100 words.")
    with pytest.raises(Refused, match="two other officers"):
        complaining.propose_answer(viewer_of(olga), row.id, "Admitted.", upheld=True)
    proposed = complaining.propose_answer(viewer_of(otis), row.id, "Admitted.", upheld=True)
    with pytest.raises(Refused, match="two other officers"):
        acting.confirm(viewer_of(olga), proposed.id)
    acting.confirm(viewer_of(omar), proposed.id)

    assert [one.member_id for one in candidates(election.id, ("admitted",))] == [ann.id]
    assert db.session.get_one(Nomination, candidates(election.id)[0].id).reason == ""


def test_a_refusal_upheld_after_a_count_without_a_poll_elects_nobody_more(
    traveller: time_machine.Traveller,
) -> None:
    people = make_officers()
    ann, bela = person("Ann Ahorn"), person("Bela Birke")
    election = brought_to("nominations", traveller, people, seats=1)
    stand(election, ann)
    stand(election, bela, "refused")
    traveller.move_to(election.nominations_close_at)
    done(election, "close_nominations", people)
    done(election, "elect_unopposed", people)

    row = complaining.complain_of_refusal(viewer_of(bela), election.id, "My statement has 100 words.")
    proposed = complaining.propose_answer(viewer_of(people[0]), row.id, "It has.", upheld=True)
    acting.confirm(viewer_of(people[1]), proposed.id)

    assert db.session.get_one(ElectionComplaint, row.id).upheld
    assert elected(election) == [ann.id]


def test_who_complained_does_not_answer(traveller: time_machine.Traveller) -> None:
    olga, otis, omar = people = make_officers()
    election = brought_to("nominations", traveller, people)

    row = complaining.complain(viewer_of(olga), election.id, "We met too late.")
    with pytest.raises(Refused, match="two other officers"):
        complaining.propose_answer(viewer_of(olga), row.id, "So it was.", upheld=True)
    proposed = complaining.propose_answer(viewer_of(otis), row.id, "So it was.", upheld=True)
    with pytest.raises(Refused, match="two other officers"):
        acting.confirm(viewer_of(olga), proposed.id)
    acting.confirm(viewer_of(omar), proposed.id)


def test_only_a_refused_candidate_has_a_refusal_looked_at_again(traveller: time_machine.Traveller) -> None:
    election = brought_to("nominations", traveller)
    ann = person("Ann Ahorn")
    stand(election, ann, "accepted")

    with pytest.raises(Refused, match="No nomination of yours was refused"):
        complaining.complain_of_refusal(viewer_of(ann), election.id, "Please.")


def test_who_did_not_vote_says_so_once_and_only_if_a_token_was_issued(
    traveller: time_machine.Traveller,
) -> None:
    from iocop.elections.models import TokenIssue

    people = make_officers()
    bob, cara = person("Bob Birch"), person("Cara Cork")
    election = brought_to("voting", traveller, people)
    entry = roll.entry_of(election.id, bob.id)
    assert entry is not None
    saved(
        TokenIssue(
            election_id=election.id, entry_id=entry.id, number=1, blinded=b"", blind_signature=b"", head=b""
        )
    )

    row = complaining.say_did_not_vote(viewer_of(bob), election.id)
    assert row.kind == "did_not_vote"
    with pytest.raises(Conflict, match="told the officers already"):
        complaining.say_did_not_vote(viewer_of(bob), election.id)
    with pytest.raises(Refused, match="No voting token was issued"):
        complaining.say_did_not_vote(viewer_of(cara), election.id)
    assert acts(election.id)[-1].verb == "open_voting"
