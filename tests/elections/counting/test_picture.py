"""The drawing of a count: everything within its frame, as high as the votes, and nothing lost on the way."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iocop.elections.counting.meek import meek
from iocop.elections.counting.outcome import UNITS, Outcome, Stage, Transfer
from iocop.elections.counting.papers import Paper, Profile
from iocop.elections.counting.picture import BAR, HEAD, LEAST, Flow, flow, votes
from iocop.elections.counting.scottish import count
from iocop.elections.counting.streams import streams
from tests.elections.counting.drawn import patient, profiles

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Rule = Callable[[Profile, Sequence[int]], Outcome]

NUMBER = re.compile(r"-?\d+\.?\d*")


def counted(rule: Rule, profile: Profile) -> Outcome:
    everybody = range(1, len(profile.candidates) + 1)
    return rule(profile, [number for number in everybody if number not in profile.withdrawn])


@pytest.mark.parametrize("rule", [count, meek], ids=["scottish", "meek"])
@patient
@given(profile=profiles())
def test_bands_stand_in_their_lanes_as_high_as_the_votes(rule: Rule, profile: Profile) -> None:
    outcome = counted(rule, profile)
    drawn = flow(outcome)
    if drawn is None:
        assert len(outcome.stages) < 2
        return

    assert drawn.height > drawn.lanes[-1].floor
    heights = {round(bar.height / bar.units, 12) for lane in drawn.lanes for bar in lane.bars}
    assert len(heights) == 1
    assert [lane.floor for lane in drawn.lanes] == sorted(lane.floor for lane in drawn.lanes)
    roof = float(HEAD)
    for lane in drawn.lanes:
        assert lane.floor - roof >= LEAST - 0.01
        for bar in lane.bars:
            assert roof - 0.01 <= bar.y
            assert bar.y + bar.height == pytest.approx(lane.floor)
            assert 0 <= bar.x <= drawn.width - BAR
            assert bar.units == votes(outcome.stages[bar.stage - 1], lane.candidate)
        roof = lane.floor
    shown = {(lane.candidate, bar.stage): bar.units for lane in drawn.lanes for bar in lane.bars}
    for number, stage in enumerate(outcome.stages, 1):
        there = sum(units for (_, at), units in shown.items() if at == number)
        assert there + stage.lost == outcome.valid * outcome.units


@pytest.mark.parametrize("rule", [count, meek], ids=["scottish", "meek"])
@patient
@given(profile=profiles())
def test_ribbons_stay_within_the_drawing_and_carry_what_changed(rule: Rule, profile: Profile) -> None:
    outcome = counted(rule, profile)
    drawn = flow(outcome)
    if drawn is None:
        return

    for ribbon in drawn.ribbons:
        x, y, *_curve, to_x, to_y, thick = map(float, NUMBER.findall(ribbon.path)[:9])
        assert 0 <= x < to_x <= drawn.width
        assert min(y, to_y) >= HEAD - 0.1
        assert max(y, to_y) + thick <= drawn.height
    for at, (before, after) in enumerate(pairwise(outcome.stages)):
        moved = [ribbon.stream for ribbon in drawn.ribbons if ribbon.stage == at + 2]
        for number in before.totals:
            gone = sum(stream.units for stream in moved if stream.source == number)
            come = sum(stream.units for stream in moved if stream.target == number)
            change = after.totals[number] - before.totals[number]
            assert abs(come - gone - change) <= abs(after.lost - before.lost) + len(moved)


def ward() -> Outcome:
    said = {((1,), (2,)): 10, ((2,),): 4, ((3,), (2,)): 3, ((4,), (3,)): 1, ((4,),): 1}
    papers = tuple(Paper(ranks, number) for ranks, number in said.items())
    return count(Profile(2, ("Ann", "Bob", "Cem", "Dot"), papers), [1, 2, 3, 4])


def drawing() -> Flow:
    drawn = flow(ward())
    assert drawn is not None
    return drawn


def test_the_elected_stand_above_and_nobody_at_the_bottom() -> None:
    assert [(lane.candidate, lane.fate, lane.decided_at) for lane in drawing().lanes] == [
        (1, "elected", 1),
        (2, "elected", 2),
        (3, "not elected", None),
        (4, "not elected", None),
    ]


def test_a_surplus_leaves_from_above_the_quota() -> None:
    drawn = drawing()
    first, second = drawn.lanes[:2]

    (ribbon,) = drawn.ribbons
    _, leaves = map(float, NUMBER.findall(ribbon.path)[:2])
    assert (ribbon.stream.source, ribbon.stream.target, ribbon.stream.papers) == (1, 2, 10)
    assert leaves == pytest.approx(first.bars[0].y, abs=0.1)
    assert first.bars[1].y == pytest.approx(drawn.quota_y)
    assert second.tick == (second.bars[1].x + BAR / 2, second.bars[1].y - 8)


def test_the_line_of_the_quota_is_drawn_where_somebody_is_elected() -> None:
    assert [bool(lane.quota) for lane in drawing().lanes] == [True, True, False, False]


def test_a_number_is_shown_only_where_it_changed() -> None:
    changed = [[bar.changed for bar in lane.bars] for lane in drawing().lanes]

    assert changed == [[True, True], [True, True], [True, False], [True, False]]


def test_a_count_of_one_stage_needs_no_drawing() -> None:
    assert flow(Outcome("plurality", 1, None, 3, 0, (Stage("first", (), {1: 3}),), (1,), ())) is None


def test_the_quota_of_meek_goes_down_in_steps() -> None:
    said = {((1,),): 4, ((2,),): 3, ((3,),): 2}
    outcome = meek(
        Profile(1, ("", "", ""), tuple(Paper(ranks, many) for ranks, many in said.items())), [1, 2, 3]
    )

    drawn = flow(outcome)

    assert drawn is not None
    levels = re.findall(r"[V ]([\d.]+)", drawn.lanes[0].quota)
    assert len(levels) == 2
    assert float(levels[1]) > float(levels[0])


def test_many_candidates_and_stages_fit_a_page_that_is_moved_sideways() -> None:
    papers = [Paper(((one,), (one % 20 + 1,), (1,)), one) for one in range(1, 21)]
    outcome = count(Profile(3, ("",) * 20, tuple(papers)), list(range(1, 21)))

    drawn = flow(outcome)

    assert drawn is not None
    assert len(outcome.stages) > 12
    assert drawn.height < 1300
    assert all(other.x - one.x >= 60 for one, other in pairwise(drawn.columns))


def test_streams_follow_the_transfers_where_the_rule_tells_them() -> None:
    before = Stage("first", (), {1: 5 * UNITS, 2: UNITS})
    moves = (Transfer(1, 2, 3, 3 * UNITS), Transfer(1, None, 1, UNITS), Transfer(1, None, 1, 0))
    after = Stage("exclusion", (1,), {1: 0, 2: 4 * UNITS}, transfers=moves)

    assert [tuple(stream) for stream in streams(before, after)] == [(1, 2, 3 * UNITS, 3), (1, None, UNITS, 1)]


@patient
@given(
    losses=st.lists(st.integers(0, 50), min_size=1, max_size=4),
    gains=st.lists(st.integers(0, 50), min_size=1, max_size=4),
)
def test_streams_share_a_loss_among_the_gains_where_it_does_not(losses: list[int], gains: list[int]) -> None:
    numbers = range(1, len(losses) + len(gains) + 1)
    before = Stage("first", (), dict(zip(numbers, [*losses, *[0] * len(gains)], strict=True)))
    after = Stage("iteration", (), dict(zip(numbers, [*[0] * len(losses), *gains], strict=True)))

    for stream in streams(before, after):
        assert stream.papers is None
        exact = losses[stream.source - 1] * gains[(stream.target or 0) - len(losses) - 1] / sum(gains)
        assert 0 <= exact - stream.units < 1
