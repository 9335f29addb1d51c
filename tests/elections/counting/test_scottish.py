"""The Scottish rules against a second count on paper, and against the wording of the order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iocop.elections.counting import blt, countback
from iocop.elections.counting.capping import Cap, usual_most
from iocop.elections.counting.outcome import UNITS
from iocop.elections.counting.papers import Paper, Profile
from iocop.elections.counting.scottish import count
from tests.elections.counting.drawn import disguises, profiles, renamed
from tests.elections.counting.oracle import counted, found

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

often = settings(deadline=None, max_examples=120, suppress_health_check=[HealthCheck.too_slow])


def election(seats: int, *ballots: str, candidates: int = 4, withdrawn: str = "") -> Profile:
    """An election from lines as a ballot file has them, without the 0 at their end."""
    lines = [f"{candidates} {seats}", withdrawn, *(f"{ballot} 0" for ballot in ballots), "0"]
    names = [f'"{letter}"' for letter in "ABCDEFGH"[:candidates]]
    return blt.read("\n".join([*lines, *names, '"Board"']).encode())


@st.composite
def rough(draw: st.DrawFn) -> Profile:
    """Elections with strict rankings and room for surpluses, many of them full of ties."""
    candidates = draw(st.integers(2, 7))
    ranking = st.permutations(range(1, candidates + 1)).flatmap(
        lambda order: st.integers(1, candidates).map(lambda length: tuple((who,) for who in order[:length]))
    )
    weight = draw(st.sampled_from([st.just(1), st.integers(0, 3), st.integers(1, 40)]))
    papers = draw(st.lists(st.builds(Paper, ranking, weight), min_size=1, max_size=14))
    return Profile(draw(st.integers(1, candidates)), ("",) * candidates, tuple(papers))


@st.composite
def capped(draw: st.DrawFn) -> tuple[Profile, Sequence[int], Cap]:
    profile = draw(st.one_of(rough(), profiles()))
    numbers = range(1, len(profile.candidates) + 1)
    groups = draw(st.dictionaries(st.sampled_from(numbers), st.sampled_from("xyz")))
    already = draw(st.dictionaries(st.sampled_from("xyz"), st.integers(0, 2), max_size=2))
    return profile, draw(st.permutations(numbers)), Cap(groups, draw(st.integers(1, 3)), already)


@settings(often, max_examples=250)
@given(profile=st.one_of(rough(), profiles()), data=st.data())
def test_a_second_count_on_paper_finds_the_same_at_every_stage(profile: Profile, data: st.DataObject) -> None:
    lot = data.draw(st.permutations(range(1, len(profile.candidates) + 1)))

    assert found(count(profile, lot)) == counted(profile, lot)


@often
@given(given_=capped())
def test_a_second_count_on_paper_finds_the_same_under_a_cap(
    given_: tuple[Profile, Sequence[int], Cap],
) -> None:
    assert found(count(*given_)) == counted(*given_)


@often
@given(given_=capped())
def test_the_cap_is_never_exceeded(given_: tuple[Profile, Sequence[int], Cap]) -> None:
    profile, lot, cap = given_

    elected = count(profile, lot, cap).elected

    for group in "xyz":
        taken = sum(cap.groups.get(candidate) == group for candidate in elected)
        assert taken == 0 or taken + cap.already.get(group, 0) <= cap.most


@often
@given(profile=st.one_of(rough(), profiles()), data=st.data())
def test_a_cap_that_never_binds_changes_nothing(profile: Profile, data: st.DataObject) -> None:
    numbers = range(1, len(profile.candidates) + 1)
    lot = data.draw(st.permutations(numbers))
    groups = data.draw(st.dictionaries(st.sampled_from(numbers), st.sampled_from("xyz")))
    most = max([list(groups.values()).count(group) for group in "xyz"]) + 1

    assert count(profile, lot, Cap(groups, most)) == count(profile, lot)


@often
@given(profile=st.one_of(rough(), profiles()), data=st.data())
def test_a_second_count_on_paper_finds_the_same_at_a_countback(profile: Profile, data: st.DataObject) -> None:
    numbers = range(1, len(profile.candidates) + 1)
    lot = data.draw(st.permutations(numbers))
    board = count(profile, lot).elected
    away = set(data.draw(st.lists(st.sampled_from(board), min_size=1))) if board else set()
    unwilling = data.draw(st.sets(st.sampled_from(numbers), max_size=1)) - set(board)
    sitting = set(board) - away
    groups = data.draw(st.dictionaries(st.sampled_from(numbers), st.sampled_from("xy")))
    cap = data.draw(st.none() | st.just(Cap(groups, 2)))
    vacancies = profile.seats - len(sitting)
    if vacancies == 0:
        return

    outcome = countback.count(profile, lot, sitting=sitting, away=away | unwilling, cap=cap)

    standing = replace(profile, withdrawn=profile.withdrawn | away | unwilling)
    assert found(outcome) == counted(standing, lot, cap, sitting=sitting, vacancies=vacancies)
    assert not sitting & {*outcome.excluded, *outcome.elected}
    assert not (away | unwilling) & set(outcome.elected)


@often
@given(disguised=disguises())
def test_numbers_order_and_bundling_of_papers_change_nothing(
    disguised: tuple[Profile, Sequence[int], Profile, Sequence[int], Mapping[int, int]],
) -> None:
    profile, lot, other, other_lot, called = disguised

    assert renamed(count(profile, lot), called) == renamed(count(other, other_lot), {n: n for n in lot})


@often
@given(given_=capped())
def test_every_stage_sums_to_the_valid_papers(given_: tuple[Profile, Sequence[int], Cap]) -> None:
    outcome = count(*given_)

    for stage in outcome.stages:
        assert sum(stage.totals.values()) + stage.nontransferable + stage.lost == outcome.valid * UNITS
        moved = sum(transfer.units for transfer in stage.transfers if transfer.target)
        assert moved >= 0
        assert all(transfer.source in stage.moved for transfer in stage.transfers)


# ---------------------------------------------------------------- the wording


def test_a_total_equal_to_the_quota_is_no_surplus_and_makes_no_stage() -> None:
    outcome = count(election(2, "4 1 2", "3 2", "3 3", "1 4", candidates=4), [1, 2, 3, 4])

    assert outcome.quota == 4 * UNITS
    assert [stage.kind for stage in outcome.stages] == ["first", "exclusion", "exclusion"]


def test_transfer_values_are_cut_off_and_what_is_lost_is_told() -> None:
    outcome = count(election(2, "7 1 2", "2 2", "3 3"), [1, 2, 3, 4])

    assert outcome.quota == 5 * UNITS
    assert outcome.stages[1].totals == {1: 500000, 2: 200000 + 7 * 28571, 3: 300000, 4: 0}  # 2/7 = 0.285714…
    assert outcome.stages[1].lost == 3


def test_candidates_without_a_vote_are_excluded_one_by_one() -> None:
    outcome = count(election(1, "3 1", "2 2", candidates=5), [1, 2, 3, 4, 5])

    assert outcome.stages[0].elected == (1,)
    outcome = count(election(1, "2 1", "2 2", "1 3", candidates=5), [1, 2, 3, 4, 5])
    assert [stage.moved for stage in outcome.stages] == [(), (5,), (4,), (3,), (2,)]


def test_those_who_continue_and_equal_the_vacancies_are_elected_at_once() -> None:
    outcome = count(election(3, "9 1 2", "2 2", "1 3", candidates=3), [1, 2, 3])

    assert [stage.kind for stage in outcome.stages] == ["first"]
    assert outcome.elected == (1, 2, 3)


def test_seats_without_candidates_stay_vacant() -> None:
    outcome = count(election(4, "2 1", "1 2", candidates=2), [1, 2])

    assert (outcome.elected, outcome.vacant) == ((1, 2), 2)


def test_papers_are_valid_as_far_as_their_first_preference_is_clear() -> None:
    profile = election(
        1, "1 - 1", "2 1=2 3", "4 3=1 2", "8 1 2=4 3", "16 2 - 1", "32 3", "64", withdrawn="-3", candidates=4
    )

    outcome = count(profile, [1, 2, 4])

    assert (outcome.valid, outcome.invalid) == (4 + 8 + 16, 1 + 2 + 32 + 64)
    assert outcome.stages[0].totals == {1: 12 * UNITS, 2: 16 * UNITS, 4: 0}


def test_a_gap_or_a_shared_rank_further_down_ends_a_paper() -> None:
    outcome = count(election(1, "3 1 - 2", "3 4 2=3 1", "5 2", "4 3"), [1, 2, 3, 4])

    assert outcome.stages[1].nontransferable == 3 * UNITS
    assert outcome.stages[2].nontransferable == 6 * UNITS


def test_a_rank_all_of_whom_are_withdrawn_is_no_gap() -> None:
    outcome = count(election(1, "3 3=4 1", "2 2", withdrawn="-3 -4"), [1, 2])

    assert outcome.elected == (1,)
    assert outcome.invalid == 0


@pytest.mark.parametrize("profile", [election(1, "0 1", "3 -"), election(2, "3 2", withdrawn="-2")])
def test_without_a_valid_paper_nobody_is_elected_not_even_by_lot(profile: Profile) -> None:
    outcome = count(profile, [1, 3, 4, 2])

    assert (outcome.valid, outcome.invalid, outcome.elected) == (0, 3, ())
    assert (outcome.quota, outcome.stages, outcome.ties, outcome.vacant) == (None, (), (), profile.seats)


@pytest.mark.parametrize("lot", [[1, 2, 3], [1, 2, 3, 4, 4], [1, 2, 3, 5], []])
def test_a_lot_that_does_not_name_everybody_once_is_refused(lot: list[int]) -> None:
    with pytest.raises(ValueError, match="every candidate once"):
        count(election(1, "3 1"), lot)


def test_there_may_be_any_number_of_candidates() -> None:
    standing = [3, 127, 128, 200, 255, 256, 257, 300]
    papers = [
        Paper(((one,), (other,), (7,)), one * other % 5)
        for one in standing
        for other in standing
        if one != other
    ]
    withdrawn = frozenset(range(1, 301)) - set(standing)
    profile = Profile(3, ("",) * 300, tuple(papers), withdrawn)
    lot = list(range(300, 0, -1))

    assert found(count(profile, lot)) == counted(profile, lot)


# ---------------------------------------------------------------- the cap


@pytest.mark.parametrize(("board", "most"), [(3, 2), (5, 2), (8, 2), (9, 3), (12, 4)])
def test_a_group_may_hold_a_third_of_the_board_and_two_seats_at_least(board: int, most: int) -> None:
    assert usual_most(board) == most


def test_when_a_group_is_full_its_others_go_before_any_further_transfer() -> None:
    profile = election(3, "9 1 4", "8 2 5", "7 3 5", "1 4", "1 5", candidates=5)
    cap = Cap({1: "Acme", 2: "Acme", 3: "Acme"}, most=2)

    outcome = count(profile, [1, 2, 3, 4, 5], cap)

    assert outcome.quota == 7 * UNITS
    assert outcome.stages[0].elected == (1, 2)  # 3 has the quota as well, and is barred
    assert (outcome.stages[1].kind, outcome.stages[1].moved) == ("cap", (3,))
    assert outcome.stages[1].totals[5] == 8 * UNITS  # all papers at their value
    assert outcome.elected == (1, 2, 5)


def test_a_seat_that_nobody_may_take_stays_vacant() -> None:
    cap = Cap({1: "Acme", 2: "Acme", 3: "Acme", 4: "Acme"}, most=2)

    outcome = count(election(3, "5 1", "4 2", "3 3", "1 4"), [1, 2, 3, 4], cap)

    assert (outcome.elected, outcome.vacant) == ((1, 2), 1)


def test_the_last_vacancies_are_filled_one_at_a_time_under_the_cap() -> None:
    profile = election(4, "9 1", "2 2", "1 3 4", "1 4")
    cap = Cap({2: "Acme", 3: "Acme"}, most=1)

    outcome = count(profile, [1, 2, 3, 4], cap)

    assert [(stage.kind, stage.moved, stage.elected) for stage in outcome.stages] == [
        ("first", (), (1, 2)),
        ("cap", (3,), (4,)),
    ]
    assert outcome.stages[1].totals[4] == 2 * UNITS
    assert outcome.vacant == 1


def test_a_group_that_was_full_before_the_count_gets_nothing() -> None:
    outcome = count(election(1, "9 1 2", "2 2"), [1, 2, 3, 4], Cap({1: "Acme"}, 2, {"Acme": 2}))

    assert outcome.elected == (2,)
    assert outcome.stages[1].kind == "cap"


# ---------------------------------------------------------------- the countback


def test_a_seat_goes_to_whom_the_same_papers_choose_next() -> None:
    profile = election(2, "9 1 3", "8 2", "3 4")
    board = count(profile, [1, 2, 3, 4]).elected
    assert board == (1, 2)

    outcome = countback.count(profile, [1, 2, 3, 4], sitting=[2], away=[1])

    assert outcome.quota == 7 * UNITS  # of the same number of seats
    assert outcome.elected == (3,)
    assert outcome.stages[0].elected[-1] in {2, 3}


def test_who_sits_is_not_excluded_and_fills_no_vacancy() -> None:
    profile = election(2, "9 1 3", "4 3", "5 4 3", "1 2")

    outcome = countback.count(profile, [1, 2, 3, 4], sitting=[2], away=[1])

    assert outcome.elected == (3,)
    assert 2 not in outcome.excluded


def test_where_nobody_else_is_left_the_seat_stays_vacant() -> None:
    outcome = countback.count(election(2, "9 1", "8 2"), [1, 2, 3, 4], sitting=[2], away=[1, 3, 4])

    assert (outcome.elected, outcome.vacant) == ((), 1)


def test_the_cap_holds_at_a_countback() -> None:
    profile = election(2, "9 1 3 4", "8 2 3", "2 4")
    cap = Cap({2: "Acme", 3: "Acme"}, most=1)

    assert countback.count(profile, [1, 2, 3, 4], sitting=[2], away=[1], cap=cap).elected == (4,)


def test_a_countback_that_cannot_be_is_refused() -> None:
    profile = election(2, "9 1", "8 2")

    with pytest.raises(ValueError, match="both sits and is away"):
        countback.count(profile, [1, 2, 3, 4], sitting=[1, 2], away=[1])
    with pytest.raises(ValueError, match="no vacancy"):
        countback.count(profile, [1, 2, 3, 4], sitting=[1, 2], away=[])
