"""By how much a count was decided, against taking papers away and counting again."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iocop.elections.counting.capping import Cap
from iocop.elections.counting.margins import Margin, closest, smallest
from iocop.elections.counting.marks import approval, block, plurality
from iocop.elections.counting.meek import meek
from iocop.elections.counting.outcome import UNITS
from iocop.elections.counting.papers import Paper, Profile
from iocop.elections.counting.questions import Answers, affirmation, motion
from iocop.elections.counting.schulze import schulze
from iocop.elections.counting.scottish import count
from tests.elections.counting.drawn import patient, profiles

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from iocop.elections.counting.outcome import Outcome

NAMES = ("Ann", "Bob", "Cem", "Dee")
LOT = [1, 2, 3, 4]


def profile(seats: int, **said: int) -> Profile:
    """Papers written as the candidates' numbers in order, such as ``_12=7``."""
    papers = tuple(Paper(tuple((int(one),) for one in key[1:]), number) for key, number in said.items())
    return Profile(seats, NAMES, papers)


def test_a_seat_hangs_on_the_exclusion_at_which_its_holder_was_nearest_to_falling() -> None:
    # Quota 9. Ann is elected; Dee falls 1 behind Cem, then Cem 2 behind Bob, who has the second seat.
    outcome = count(profile(2, _1=12, _2=6, _3=4, _4=3), LOT)
    assert outcome.elected == (1, 2)
    assert smallest(outcome) == Margin(2 * UNITS, 3, 2, 3)
    assert closest(outcome) == Margin(1 * UNITS, 2, 3, 4), "Cem and Dee both lost"


def test_the_last_seat_hangs_on_who_was_next_to_take_it() -> None:
    outcome = count(profile(1, _1=8, _2=3, _3=2), LOT)
    assert outcome.elected == (1,)
    assert smallest(outcome) == closest(outcome) == Margin(5 * UNITS, 1, 1, 2)


def test_a_lot_is_no_margin_at_all() -> None:
    outcome = count(profile(1, _1=3, _2=3), LOT)
    margin = smallest(outcome)
    assert margin is not None
    assert margin.units == 0


def test_whom_the_cap_keeps_out_lost_by_no_votes() -> None:
    outcome = count(profile(2, _1=9, _2=8, _3=2), LOT, Cap({1: 1, 2: 1}, 1, {}))
    assert outcome.elected[0] == 1
    assert 2 not in outcome.elected
    margin = smallest(outcome)
    assert margin is None or 2 not in {margin.ahead, margin.behind}


@pytest.mark.parametrize("rule", [count, meek, schulze, plurality, approval], ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("said", [{"_1": 3, "_2": 2}, {}], ids=["all elected", "no paper"])
def test_where_everybody_or_nobody_is_elected_nothing_hangs_on_votes(
    rule: Callable[[Profile, Sequence[int]], Outcome], said: dict[str, int]
) -> None:
    assert smallest(rule(replace(profile(4, **said)), LOT)) is None


@patient
@given(drawn=profiles(5))
def test_no_count_finds_a_margin_below_nothing_or_below_its_closest_decision(drawn: Profile) -> None:
    lot = list(range(1, len(drawn.candidates) + 1))
    for rule in (count, meek):
        outcome = rule(drawn, lot)
        margin, nearest = smallest(outcome), closest(outcome)
        if margin is not None:
            assert nearest is not None
            assert 0 <= nearest.units <= margin.units
            assert margin.ahead in outcome.elected
            assert margin.behind not in outcome.elected


@pytest.mark.parametrize("rule", [plurality, block, approval, schulze], ids=lambda rule: rule.__name__)
@patient
@given(drawn=profiles(4), data=st.data())
def test_fewer_papers_than_the_margin_change_nobody_s_seat(
    rule: Callable[[Profile, Sequence[int]], Outcome], drawn: Profile, data: st.DataObject
) -> None:
    lot = list(range(1, len(drawn.candidates) + 1))
    outcome = rule(drawn, lot)
    margin = smallest(outcome)
    away = (
        (margin.units - 1) // (2 if rule is schulze else 1) if margin else 0
    )  # a path weakens as another grows
    papers = list(drawn.papers)
    for _ in range(max(0, away)):
        at = data.draw(st.integers(0, len(papers) - 1))
        papers[at] = replace(papers[at], count=max(0, papers[at].count - 1))
    assert set(rule(replace(drawn, papers=tuple(papers)), lot).elected) == set(outcome.elected)


@patient
@given(
    yes=st.integers(0, 5), no=st.integers(0, 5), abstain=st.integers(0, 3),
    threshold=st.sampled_from([None, Fraction(1, 2), Fraction(2, 3)]),
    more_than=st.booleans(), quorum=st.sampled_from([Fraction(0), Fraction(1, 3)]),
)  # fmt: skip
def test_an_answer_is_turned_by_as_few_papers_as_its_margin_says_and_by_no_fewer(
    yes: int, no: int, abstain: int, threshold: Fraction | None, more_than: bool, quorum: Fraction
) -> None:
    def carried(*away: int) -> bool:
        said = Answers(yes - away[0], no - away[1], abstain - away[2])
        counted = motion(said, 15, threshold=threshold, more_than=more_than, quorum=quorum)
        return bool(counted.elected)

    ways = product(range(yes + 1), range(no + 1), range(abstain + 1))
    turning = [sum(away) for away in ways if carried(*away) is not carried(0, 0, 0)]
    margin = smallest(
        motion(Answers(yes, no, abstain), 15, threshold=threshold, more_than=more_than, quorum=quorum)
    )
    assert (margin.units if margin else None) == min(turning, default=None)


def test_an_affirmation_hangs_on_its_threshold_and_on_the_last_seat() -> None:
    tally = {1: Answers(9, 1), 2: Answers(6, 2), 3: Answers(5, 1), 4: Answers(1, 8)}
    assert smallest(affirmation(tally, 2, Fraction(1, 2), lot=LOT)) == Margin(1, 1, 2, 3)
    assert smallest(affirmation(tally, 4, Fraction(1, 2), lot=LOT)) == Margin(5, 1, 2, None)
