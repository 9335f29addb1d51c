"""Plurality, block and approval against a count on the fingers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iocop.elections.counting.marks import approval, block, plurality
from iocop.elections.counting.papers import Paper, Profile
from tests.elections.counting.drawn import patient, profiles

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

    from iocop.elections.counting.outcome import Outcome


@pytest.mark.parametrize("rule", [plurality, block, approval], ids=lambda rule: rule.__name__)
@patient
@given(profile=profiles(), order=st.randoms())
def test_every_mark_counts_once(
    rule: Callable[[Profile, Sequence[int]], Outcome], profile: Profile, order: Random
) -> None:
    lot = list(range(1, len(profile.candidates) + 1))
    order.shuffle(lot)
    totals = {number: 0 for number in sorted(lot) if number not in profile.withdrawn}
    valid = 0
    for paper in profile.papers:
        ranks = [[number for number in rank if number in totals] for rank in paper.ranks]
        ranks = [rank for rank in ranks if rank]
        marked = ranks[0] if ranks and rule is plurality else [number for rank in ranks for number in rank]
        most = {"plurality": 1, "block": profile.seats, "approval": 99}[rule.__name__]
        if 0 < len(marked) <= most:
            valid += paper.count
            for number in marked:
                totals[number] += paper.count

    outcome = rule(profile, lot)

    ranking = sorted(totals, key=lambda number: (-totals[number], lot.index(number)))
    assert outcome.valid == valid
    assert outcome.elected == (tuple(ranking[: profile.seats]) if valid else ())
    assert [stage.totals for stage in outcome.stages] == ([totals] if valid else [])
    for tie in outcome.ties:
        assert len({totals[number] for number in tie.tied}) == 1
        assert set(tie.tied) - set(outcome.elected), "a tie that turned nothing is none"


def counted(rule: Callable[[Profile, Sequence[int]], Outcome], seats: int, *said: str) -> Outcome:
    """Count papers like "12" (one rank, two marks) or "1>2" among three candidates."""
    papers = [Paper(tuple(tuple(int(digit) for digit in rank) for rank in one.split(">"))) for one in said]
    return rule(Profile(seats, ("Ann", "Bob", "Cem"), tuple(papers)), [3, 2, 1])


def test_more_marks_than_seats_spoil_a_paper_of_a_block_vote() -> None:
    outcome = counted(block, 2, "123", "12", "1", "", "23")

    assert (outcome.valid, outcome.invalid, outcome.notes) == (3, 2, {"marks": 5, "spoilt": 1})
    assert outcome.stages[0].totals == {1: 2, 2: 2, 3: 1}
    assert outcome.elected == (2, 1)
    assert outcome.ties == ()


def test_plurality_reads_the_first_rank_and_two_there_spoil_the_paper() -> None:
    outcome = counted(plurality, 1, "1>2", "12", ">2", "1")

    assert (outcome.valid, outcome.invalid, outcome.elected) == (3, 1, (1,))
    assert outcome.stages[0].totals == {1: 2, 2: 1, 3: 0}


def test_approval_takes_all_marks_of_a_paper_in_one_rank_or_in_several() -> None:
    outcome = counted(approval, 1, "123", "1>2>3", "2")

    assert outcome.stages[0].totals == {1: 2, 2: 3, 3: 2}
    assert (outcome.elected, outcome.notes) == ((2,), {"marks": 7, "spoilt": 0})


def test_the_last_seat_between_equals_goes_to_whom_the_lot_favours() -> None:
    outcome = counted(approval, 2, "1", "1", "2", "3")

    assert outcome.elected == (1, 3)
    assert [(tie.stage, tie.tied, tie.chosen) for tie in outcome.ties] == [(1, (2, 3), 3)]
