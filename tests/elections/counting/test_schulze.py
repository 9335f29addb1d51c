"""Schulze's rule against every path there is, and on an example of its author."""

from __future__ import annotations

from itertools import pairwise, permutations
from typing import Any

from hypothesis import given

from iocop.elections.counting.papers import Paper, Profile
from iocop.elections.counting.schulze import schulze
from tests.elections.counting.drawn import patient, profiles


def preferring(profile: Profile, one: int, other: int) -> int:
    """Count, paper by paper, who ranks one before the other; whom a paper does not name comes last."""
    many = 0
    for paper in profile.papers:
        place = {number: at for at, rank in enumerate(paper.ranks) for number in rank}
        if place.get(one, 999) < place.get(other, 999):
            many += paper.count
    return many


def strongest(profile: Profile, standing: list[int], one: int, other: int) -> int:
    """Return the best of all paths without a repetition, each as strong as its weakest step."""
    between = [number for number in standing if number not in {one, other}]
    found = 0
    for length in range(len(between) + 1):
        for by in permutations(between, length):
            steps = list(pairwise([one, *by, other]))
            won = [preferring(profile, *step) for step in steps]
            lost = [preferring(profile, *reversed(step)) for step in steps]
            if all(win > loss for win, loss in zip(won, lost, strict=True)):
                found = max(found, min(won))
    return found


@patient
@given(profile=profiles(most=5))
def test_the_paths_are_the_strongest_of_all_there_are(profile: Profile) -> None:
    standing = [number for number in range(1, len(profile.candidates) + 1) if number not in profile.withdrawn]

    outcome = schulze(profile, range(1, len(profile.candidates) + 1))

    pairwise_table: Any = outcome.notes["pairwise"]
    paths: Any = outcome.notes["paths"]
    order: Any = outcome.notes["order"]
    for one, other in permutations(standing, 2):
        assert pairwise_table[one][other] == preferring(profile, one, other)
        assert paths[one][other] == strongest(profile, standing, one, other)
    if outcome.valid:
        assert sorted(number for level in order for number in level) == standing
        level_of = {number: at for at, level in enumerate(order) for number in level}
        for one, other in permutations(standing, 2):
            if paths[one][other] > paths[other][one]:
                assert level_of[one] < level_of[other]
        for number in standing:
            beaten = any(paths[other][number] > paths[number][other] for other in standing)
            assert (level_of[number] == 0) is not beaten


def votes(text: str) -> tuple[Paper, ...]:
    """Read "5 ACBED, 8 BED": how many rank A, B and so on in this order."""
    said = [line.split() for line in text.split(",")]
    return tuple(Paper(tuple((ord(letter) - 64,) for letter in ranks), int(count)) for count, ranks in said)


def test_the_example_with_forty_five_voters_is_won_by_e() -> None:
    # M. Schulze, "A New Monotonic and Clone-Independent Single-Winner Election Method", Voting matters 17 (2003).
    told = votes("5 ACBED,5 ADECB,8 BEDAC,3 CABED,7 CAEBD,2 CBADE,7 DCEBA,8 EBADC")

    outcome = schulze(Profile(5, tuple("ABCDE"), told), [1, 2, 3, 4, 5])

    assert outcome.notes["order"] == [[5], [1], [3], [2], [4]]
    assert outcome.elected == (5, 1, 3, 2, 4)
    paths: Any = outcome.notes["paths"]
    assert paths[1] == {1: 0, 2: 28, 3: 28, 4: 30, 5: 24}
    assert paths[5] == {1: 25, 2: 28, 3: 28, 4: 31, 5: 0}


def test_of_winners_nobody_beats_the_lot_takes_as_many_as_there_are_seats() -> None:
    outcome = schulze(Profile(2, tuple("ABCD"), votes("2 ABCD,2 BCAD,2 CABD")), [3, 4, 1, 2])

    assert outcome.notes["order"] == [[1, 2, 3], [4]]
    assert outcome.elected == (3, 1)
    assert [(tie.tied, tie.chosen, tie.purpose) for tie in outcome.ties] == [
        ((1, 2, 3), 3, "winner"),
        ((1, 2), 1, "winner"),
    ]


def test_a_level_that_fits_asks_for_no_lot() -> None:
    outcome = schulze(Profile(3, tuple("ABCD"), votes("2 ABCD,2 BCAD,2 CABD")), [3, 4, 1, 2])

    assert outcome.elected == (3, 1, 2)
    assert outcome.ties == ()


def test_the_totals_are_first_preferences_that_stand_alone() -> None:
    outcome = schulze(
        Profile(1, tuple("AB"), (Paper(((1,),), 3), Paper(((1, 2),), 2), Paper(((), (2,)), 1))), [1, 2]
    )

    (stage,) = outcome.stages
    assert (stage.totals, stage.nontransferable, stage.elected) == ({1: 3, 2: 1}, 2, (1,))
