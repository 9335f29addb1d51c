"""Officers who resign, fall ill or lose their office stop no election; what is frozen stays frozen."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine

from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.errors import Conflict, Invalid, Refused
from iocop.elections.models import Election
from iocop.elections.queries import officers
from iocop.elections.queries.calling import calls
from iocop.elections.queries.elections import candidates, officer_of, waiting_acts
from iocop.elections.queries.elections import officers as officers_of
from iocop.elections.services import acting, keying
from iocop.members.models import Member
from iocop.roles.models import RoleGrant
from tests.elections.factories import (
    BEGINS,
    brought_to,
    done,
    give_all_keys,
    make_election,
    make_officers,
    sign_all,
)
from tests.elections.held import hold
from tests.factories import viewer_of
from tests.people import officer, person

if TYPE_CHECKING:
    from tests.client import Browser

pytestmark = pytest.mark.usefixtures("app")
WHY = "She is ill; decision 12 of the board."


def named(name: str = "Nora Newcomer", role: str = "returning_officer") -> Member:
    with act():
        return officer(person(name), role)


def numbers(election_id: int) -> list[tuple[int, int, bool]]:
    return [(row.member_id, row.number, row.chairs) for row in officers_of(election_id)]


def lose_office(member: Member) -> None:
    with act() as session:
        session.query(RoleGrant).filter_by(member_id=member.id).one().valid_to = clock.now()


def test_two_officers_replace_a_third_before_the_freeze_and_the_log_says_why(browser: Browser) -> None:
    with time_machine.travel(BEGINS, tick=False) as traveller:
        olga, otis, omar = people = make_officers()
        election = brought_to("nominations", traveller, people)
        nora = named()
        waiting = acting.propose(viewer_of(olga), election.id, "extend", "A holiday.", 3)

        done(election, "relieve_officer", [otis, omar], WHY, olga.id)
        done(election, "name_officer", [otis, omar], "In her place.", nora.id)

        assert numbers(election.id) == [(otis.id, 1, True), (omar.id, 2, False), (nora.id, 3, False)]
        assert db.session.get_one(Election, election.id).needed == 2
        assert waiting.taken_back_at is not None
        with pytest.raises(Refused, match="Only the officers"):
            acting.propose(viewer_of(olga), election.id, "extend", "A holiday.", 3)
        assert acting.propose(viewer_of(nora), election.id, "extend", "A holiday.", 3)
        log = browser.page(f"/elections/{election.id}/acts").get_text(" ", strip=True)
        assert "Otis Olive and Omar Osier relieved an officer: Olga Oak. She is ill; decision 12" in log
        assert "named a further officer: Nora Newcomer" in log


def test_who_waits_with_a_signature_is_relieved_only_after_the_freeze_is_taken_back() -> None:
    with time_machine.travel(BEGINS, tick=False) as traveller:
        olga, otis, omar = people = make_officers()
        election = brought_to("campaign", traveller, people)
        give_all_keys(election)
        done(election, "freeze", people)
        with pytest.raises(Conflict, match="take the freeze back first"):
            acting.propose(viewer_of(otis), election.id, "relieve_officer", WHY, olga.id)

        sign_all(election)
        done(election, "relieve_officer", [otis, omar], WHY, olga.id)
        assert [row[0] for row in numbers(election.id)] == [olga.id, otis.id, omar.id], "her key is frozen"
        done(election, "name_officer", [otis, omar], WHY, (nora := named()).id)
        with pytest.raises(Refused, match="frozen"):
            keying.give_keys(viewer_of(nora), election.id, b"1" * 32, b"2" * 32, b"3" * 32)

        done(election, "thaw", [otis, nora], "Nora takes part from the start.")
        assert numbers(election.id) == [(otis.id, 1, True), (omar.id, 2, False), (nora.id, 3, False)]


def test_who_is_named_after_the_freeze_acts_but_the_frozen_keys_open_the_ballots(browser: Browser) -> None:
    held, nora = hold(3), named()
    first, second, third = held.officers

    done(held.election, "relieve_officer", [second, third], WHY, first.id)
    done(held.election, "name_officer", [second, third], WHY, nora.id)

    words = browser.page(f"/elections/{held.id}").get_text(" ", strip=True)
    assert "Of the 3 keys that are frozen 2 can be counted on; 2 open the ballots." in words
    assert "If one more is lost, nobody can open the ballots, and the election is void." in words
    held.close()
    acting.propose(viewer_of(nora), held.id, "void", "To be taken back.")
    with pytest.raises(Refused, match="none of the frozen keys is yours"):
        held.give_key(viewer_of(nora), 1)
    held.give_keys(1, 2)  # who was relieved can give the frozen key all the same
    assert officers.keys(held.election, officers.posts(held.election, clock.now())) == (3, 2, 3, 2)


def test_before_and_after_the_page_says_what_too_few_keys_mean(browser: Browser) -> None:
    held = hold(3)
    first, second, third = held.officers
    lose_office(first)
    lose_office(second)
    desk = browser.sign_in(third).page(f"/elections/{held.id}/desk").get_text(" ", strip=True)
    assert "the office of returning officer has ended" in desk
    assert "of the 3 that are frozen 1 can be counted on" in desk
    assert "nobody can open the ballots: the election is void" in desk

    held.close()
    with act():
        held.election.keys_until = clock.now() - timedelta(minutes=1)
    words = browser.fresh().page(f"/elections/{held.id}").get_text(" ", strip=True)
    assert "0 of the 2 keys it takes were given in time. Nobody can open the ballots any more" in words
    page = browser.page(f"/elections/{held.id}/desk")
    assert page.select_one(f"[aria-labelledby=next] a[href='/elections/{held.id}/desk/void']")


def test_where_one_officer_is_left_an_administrator_is_the_second(browser: Browser) -> None:
    with time_machine.travel(BEGINS - timedelta(days=3), tick=False) as traveller:
        olga, otis, omar = people = make_officers()
        election = make_election(people)
        traveller.move_to(BEGINS)
        done(election, "open_nominations", people)
        ada, ben = named("Ada Admin", "administrator"), named("Ben Boss", "administrator")
        nora = named()
        with pytest.raises(Refused, match="Two officers are left"):
            acting.propose(viewer_of(ada), election.id, "name_officer", WHY, nora.id)
        for gone in (olga, otis):
            lose_office(gone)
        with pytest.raises(Refused, match="Only the officers"):
            acting.propose(viewer_of(ada), election.id, "extend", WHY, 3)

        browser.sign_in(ada)
        told = browser.post(
            f"/elections/{election.id}/desk/name_officer",
            {"officer": nora.id, "note": WHY},
            follow_redirects=True,
        )
        assert "Name a further officer: Nora Newcomer" in told.text
        proposed = waiting_acts(election.id)[-1].id
        with pytest.raises(Refused, match="not two administrators"):
            acting.confirm(viewer_of(ben), proposed)
        acting.confirm(viewer_of(omar), proposed)
        assert officers.serving(election, clock.now()) == {omar.id, nora.id}


def test_where_no_officer_is_left_two_administrators_name_one() -> None:
    with time_machine.travel(BEGINS, tick=False) as traveller:
        people = make_officers()
        election = brought_to("nominations", traveller, people)
        ada, ben = named("Ada Admin", "administrator"), named("Ben Boss", "administrator")
        nora = named()
        for gone in people:
            lose_office(gone)
        done(election, "name_officer", [ada, ben], WHY, nora.id)
        assert officers.serving(election, clock.now()) == {nora.id}


@pytest.mark.parametrize("who", ["a candidate", "no returning officer", "an officer already"])
def test_only_a_returning_officer_without_a_share_in_it_is_named(who: str, browser: Browser) -> None:
    with time_machine.travel(BEGINS, tick=False) as traveller:
        olga, otis, _omar = people = make_officers()
        election = brought_to("screening", traveller, people)
        standing = db.session.get_one(Member, candidates(election.id)[0].member_id)
        with act():
            officer(standing, "returning_officer")
        member = {
            "a candidate": standing, "no returning officer": person("Nobody Special"), "an officer already": otis,
        }[who]  # fmt: skip
        with pytest.raises(Invalid, match="neither serve here nor stand"):
            acting.propose(viewer_of(olga), election.id, "name_officer", WHY, member.id)
        page = browser.sign_in(olga).post(
            f"/elections/{election.id}/desk/name_officer", {"officer": member.id, "note": WHY}
        )
        assert page.status_code == 422
        assert WHY in page.text


def test_an_officer_named_again_serves_again() -> None:
    held = hold(3)
    first, second, third = held.officers
    done(held.election, "relieve_officer", [second, third], WHY, first.id)
    with pytest.raises(Invalid, match="one of the officers"):
        acting.propose(viewer_of(second), held.id, "relieve_officer", WHY, first.id)
    done(held.election, "name_officer", [second, third], "She is well again.", first.id)
    assert officers.serving(held.election, clock.now()) == {one.id for one in held.officers}
    assert sum(chairs for _member, _number, chairs in numbers(held.id)) == 1


def test_the_desk_is_closed_to_who_was_relieved(browser: Browser) -> None:
    held = hold(3)
    first, second, third = held.officers
    done(held.election, "relieve_officer", [second, third], WHY, first.id)
    assert browser.sign_in(first).get(f"/elections/{held.id}/desk").status_code == 403
    assert officer_of(held.id, first.id) is not None
    acting.propose(viewer_of(second), held.id, "void", "To be taken back.")
    assert [call.what for call in calls(viewer_of(third), clock.now())] == ["confirm"]
    assert calls(viewer_of(first), clock.now()) == []
    with pytest.raises(Refused, match="You were relieved"):
        acting.propose(viewer_of(first), held.id, "void", "No.")
