"""What the front page says an election asks of whoever looks: to vote, to answer, to act as an officer."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from iocop.core import clock
from iocop.core.db import act, db
from iocop.elections.models import ElectionOfficer, RollEntry
from iocop.elections.queries.calling import calls
from iocop.elections.services import acting, nominating
from tests.elections.factories import brought_to, done, give_all_keys, make_election, make_officers
from tests.elections.held import hold
from tests.factories import make_member, viewer_of
from tests.people import person

if TYPE_CHECKING:
    from iocop.members.models import Member
    from tests.client import Browser

pytestmark = pytest.mark.usefixtures("app")


def asked(member: Member) -> list[str]:
    return [call.what for call in calls(viewer_of(member), clock.now())]


def test_who_is_on_the_roll_reads_on_the_front_page_until_when_to_vote(browser: Browser) -> None:
    held = hold(2)
    voter, stranger = held.voters[0], make_member()
    page = browser.sign_in(voter).get("/").text
    assert "Vote: Board" in page
    assert f"/elections/{held.id}" in page
    assert asked(stranger) == []
    assert "Vote: Board" not in browser.sign_in(stranger).get("/").text


def test_who_fetched_a_token_is_told_that_only_the_browser_knows_more(browser: Browser) -> None:
    held = hold(2)
    held.token(held.voters[0])
    assert asked(held.voters[0]) == ["voted"]
    assert "Only your browser knows whether you cast" in browser.sign_in(held.voters[0]).get("/").text


def test_after_the_close_and_where_no_token_is_issued_nobody_is_asked_to_vote() -> None:
    held = hold(2)
    blocked, other = held.voters
    with act():
        db.session.query(RollEntry).filter_by(member_id=blocked.id).one().blocked_reason = "Entered twice."
    assert (asked(blocked), asked(other)) == ([], ["vote"])
    with act():
        held.election.closes_at = clock.now() - timedelta(minutes=1)
    assert asked(other) == []


def test_members_propose_while_nominations_are_open_and_who_is_proposed_answers(
    browser: Browser, time_machine: Any
) -> None:
    people, ada, bob = make_officers(), person("Ada Ask"), person("Bob Best")
    election = brought_to("nominations", time_machine, people)
    assert asked(ada) == asked(bob) == ["nominate"]
    row = nominating.nominate(viewer_of(ada), election.id, bob.id)
    assert asked(bob) == ["answer"]
    assert f"/elections/{election.id}/candidates/{row.id}" in browser.sign_in(bob).get("/").text
    assert asked(people[0]) == []


def test_officers_are_told_what_waits_for_them(browser: Browser, time_machine: Any) -> None:
    people = make_officers()
    election = brought_to("campaign", time_machine, people)
    assert asked(people[0]) == ["keys"]
    give_all_keys(election)
    assert asked(people[0]) == []
    time_machine.move_to(election.opens_at - timedelta(days=1))
    proposed = acting.propose(viewer_of(people[0]), election.id, "freeze")
    assert [asked(one) for one in people] == [[], ["confirm"], ["confirm"]]
    assert f"/elections/{election.id}/desk" in browser.sign_in(people[1]).get("/").text
    acting.confirm(viewer_of(people[1]), proposed.id)
    assert [asked(one) for one in people] == [["sign"]] * 3


def test_a_sealed_box_waits_for_every_officers_key() -> None:
    held = hold(2)
    held.close()
    assert [asked(one) for one in held.officers] == [["give"]] * 3
    held.give_keys(1)
    assert [asked(one) for one in held.officers] == [[], ["give"], ["give"]]


def test_a_draft_asks_nothing_of_members() -> None:
    ada = person("Ada Ask")
    election = make_election()
    assert asked(ada) == []
    assert db.session.query(ElectionOfficer).filter_by(election_id=election.id).count() == 3


def test_guests_read_that_an_election_is_held_and_how_the_page_follows_it(
    browser: Browser, time_machine: Any
) -> None:
    people = make_officers()
    guest = browser.fresh()
    assert "Board 2027" not in guest.get("/").text
    election = brought_to("nominations", time_machine, people)
    page = guest.get("/").text
    assert "Members propose candidates until" in page
    assert f"/elections/{election.id}" in page
    time_machine.move_to(election.nominations_close_at)
    done(election, "close_nominations", people)
    assert "Members propose candidates until" not in guest.get("/").text
