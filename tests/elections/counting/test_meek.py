"""Meek's rule against a count that goes paper by paper in fractions, and against what its keep factors must do."""

from __future__ import annotations

import random
import time
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given

from iocop.elections.counting.meek import MEEK_UNITS, OMEGA, meek
from iocop.elections.counting.papers import Paper, Profile
from tests.elections.counting.drawn import patient, profiles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iocop.elections.counting.outcome import Outcome

ONE = Fraction(1)
STEP = Fraction(1, 10**9)


def up(value: Fraction) -> Fraction:
    return ceil(value / STEP) * STEP


def down(value: Fraction) -> Fraction:
    return floor(value / STEP) * STEP


class Naive:
    """The reference rule again: no bundles, no piles, no units; papers one by one, numbers as fractions of a paper."""

    votes: dict[int, Fraction]
    surplus: Fraction

    def __init__(self, profile: Profile, lot: Sequence[int]) -> None:
        everybody = range(1, len(profile.candidates) + 1)
        self.lot, self.seats = list(lot), profile.seats
        self.state = {one: "withdrawn" if one in profile.withdrawn else "hopeful" for one in everybody}
        self.factor = {one: ONE if self.state[one] == "hopeful" else Fraction(0) for one in everybody}
        self.papers = [
            paper.ranks
            for paper in profile.papers
            for _ in range(paper.count)
            if any(one not in profile.withdrawn for rank in paper.ranks for one in rank)
        ]
        self.elected: list[int] = []
        self.rounds: list[dict[str, Any]] = []

    def those(self, state: str) -> list[int]:
        return [one for one, its in self.state.items() if its == state]

    def count(self) -> Naive:
        while self.papers and len(self.elected) < self.seats < len(self.those("hopeful")) + len(self.elected):
            if not self.round():
                lowest = min(self.votes[one] for one in self.those("hopeful"))
                tied = [one for one in self.those("hopeful") if self.votes[one] <= lowest + self.surplus]
                out = max(tied, key=self.lot.index)
                self.state[out], self.factor[out] = "defeated", Fraction(0)
        if self.papers and len(self.elected) < self.seats:
            if not self.rounds:
                self.distribute()
            self.elect(self.those("hopeful"))
        return self

    def round(self) -> bool:
        last = None
        while True:
            self.distribute()
            quota = down(sum(self.votes.values(), Fraction(0)) / (self.seats + 1)) + STEP
            winners = [one for one in self.those("hopeful") if self.votes[one] >= quota]
            counted = [*self.elected, *winners]
            self.surplus = max(Fraction(0), sum((self.votes[one] - quota for one in counted), Fraction(0)))
            if winners or self.surplus < Fraction(1, 10**6) or (last is not None and self.surplus >= last):
                break
            last = self.surplus
            for one in self.elected:
                self.factor[one] = up(up(self.factor[one] * quota) / self.votes[one])
        factors = {one: factor for one, factor in self.factor.items() if self.state[one] != "withdrawn"}
        self.rounds.append({"quota": quota, "votes": dict(self.votes), "factors": factors})
        self.elect(winners)
        return bool(winners)

    def elect(self, winners: list[int]) -> None:
        for one in sorted(winners, key=lambda one: (-self.votes[one], self.lot.index(one))):
            self.elected.append(one)
            self.state[one] = "elected"

    def distribute(self) -> None:
        self.votes = {one: Fraction(0) for one, its in self.state.items() if its != "withdrawn"}
        for ranks in self.papers:
            weight = ONE
            for rank in ranks:
                running = [one for one in rank if self.factor[one]]
                if not running:
                    continue
                share = down(weight / len(running))
                weight = Fraction(0)
                for one in running:
                    kept = up(share * self.factor[one])
                    self.votes[one] += kept
                    weight += share - kept


def fractions(numbers: dict[int, int]) -> dict[int, Fraction]:
    return {one: Fraction(units, MEEK_UNITS) for one, units in numbers.items()}


def agree(outcome: Outcome, naive: Naive) -> None:
    rounds = [number for number, stage in enumerate(outcome.stages) if stage.kind != "fill"][
        : len(naive.rounds)
    ]
    factors: Any = outcome.notes["keep_factors"]
    quotas: Any = outcome.notes["quotas"]
    assert list(outcome.elected) == naive.elected
    assert [fractions(outcome.stages[at].totals) for at in rounds] == [its["votes"] for its in naive.rounds]
    assert [fractions(factors[at]) for at in rounds] == [its["factors"] for its in naive.rounds]
    assert [Fraction(quotas[at], MEEK_UNITS) for at in rounds] == [its["quota"] for its in naive.rounds]


@patient
@given(profile=profiles())
def test_point_15_meek_agrees_with_an_independent_implementation(profile: Profile) -> None:
    lot = range(1, len(profile.candidates) + 1)

    agree(meek(profile, lot), Naive(profile, lot).count())


