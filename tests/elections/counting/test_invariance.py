"""What a candidate's number is, in which order papers lie and how they are bundled changes no result."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from iocop.elections.counting.marks import approval, block, plurality
from iocop.elections.counting.meek import meek
from iocop.elections.counting.papers import Paper, Profile
from iocop.elections.counting.schulze import schulze
from tests.elections.counting.drawn import disguises, patient, profiles, renamed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from iocop.elections.counting.outcome import Outcome

    Rule = Callable[[Profile, Sequence[int]], Outcome]

RULES: list[Rule] = [meek, schulze, plurality, block, approval]
rules = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)


@rules
@patient
@given(disguised=disguises())
def test_numbers_order_and_bundling_change_nothing(
    rule: Rule, disguised: tuple[Profile, Sequence[int], Profile, Sequence[int], Mapping[int, int]]
) -> None:
    profile, lot, other, other_lot, called = disguised

    assert renamed(rule(profile, lot), called) == renamed(
        rule(other, other_lot), {number: number for number in lot}
    )


@rules
@patient
@given(profile=profiles())
def test_seats_are_filled_once_each_and_every_paper_is_accounted_for(rule: Rule, profile: Profile) -> None:
    outcome = rule(profile, range(1, len(profile.candidates) + 1))

    assert len(set(outcome.elected)) == len(outcome.elected) == profile.seats - outcome.vacant
    assert not set(outcome.elected) & (set(outcome.excluded) | profile.withdrawn)
    assert outcome.valid + outcome.invalid == sum(paper.count for paper in profile.papers)
    standing = len(profile.candidates) - len(profile.withdrawn)
    assert len(outcome.elected) == (min(profile.seats, standing) if outcome.valid else 0)
    if rule in {meek, schulze}:
        for stage in outcome.stages:
            accounted = sum(stage.totals.values()) + stage.nontransferable + stage.lost
            assert accounted == outcome.valid * outcome.units
            assert stage.lost >= 0


@rules
def test_papers_that_name_nobody_who_stands_elect_nobody(rule: Rule) -> None:
    nobody = Profile(
        1, ("Ann", "Bob"), (Paper(((1,),), 3), Paper(()), Paper(((),)), Paper(((2,),), 0)), frozenset({1})
    )

    outcome = rule(nobody, [2, 1])

    assert (outcome.valid, outcome.invalid, outcome.elected, outcome.vacant) == (0, 5, (), 1)
    assert not outcome.stages
    assert not outcome.ties


@rules
def test_a_lot_that_does_not_name_somebody_it_has_to_choose_among_is_refused(rule: Rule) -> None:
    level = Profile(1, ("Ann", "Bob", "Cem"), tuple(Paper(((number,),)) for number in (1, 2, 3)))

    with pytest.raises(ValueError, match="the lot does not name candidate 3"):
        rule(level, [1, 2])


@rules
def test_a_tie_is_decided_by_the_lot_and_listed(rule: Rule) -> None:
    level = Profile(1, ("Ann", "Bob"), (Paper(((1,),), 2), Paper(((2,),), 2)))

    for lot in ([1, 2], [2, 1]):
        outcome = rule(level, lot)
        assert outcome.elected == (lot[0],)
        assert [(tie.tied, tie.decided_at) for tie in outcome.ties] == [((1, 2), None)]
