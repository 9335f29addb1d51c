"""A seat that fell vacant is filled from the same papers."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from iocop.core import clock, errors
from iocop.core.db import act
from iocop.elections.models import Election, ElectionAct, Nomination
from iocop.elections.queries import countbacks
from iocop.elections.services import vacating
from iocop.members.models import Member
from iocop.roles.models import RoleGrant
from tests.elections.held import Held, hold
from tests.factories import make_member, saved, viewer_of

if TYPE_CHECKING:
    from tests.client import Browser

pytestmark = pytest.mark.usefixtures("app")


def with_candidates(voters: int = 9, rule: str = "scottish") -> tuple[Held, list[Member]]:
    """A counted election of 2 seats: candidates 1 and 2 won, 3 is everybody's next choice; the elected sit."""
    held = hold(voters, rules={"rule": rule, "seats": 2, "board_size": 2, "cap": False})
    people = [make_member(joined_at=clock.now() - timedelta(days=900), name=f"Person {n}") for n in (1, 2, 3)]
    for number, member in enumerate(people, 1):
        saved(
            Nomination(
                election_id=held.id, member_id=member.id, nominated_by_id=member.id, nominated_at=clock.now(),
                state="admitted", number=number,
            )
        )  # fmt: skip
    for place, member in enumerate(held.voters):
        held.vote(member, *((1, 2, 3) if place % 2 else (2, 1, 3)))
    held.close()
    held.give_keys(1, 2)
    held.count()
    now = clock.now()
    for member in people[:2]:
        saved(
            RoleGrant(
                member_id=member.id, role="board_member", decision_id=1, valid_from=now - timedelta(days=30),
                valid_to=now + timedelta(days=700),
            )
        )  # fmt: skip
    return held, people


def vacancy(held: Held, gone: Member) -> Election:
    """The draft that fills the seat of a member who left the board."""
    now = clock.now()
    with act() as session:
        grant = session.query(RoleGrant).filter_by(member_id=gone.id, role="board_member").one()
        grant.valid_to = now
        made = Election(
            kind="vacancy", state="draft", title="A seat on the board", seats=1, term_starts_on=now.date(),
            rule_set_id=held.election.rule_set_id, rules=held.election.rules, earlier_id=held.id,
            vacated_by_id=gone.id, created_at=now, created_by_id=held.officers[0].id, state_since=now,
            nominations_open_at=now, nominations_close_at=now, opens_at=now, closes_at=now, keys_until=now,
            complaints_until=now + timedelta(days=7),
        )  # fmt: skip
        session.add(made)
    return made


def test_the_next_choice_of_the_same_papers_takes_the_seat_and_the_page_tells_it(browser: Browser) -> None:
    held, people = with_candidates()
    election = vacancy(held, people[0])
    page = browser.sign_in(people[2]).page(f"/elections/{election.id}")
    assert "Person 1 left it" in page.get_text(" ", strip=True)
    browser.post(f"/elections/{election.id}/would-serve", {"serves": "yes"})
    with act():
        vacating.count_back(election, ElectionAct())
        election.state = "counted"
    found = countbacks.kept(election)
    assert found is not None
    assert found.outcome.elected == (3,)
    assert (found.sitting, found.away) == ((2,), (1,))
    assert "The seat goes to" in browser.page(f"/elections/{election.id}/result").get_text()
    saved(RoleGrant(member_id=people[2].id, role="board_member", decision_id=1, valid_from=clock.now()))
    again = countbacks.kept(election)
    assert again is not None
    assert again.outcome.elected == (3,), "who sits by it since does not change it"


def test_papers_counted_by_another_rule_are_not_counted_back_by_this_one() -> None:
    held, people = with_candidates(rule="meek")
    election = vacancy(held, people[1])
    vacating.say(viewer_of(people[2]), election.id, serves=True)
    with pytest.raises(errors.Conflict, match="no poll by Scottish rules"), act():
        vacating.count_back(election, ElectionAct())


def test_everybody_is_asked_before_anything_is_counted() -> None:
    held, people = with_candidates()
    election = vacancy(held, people[1])
    with pytest.raises(errors.Conflict, match="would serve"), act():
        vacating.count_back(election, ElectionAct())
    with pytest.raises(errors.Refused, match="earlier election"):
        vacating.say(viewer_of(make_member()), election.id, serves=True)
    vacating.say(viewer_of(people[2]), election.id, serves=False)
    with pytest.raises(errors.Conflict, match="by-election"), act():
        vacating.count_back(election, ElectionAct())
