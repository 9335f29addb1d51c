"""Affirmations and motions: what exactly suffices, and what does not."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iocop.elections.counting.questions import NO, YES, Answers, affirmation, motion
from tests.elections.counting.drawn import patient

HALF, TWO_THIRDS = Fraction(1, 2), Fraction(2, 3)
some = st.integers(0, 12)
answers = st.builds(Answers, some, some, some, some)


@pytest.mark.parametrize(
    ("yes", "no", "threshold", "more_than", "elected"),
    [
        (2, 1, TWO_THIRDS, False, True),
        (2, 1, TWO_THIRDS, True, False),
        (667, 333, TWO_THIRDS, True, True),
        (666, 334, TWO_THIRDS, False, False),
        (5, 5, HALF, False, True),
        (5, 5, HALF, True, False),
        (3, 0, Fraction(1), False, True),
        (0, 0, HALF, False, False),
        (0, 3, Fraction(1, 100), False, False),
    ],
    ids=[
        "two thirds suffice", "more than two thirds are asked for", "a hair above", "a hair below", "half suffices",
        "more than half is asked for", "everybody", "nobody said yes or no", "no yes at all",
    ],
)  # fmt: skip
def test_a_candidate_is_affirmed_by_exactly_the_share_the_rule_names(
    yes: int, no: int, threshold: Fraction, more_than: bool, elected: bool
) -> None:
    outcome = affirmation({1: Answers(yes, no, 7, 9)}, 1, threshold, more_than=more_than, lot=[1])

    assert outcome.elected == ((1,) if elected else ())
    assert outcome.vacant == (0 if elected else 1)
    assert outcome.valid == yes + no + 16


@patient
@given(
    tally=st.dictionaries(st.integers(1, 6), answers, max_size=6),
    seats=st.integers(1, 4),
    threshold=st.fractions(0, 1, max_denominator=9).filter(bool),
    more_than=st.booleans(),
    lot=st.permutations(range(1, 7)),
)
def test_the_most_yes_are_elected_among_the_affirmed_then_the_lot_decides(
    tally: dict[int, Answers], seats: int, threshold: Fraction, more_than: bool, lot: list[int]
) -> None:
    outcome = affirmation(tally, seats, threshold, more_than=more_than, lot=lot)

    affirmed = [
        one
        for one, said in tally.items()
        if said.yes
        and (share := Fraction(said.yes, said.yes + said.no)) >= threshold
        and (share > threshold or not more_than)
    ]
    ranking = sorted(affirmed, key=lambda one: (-tally[one].yes, lot.index(one)))
    assert outcome.elected == tuple(ranking[:seats])
    assert outcome.notes["affirmed"] == sorted(affirmed)
    cut = len(ranking) > seats and tally[ranking[seats - 1]].yes == tally[ranking[seats]].yes
    assert bool(outcome.ties) is cut


@pytest.mark.parametrize("threshold", [Fraction(0), Fraction(3, 2), Fraction(-1, 2)], ids=str)
def test_a_threshold_that_is_no_share_is_refused(threshold: Fraction) -> None:
    with pytest.raises(ValueError, match="a threshold of"):
        affirmation({1: Answers(1, 1)}, 1, threshold, lot=[1])


def test_there_are_no_fewer_than_no_papers() -> None:
    with pytest.raises(ValueError, match="fewer than no papers"):
        Answers(1, -1)


@pytest.mark.parametrize(
    ("said", "asked", "carried"),
    [
        (Answers(6, 5), {}, True),
        (Answers(5, 5), {}, False),
        (Answers(5, 5), {"threshold": HALF}, False),
        (Answers(0, 0, 9), {}, False),
        (Answers(6, 3), {"threshold": TWO_THIRDS}, True),
        (Answers(6, 3), {"threshold": TWO_THIRDS, "more_than": True}, False),
        (Answers(6, 4), {"threshold": TWO_THIRDS}, False),
        (Answers(2, 1, 3, 4), {"quorum": HALF}, True),
        (Answers(2, 1, 3, 3), {"quorum": HALF}, False),
        (Answers(9, 0), {"quorum": HALF, "invalid": 1}, False),
    ],
    ids=[
        "one more", "a tie fails", "a tie fails with a threshold too", "nobody decided", "two thirds suffice",
        "more than two thirds are asked for", "too few for two thirds", "abstentions and blanks make the quorum",
        "one short of the quorum", "spoilt papers make no quorum",
    ],
)  # fmt: skip
def test_a_motion_is_carried_by_more_yes_than_no_the_threshold_and_the_quorum(
    said: Answers, asked: dict[str, Any], carried: bool
) -> None:
    outcome = motion(said, 20, **asked)

    assert outcome.elected == ((YES,) if carried else ())
    assert outcome.notes["carried"] is carried
    (stage,) = outcome.stages
    assert stage.totals == {YES: said.yes, NO: said.no}
    assert sum(stage.totals.values()) + stage.nontransferable == outcome.valid


@patient
@given(said=answers, roll=st.integers(48, 60), quorum=st.fractions(0, 1, max_denominator=20))
def test_the_quorum_is_met_by_the_share_of_the_roll_that_voted(
    said: Answers, roll: int, quorum: Fraction
) -> None:
    voted = Fraction(said.yes + said.no + said.abstain + said.blank, roll)

    assert motion(said, roll, quorum=quorum).notes["quorate"] is (voted >= quorum)


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"threshold": Fraction(1, 3)}, "a threshold of 1/3"),
        ({"threshold": Fraction(4, 3)}, "a threshold of 4/3"),
        ({"quorum": Fraction(4, 3)}, "a quorum of 4/3"),
        ({"invalid": 18}, "21 papers from a roll of 20"),
    ],
    ids=["below a half", "above 1", "above the roll", "more papers than members"],
)
def test_what_cannot_be_is_refused(asked: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        motion(Answers(2, 1), 20, **asked)