def a_ward(papers: int, candidates: int, seats: int, *, seed: int) -> Profile:
    """Voters of three parties and some loners, who rank a few."""
    chance = random.Random(seed)
    said = []
    for _ in range(papers):
        party = chance.randrange(4)
        taste = {one: chance.random() + (one % 4 == party) + one / 20 for one in range(1, candidates + 1)}
        ranked = sorted(taste, key=taste.__getitem__, reverse=True)[: chance.randint(1, candidates)]
        said.append(Paper(tuple((one,) for one in ranked)))
    return Profile(seats, tuple(f"Candidate {one}" for one in taste), tuple(said))


def test_point_15_a_whole_ward_agrees_in_every_keep_factor() -> None:
    ward = a_ward(400, 10, 4, seed=1)
    lot = range(1, 11)

    outcome = meek(ward, lot)

    assert len(outcome.stages) > 6
    assert not outcome.ties
    agree(outcome, Naive(ward, lot).count())


def test_the_keep_factors_leave_every_elected_candidate_with_the_quota() -> None:
    ward = a_ward(1500, 12, 5, seed=2)
    outcome = meek(ward, range(1, 13))
    settled = [
        at for at, stage in enumerate(outcome.stages) if stage.kind == "exclusion" and not stage.elected
    ]
    factors: Any = outcome.notes["keep_factors"]
    quotas: Any = outcome.notes["quotas"]
    assert settled

    for at in settled:
        exact = dict.fromkeys(range(1, 13), Fraction(0))
        for paper in ward.papers:
            weight = ONE
            for (one,) in paper.ranks:
                exact[one] += weight * factors[at][one] / MEEK_UNITS
                weight *= 1 - Fraction(factors[at][one], MEEK_UNITS)
        elected = [one for stage in outcome.stages[:at] for one in stage.elected]
        quota = sum(exact.values(), Fraction(0)) / 6
        assert abs(quota - Fraction(quotas[at], MEEK_UNITS)) < Fraction(1, 10**5)
        assert all(abs(exact[one] - quota) < Fraction(1, 10**5) for one in elected)
        assert sum(outcome.stages[at].totals[one] - quotas[at] for one in elected) < OMEGA


def said(seats: int, candidates: int, papers: dict[tuple[tuple[int, ...], ...], int]) -> Profile:
    return Profile(seats, ("",) * candidates, tuple(Paper(ranks, count) for ranks, count in papers.items()))


def test_what_a_surplus_owes_to_whom_is_shared_as_hill_says() -> None:
    # I. D. Hill, "Meek style STV - a simple introduction", Voting matters 7 (1996): C, not D, has more support.
    outcome = meek(said(3, 4, {((1,), (2,), (3,)): 2, ((1,), (2,), (4,)): 2, ((2,), (3,)): 1}), [4, 3, 2, 1])

    assert outcome.elected == (1, 2, 3)
    assert not outcome.ties


def test_equals_share_a_paper_and_what_they_leave_goes_on_together() -> None:
    outcome = meek(said(1, 4, {((1, 2, 3), (4,)): 3, ((4,),): 2}), [1, 2, 3, 4])

    first = outcome.stages[0]
    assert first.totals == {1: 999999999, 2: 999999999, 3: 999999999, 4: 2 * 10**9}
    assert (first.nontransferable, first.lost) == (0, 3)
    assert outcome.elected == (1,)
    assert [stage.kind for stage in outcome.stages] == ["first", "exclusion", "exclusion"]
    assert outcome.excluded == (3, 2)


def test_a_paper_whose_candidates_are_all_defeated_leaves_the_quota_smaller() -> None:
    outcome = meek(said(1, 3, {((1,),): 4, ((2,),): 3, ((3,),): 2}), [1, 2, 3])

    quotas: Any = outcome.notes["quotas"]
    assert quotas == [4_500_000_001, 3_500_000_001]
    assert outcome.stages[-1].nontransferable == 2 * 10**9
    assert (outcome.elected, outcome.excluded) == ((1,), (3,))


def test_as_many_candidates_as_seats_are_elected_without_a_transfer() -> None:
    outcome = meek(said(3, 3, {((1,), (2,)): 5}), [3, 2, 1])

    assert [(stage.kind, stage.elected) for stage in outcome.stages] == [("first", ()), ("fill", (1, 3, 2))]


@pytest.mark.parametrize("lot", [[1, 2, 3], [3, 2, 1]])
def test_those_no_further_apart_than_the_surplus_are_tied_for_defeat(lot: list[int]) -> None:
    outcome = meek(said(1, 3, {((1,),): 2, ((2,),): 2, ((3,),): 3}), lot)

    (tie,) = outcome.ties
    assert (tie.stage, tie.purpose, tie.tied, tie.decided_at) == (2, "exclusion", (1, 2), None)
    assert tie.chosen == max((1, 2), key=lot.index)
    assert outcome.elected == (3,)


def test_a_ward_of_ten_thousand_papers_takes_well_under_a_second() -> None:
    ward = a_ward(10_000, 10, 4, seed=3)
    started = time.process_time()

    meek(ward, range(1, 11))

    assert time.process_time() - started < 1
