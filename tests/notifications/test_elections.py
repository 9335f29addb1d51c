"""Who is told what of an election: by choice in the inbox and by mail, and what goes to everybody whatever they chose."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import insert, select, update

from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.events import emit
from iocop.core.models import MailRow
from iocop.elections.events import ElectionMoved, MailingSent, RemindersDue
from iocop.elections.models import BoardHead, ElectionComplaint, RollEntry, TokenIssue
from iocop.elections.queries import casting
from iocop.elections.services import acting, blocking, campaigning, closing, complaining, mailing, nominating
from iocop.members.models import Member
from iocop.members.services.leaving import erase
from iocop.notifications import services
from iocop.notifications.models import Notice
from tests.elections.factories import brought_to, done, make_officers, stand
from tests.elections.held import hold
from tests.factories import make_member, viewer_of
from tests.notifications.told import mails_to, told
from tests.people import officer, person

if TYPE_CHECKING:
    from tests.client import Browser

pytestmark = pytest.mark.usefixtures("app")

FAR = 1_000_000
"""A member number that no other test comes near: those made one by one are counted through the whole run."""


def body(member: Member) -> str:
    return "\n".join(row.body for row in mails_to(member))


def test_who_is_proposed_by_another_is_told_and_finds_the_page(browser: Browser, time_machine: Any) -> None:
    ann, bob = person("Ada Ask"), person("Bob Best")
    election = brought_to("nominations", time_machine)
    row = nominating.nominate(viewer_of(ann), election.id, bob.id)
    assert "election" in told(bob)
    assert "Ada Ask proposes you as a candidate: Board 2027." in body(bob)
    assert f"/elections/{election.id}/candidates/{row.id}" in body(bob)
    assert "Ada Ask proposes you" in browser.sign_in(bob).get("/inbox").text


def test_who_proposes_themselves_is_told_nothing_of_it(time_machine: Any) -> None:
    ann = person("Ada Ask")
    election = brought_to("nominations", time_machine)
    before = len(told(ann))
    nominating.nominate(viewer_of(ann), election.id, ann.id)
    assert len(told(ann)) == before


def test_a_candidate_reads_why_they_were_refused(browser: Browser, time_machine: Any) -> None:
    people, bob = make_officers(), person("Bob Best")
    election = brought_to("nominations", time_machine, people)
    row = stand(election, bob, "accepted")
    done(election, "refuse_nomination", people, "Two terms were served already.", row.id)
    assert "Two terms were served already." in body(bob)
    assert any(row.subject.startswith("Your nomination was refused: Board 2027") for row in mails_to(bob))
    assert "Two terms were served already." in browser.sign_in(bob).get("/inbox").text


def test_the_other_officers_must_act_and_not_the_one_who_proposed(time_machine: Any) -> None:
    people = make_officers()
    election = brought_to("nominations", time_machine, people)
    before = [len(told(row)) for row in people]
    acting.propose(viewer_of(people[0]), election.id, "void", "A test.")
    assert [len(told(row)) for row in people] == [before[0], before[1] + 1, before[2] + 1]
    assert f"/elections/{election.id}/desk" in body(people[1])
    assert "Olga Oak proposed something" in body(people[1])


def test_everybody_who_may_vote_is_told_that_nominations_are_open_and_who_chose_otherwise_is_not(
    time_machine: Any,
) -> None:
    ann, bob = person("Ada Ask"), person("Bob Best")
    services.choose(viewer_of(bob), {"election": (True, False)})
    brought_to("nominations", time_machine)
    assert told(ann) == told(bob) == ["election"]
    assert "List-Unsubscribe" in mails_to(ann)[0].headers
    assert mails_to(bob) == []


def test_the_freeze_is_mailed_to_everybody_on_the_roll_whatever_they_chose(time_machine: Any) -> None:
    ann, bob = person("Ada Ask"), person("Bob Best")
    services.choose(viewer_of(bob), {"election": (False, False)})
    election = brought_to("voting", time_machine)
    frozen = casting.poll_of(election.id).freeze_hash
    for member in (ann, bob):
        assert any(str(frozen) in row.body for row in mails_to(member))
    assert told(bob) == []
    assert "Voting is open: Board 2027." in body(ann)
    assert len(mails_to(bob)) == 1


def test_told_twice_nobody_gets_anything_twice(time_machine: Any) -> None:
    ann = person("Ada Ask")
    election = brought_to("voting", time_machine)
    before = told(ann), len(mails_to(ann))
    with act():
        emit(ElectionMoved(None, election_id=election.id, act_id=1, state="voting"))
    assert (told(ann), len(mails_to(ann))) == before


def test_a_reminder_says_who_fetched_a_token_that_only_their_browser_knows_more() -> None:
    held = hold()
    fetched, not_yet = held.voters[:2]
    held.token(fetched)
    with act():
        emit(RemindersDue(None, election_id=held.id, days_left=1))
    assert "You fetched a token; only your browser knows whether you cast." in body(fetched)
    assert "You have not fetched a voting token yet" in body(not_yet)


def test_a_candidates_mailing_goes_as_plain_text_to_everybody_who_may_vote_and_leaves_with_them(
    time_machine: Any,
) -> None:
    ann, bob = person("Ada Ask"), person("Bob Best")
    election = brought_to("campaign", time_machine, candidates=[bob, ann], seats=1)
    rows = {row.member_id: row for row in db.session.scalars(select(_nomination()).order_by("id"))}
    campaigning.send_mailing(viewer_of(bob), election.id, rows[bob.id].id, "<b>Vote</b> for pumps.")
    assert "<b>Vote</b> for pumps." in body(ann)
    assert "Bob Best, who stands, wrote" in body(ann)
    erase(viewer_of(bob))
    assert not any("for pumps" in row.body for row in mails_to(ann))


def _nomination() -> Any:
    from iocop.elections.models import Nomination

    return Nomination


def test_who_complained_reads_the_answer_and_nobody_else(time_machine: Any) -> None:
    people, ann, bob = make_officers(), person("Ada Ask"), person("Bob Best")
    election = brought_to("nominations", time_machine, people)
    row = complaining.complain(viewer_of(ann), election.id, "Too short.")
    before = len(told(bob))
    proposed = complaining.propose_answer(
        viewer_of(people[0]), row.id, "The rules ask for 14 days.", upheld=False
    )
    acting.confirm(viewer_of(people[1]), proposed.id)
    assert "The rules ask for 14 days." in body(ann)
    assert len(told(bob)) == before
    assert db.session.get_one(ElectionComplaint, row.id).answered_at is not None


def test_a_token_is_told_by_the_job_once_in_the_order_of_the_leaves_and_by_no_event() -> None:
    held = hold(6)
    for member in held.voters:
        held.token(member)
    assert [mails_to(member) for member in held.voters] == [[]] * 6
    assert mailing.tell_of_tokens() == 6
    assert mailing.tell_of_tokens() == 0
    mails = db.session.scalars(select(MailRow).order_by(MailRow.id)).all()
    leaves = [re.findall(r"\b[0-9a-f]{64}\b", row.body) for row in mails]
    assert len(mails) == 6
    assert leaves == sorted(leaves), "the order of the mails tells nothing of the order of the issue"
    assert db.session.scalars(select(TokenIssue.told)).all() == [True] * 6
    assert "tell the officers with one press" in mails[0].body
    assert db.session.scalars(select(Notice)).all() == []


def test_who_was_erased_is_not_mailed_and_holds_nobody_up() -> None:
    held = hold(2)
    for member in held.voters:
        held.token(member)
    erase(viewer_of(held.voters[0]))
    assert mailing.tell_of_tokens() == 2
    assert [row.recipient_id for row in db.session.scalars(select(MailRow))] == [held.voters[1].id]


def test_heads_are_mailed_to_officers_and_candidates_at_most_hourly(time_machine: Any) -> None:
    held = hold(22)
    for member in held.voters[:11]:
        held.vote(member, 1, 2, 3)
    blocking.catch_up(casting.poll_of(held.id))
    mailing.mail_heads()
    first = mails_to(held.officers[0])
    head = db.session.scalars(select(BoardHead)).one()
    assert f"block 1 {head.head.hex()} tokens 11 {head.issues_head.hex()}" in first[0].body
    assert head.mailed_at is not None
    for member in held.voters[11:]:
        held.vote(member, 3, 2, 1)
    blocking.catch_up(casting.poll_of(held.id))
    mailing.mail_heads()
    assert len(mails_to(held.officers[0])) == 1
    time_machine.move_to(clock.now() + timedelta(minutes=61))
    mailing.mail_heads()
    assert len(mails_to(held.officers[0])) == 2
    assert mails_to(held.voters[0]) == []


def test_the_seal_is_mailed_with_all_heads_and_at_once() -> None:
    held = hold(12)
    for member in held.voters[:3]:
        held.vote(member, 1, 2, 3)
    with act():
        closing.close(held.election)
        held.election.state = "sealed"
        emit(ElectionMoved(None, election_id=held.id, act_id=1, state="sealed"))
    sealed = body(held.officers[0])
    assert f"sealed {held.sealed_hash().hex()}" in sealed
    assert "block 0" in sealed
    assert "block 1" in sealed
    assert db.session.scalars(select(BoardHead.mailed_at)).one() is not None


def test_two_thousand_voters_are_told_in_seconds() -> None:
    held = hold(2)
    now = clock.now()
    with act() as session:
        session.execute(
            insert(Member),
            [
                {"number": FAR + one, "handle": f"v{one}", "name": f"Voter {one}", "email": f"v{one}@post.example",
                 "joined_at": now, "reviewed_at": now}
                for one in range(2000)
            ],
        )  # fmt: skip
        ids = session.scalars(select(Member.id).where(Member.number >= FAR)).all()
        session.execute(
            insert(RollEntry),
            [
                {"election_id": held.id, "member_id": one, "leaf": one.to_bytes(32, "big"), "blocked_reason": "",
                 "size_band": ""}
                for one in ids
            ],
        )  # fmt: skip
        emit(ElectionMoved(None, election_id=held.id, act_id=1, state="voting"))
    started = time.process_time()
    assert len(mails_to(db.session.get_one(Member, ids[-1]))) == 1
    assert time.process_time() - started < 5
    assert len(db.session.scalars(select(Notice.id)).all()) == 2002


def test_an_election_in_another_language_is_told_in_it(time_machine: Any) -> None:
    ann = make_member(locale="de", joined_at=clock.now() - timedelta(days=400))
    brought_to("nominations", time_machine)
    assert len(mails_to(ann)) == 1


def test_a_mailing_of_a_candidate_who_withdrew_is_not_sent(time_machine: Any) -> None:
    ann, bob = person("Ada Ask"), person("Bob Best")
    election = brought_to("campaign", time_machine, candidates=[bob, ann], seats=1)
    row = db.session.scalars(select(_nomination()).where(_nomination().member_id == bob.id)).one()
    with act() as session:
        session.execute(update(_nomination()).values(mailing="Too late.", state="withdrawn"))
        emit(MailingSent(bob.id, election_id=election.id, nomination_id=row.id))
    assert not any("Too late." in mail.body for mail in mails_to(ann))


def test_officers_are_told_that_they_are_and_that_they_are_no_more(time_machine: Any) -> None:
    olga, otis, omar = people = make_officers()
    nora = officer(person("Nora Newcomer"), "returning_officer")
    election = brought_to("nominations", time_machine, people)
    assert body(olga).count("You are an officer of an election") == 0, "she prepared it"
    assert body(otis).count("You are an officer of an election: Board 2027.") == 1

    done(election, "relieve_officer", [olga, otis], "He is ill; decision 12.", omar.id)
    done(election, "name_officer", [olga, otis], "In his place.", nora.id)

    assert "You are no officer of this election any more" in body(omar)
    assert "He is ill; decision 12." in body(omar)
    assert "You were named an officer of an election" in body(nora)
    assert f"/elections/{election.id}/desk" in body(nora)
    assert "Make your keys at the desk" in body(nora)
