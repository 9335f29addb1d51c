"""Equal candidates are told apart by earlier stages, then by a lot that nobody could choose."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iocop.elections.counting.lots import lot_key, order
from iocop.elections.counting.papers import Paper, Profile
from iocop.elections.counting.scottish import count
from iocop.elections.counting.ties import decided
from tests.elections.counting.drawn import patient

STAGES = [{1: 9, 2: 3, 3: 5}, {1: 4, 2: 6, 3: 6}, {1: 5, 2: 5, 3: 5}]


@pytest.mark.parametrize(
    ("earlier", "favoured", "taken"),
    [
        (
            STAGES,
            True,
            (3, 1),
        ),  # stage 3 tells nobody apart, stage 2 keeps 2 and 3, stage 1 takes 3, though 1 had more
        (STAGES, False, (1, 2)),
        (STAGES[1:], True, (3, None)),  # 2 and 3 are left, and the lot favours 3
        (STAGES[1:2], False, (1, 1)),
        ([], True, (1, None)),
        ([], False, (2, None)),
    ],
)
def test_the_latest_earlier_stage_that_tells_any_apart_decides_then_those_before_it(
    earlier: list[dict[int, int]], favoured: bool, taken: tuple[int, int | None]
) -> None:
    assert decided([1, 2, 3], earlier, [1, 3, 2], favoured=favoured) == taken


def test_the_lot_key_is_made_of_the_seed_and_the_nonces_in_their_order() -> None:
    seed, nonces = b"s" * 32, [b"a" * 32, b"b" * 32]

    key = lot_key(seed, nonces)

    assert key == hmac.new(seed, b"".join(nonces), hashlib.sha256).digest()
    assert key != lot_key(seed, nonces[::-1])
    with pytest.raises(ValueError, match="one length"):
        lot_key(seed, [b"a", b"bc"])


def test_point_16_ties_are_deterministic_from_the_lot_key() -> None:
    """Whom the key's order favours wins each tie, wherever the papers lie and however often it is counted."""
    level = tuple(Paper(((number,),)) for number in range(1, 6))
    winners = set()
    for nonce in range(20):
        key = lot_key(b"seed", [bytes([nonce])])
        expected = sorted(range(1, 6), key=lambda n: hmac.new(key, str(n).encode(), hashlib.sha256).digest())

        lot = order(key, range(1, 6))
        outcome = count(Profile(1, tuple("abcde"), level), lot)
        again = count(Profile(1, tuple("abcde"), level[::-1]), order(key, [5, 3, 1, 2, 4]))

        assert list(lot) == expected
        assert outcome == again
        assert outcome.elected == (expected[0],)
        assert list(outcome.excluded) == expected[:0:-1]  # the least favoured goes first
        assert [tie.decided_at for tie in outcome.ties] == [None] * 4
        winners.add(expected[0])
    assert len(winners) > 2


@patient
@given(lot=st.permutations([1, 2, 3, 4]), weights=st.lists(st.integers(0, 2), min_size=4, max_size=4))
def test_every_choice_among_equals_is_listed_and_no_other(lot: list[int], weights: list[int]) -> None:
    papers = tuple(Paper(((number,),), weight) for number, weight in enumerate(weights, 1))

    outcome = count(Profile(2, tuple("abcd"), papers), lot)

    for tie in outcome.ties:
        totals = outcome.stages[tie.stage - 1].totals
        assert len(tie.tied) > 1
        assert tie.chosen in tie.tied
        assert len({totals[candidate] for candidate in tie.tied}) == 1
    if len(set(weights)) == 4:
        assert outcome.ties == ()
