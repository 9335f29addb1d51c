"""Observations of the theory register about elections, boards and the offices they give."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.errors import Refused
from iocop.elections.counting import scottish
from iocop.elections.counting.capping import Cap, usual_most
from iocop.elections.measuring import expected_groups, median_days, spread
from iocop.elections.models import Election, RollEntry, TokenIssue
from iocop.elections.queries.figures import figures
from iocop.elections.rules import Rules
from iocop.elections.services import counting
from iocop.reputation.models import LedgerRow
from iocop.roles import services as roles
from iocop.roles.models import Decision, RoleGrant
from tests.elections.counting.drawn import patient, profiles
from tests.elections.factories import make_election, make_officers
from tests.elections.held import hold
from tests.factories import make_member, make_organization, saved, viewer_of
from tests.forums.factories import make_domain
from tests.people import officer, person
from tests.reputation.ledgers import make_thing

if TYPE_CHECKING:
    from tests.client import Browser

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


@pytest.mark.theory("0.18")
@patient
@given(profiles(), st.data())
def test_no_count_seats_more_of_a_group_than_its_cap(profile: Any, data: st.DataObject) -> None:
    """Two, or a third of the board, whichever is larger; directors who stay are counted."""
    candidates = range(1, len(profile.candidates) + 1)
    groups = {number: data.draw(st.integers(1, 3)) for number in candidates}
    board = data.draw(st.integers(profile.seats, 12))
    most = usual_most(board)
    staying = data.draw(st.dictionaries(st.integers(1, 3), st.integers(0, most)))

    outcome = scottish.count(profile, data.draw(st.permutations(candidates)), Cap(groups, most, staying))

    held = Counter(staying) + Counter(groups[number] for number in outcome.elected)
    assert most == max(2, board // 3)
    assert all(seats <= most for seats in held.values())


@pytest.mark.theory("0.18")
def test_the_rules_a_site_begins_with_are_those_of_a_representative_board() -> None:
    rules = Rules()

    assert (rules.term_months, rules.most_terms) == (36, 2)
    assert (rules.days_to_stand, rules.days_to_vote, rules.cap) == (365, 30, True)


@given(st.lists(st.integers(1, 6), min_size=1, max_size=5), st.integers(0, 8))
@settings(deadline=None)
def test_the_expected_number_of_organizations_is_that_of_all_draws(sizes: list[int], seats: int) -> None:
    """Against the definition: every way to draw so many members is equally likely."""
    from itertools import combinations

    members = [group for group, size in enumerate(sizes) for _ in range(size)][:12]
    drawn = min(seats, len(members))
    ways = [len({members[place] for place in chosen}) for chosen in combinations(range(len(members)), drawn)]

    assert expected_groups(list(Counter(members).values()), seats) == Fraction(sum(ways), len(ways))


def test_spread_and_median_by_hand() -> None:
    assert spread([]) == 0
    assert spread([7]) == 0
    assert spread([2, 1, 1]) == Fraction(5, 8)
    assert median_days([]) is None
    assert median_days([86_400, 3 * 86_400, 4 * 86_400]) == 3


@pytest.mark.theory("0.7")
@pytest.mark.theory("0.18")
@pytest.mark.usefixtures("app")
def test_governance_is_shown_in_figures_and_no_voter_is_named(browser: Browser) -> None:
    """A board of four: two of Acme, one of Rival, one alone: 1 − (4 + 1 + 1)/16; 3 of 5 took tokens; 10 and 20 days."""
    with time_machine.travel(NOW, tick=False):
        acme, rival = make_organization(name="Acme"), make_organization(name="Rival")
        board = [person("Ann A", acme), person("Bea B", acme), person("Cem C", rival), person("Dov D")]
        for member in board:
            officer(member, "board_member")
        voters = [person(f"Voter{number} V") for number in range(5)]
        people = make_officers()
        for days in (10, 20):
            _certified(people, days)
        _took_tokens(db.session.scalars(select(Election).order_by(Election.id.desc())).first(), voters)

        found = figures(NOW)
        page = browser.page("/elections/figures")

    assert (found.filled, found.groups, found.largest) == (4, 3, 2)
    assert found.spread == Fraction(5, 8)
    assert found.turnout == (3, 5)
    assert found.days == 15
    # of 12 active members, two are of Acme: 4 drawn hold 4 − P(both of Acme) = 4 − C(10,2)/C(12,4) groups
    assert found.expected == 4 - Fraction(45, 495)
    words = " ".join(page.get_text(" ").split())
    for shown in ("4 of 7", "0.625", "3.9", "60 %", "15.0"):
        assert shown in words
    assert "Voter" not in words


def _certified(people: list[Any], days: int) -> None:
    with time_machine.travel(NOW - timedelta(days=days), tick=False):
        election = make_election(people)
    with act():
        election.state, election.state_since = "certified", NOW


def _took_tokens(election: Election | None, voters: list[Any]) -> None:
    assert election is not None
    for number, member in enumerate(voters, 1):
        leaf = bytes([number]) * 32
        entry = saved(RollEntry(election_id=election.id, member_id=member.id, leaf=leaf))
        if number <= 3:
            saved(
                TokenIssue(
                    election_id=election.id, entry_id=entry.id, number=number, blinded=b"", blind_signature=b"",
                    head=b"",
                )
            )  # fmt: skip


@pytest.mark.theory("0.3a")
@pytest.mark.usefixtures("app")
def test_offices_change_by_decision_only_and_the_elected_hold_theirs_by_the_members(browser: Browser) -> None:
    from tests.elections.test_certifying import unopposed

    with time_machine.travel(NOW - timedelta(days=3), tick=False) as traveller:
        boss, sponsor = officer(person("Ada Alder"), "administrator"), person("Spon Sor")
        people = make_officers()
        ann = person("Ann Ahorn")
        election = unopposed(traveller, people, [ann])
        _certify(election, people)
        founding = roles.found_site()

        with pytest.raises(Refused) as error:
            roles.grant_role(viewer_of(boss), sponsor.id, "board_member", None)
        assert error.value.status == 403
        with pytest.raises(Refused, match="founding decision carried offices until the first board"):
            roles.grant_role(viewer_of(boss), sponsor.id, "board_member", founding)
        answer = browser.sign_in(sponsor).post("/admin/roles", {"role": "board_member"})
        assert answer.status_code == 403

    grants = db.session.scalars(select(RoleGrant)).all()
    assert all(db.session.get(Decision, grant.decision_id) is not None for grant in grants)
    mine = next(grant for grant in grants if grant.role == "board_member")
    assert db.session.get_one(Decision, mine.decision_id).body == "The members, by ballot"


def _certify(election: Election, people: list[Any]) -> None:
    from tests.elections.factories import done

    done(election, "certify", people)


@pytest.mark.theory("1.32")
@pytest.mark.usefixtures("app")
def test_points_move_no_result_and_votes_move_no_points() -> None:
    """Whatever points the voters and candidates have, and whoever has them, the same papers give the same bytes."""
    held = hold(voters=6)
    domain, author = make_domain(), make_member()
    rows = [_points(member.id, domain.id, author) for member in (*held.voters, *held.officers)]
    before = _ledger()
    for place, member in enumerate(held.voters):
        held.vote(member, *[(place + candidate) % 3 + 1 for candidate in range(3)])
    held.close()
    held.give_keys(1, 3)

    assert _ledger() == before
    results = [counting.open_ballots(held.id).documents]
    for turn in (1, 4):
        amounts = [row.amount_mp for row in rows]
        with act():
            for row, amount in zip(rows, [*amounts[turn:], *amounts[:turn]], strict=True):
                row.amount_mp = amount
        results.append(counting.open_ballots(held.id).documents)
    assert results[0] == results[1] == results[2]


def _points(member_id: int, domain_id: int, author: Any) -> LedgerRow:
    thing = make_thing(author)
    return saved(
        LedgerRow(
            at=clock.now(), member_id=member_id, domain_id=domain_id, rule="answer_endorsed", rule_version=1,
            base_mp=10_000, factors={}, amount_mp=1_000 * member_id, source_id=thing,
        )
    )  # fmt: skip


def _ledger() -> list[tuple[int, int]]:
    rows = db.session.execute(select(LedgerRow.member_id, LedgerRow.amount_mp).order_by(LedgerRow.id))
    return [(row.member_id, row.amount_mp) for row in rows]
