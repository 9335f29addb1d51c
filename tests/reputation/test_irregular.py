"""Rings and jumps are found, honest neighbours are not."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from iocop.reputation.irregular import LEAST_JUMP, is_jump, jumps, rings

QUARTET = dict.fromkeys(permutations((1, 2, 3, 4), 2), 4)


def test_four_who_endorse_one_another_four_times_are_a_ring() -> None:
    (ring,) = rings(QUARTET)

    assert ring.members == (1, 2, 3, 4)
    assert ring.inside == dict.fromkeys((1, 2, 3, 4), (12, 12))
    assert ring.pairs == QUARTET


def test_three_times_or_one_way_or_three_people_are_none() -> None:
    assert rings(dict.fromkeys(QUARTET, 3)) == []
    assert rings({(one, other): 9 for one, other in QUARTET if one < other}) == []
    assert rings(dict.fromkeys(permutations((1, 2, 3), 2), 9)) == []


def test_who_is_endorsed_mostly_from_elsewhere_is_no_part_of_it() -> None:
    quintet = dict.fromkeys(permutations((1, 2, 3, 4, 5), 2), 4)
    popular = {(100 + each, 1): 1 for each in range(11)}  # 16 of 27: 59 %

    (ring,) = rings(quintet | popular)

    assert ring.members == (2, 3, 4, 5)
    assert all(1 not in pair for pair in ring.pairs)
    assert ring.inside[2] == (16, 16)


def test_three_who_are_left_are_no_ring() -> None:
    assert rings(QUARTET | {(100 + each, 1): 1 for each in range(9)}) == []


def test_a_chain_of_pairs_is_one_ring() -> None:
    chain = {}
    for one in range(1, 6):
        chain[(one, one + 1)] = chain[(one + 1, one)] = 5

    (ring,) = rings(chain)

    assert ring.members == (1, 2, 3, 4, 5, 6)


@given(st.dictionaries(st.tuples(st.integers(1, 9), st.integers(1, 9)), st.integers(1, 9), max_size=40))
def test_every_member_of_a_ring_is_named_once_and_endorsed_from_inside(
    given_: dict[tuple[int, int], int],
) -> None:
    edges = {pair: count for pair, count in given_.items() if pair[0] != pair[1]}

    found = rings(edges)

    named = [one for ring in found for one in ring.members]
    assert len(named) == len(set(named))
    for ring in found:
        for inside, received in ring.inside.values():
            assert 5 * inside >= 3 * received


def test_a_day_far_above_ones_own_is_a_jump_and_a_first_good_day_is_none() -> None:
    steady = [20_000, 30_000] * 40

    assert is_jump(200_000, steady)
    assert not is_jump(60_000, steady)
    assert not is_jump(LEAST_JUMP - 1, [])
    assert is_jump(LEAST_JUMP, [])
    assert jumps([(7, 100, 150_000), (7, 99, 10_000), (8, 100, 90_000), (9, 5, 900_000)], 100) == {7: 150_000}


def test_what_is_older_than_ninety_days_is_no_past() -> None:
    days = [(7, day, 190_000) for day in range(1, 9)] + [(7, 100, 150_000)]

    assert jumps(days, 100) == {7: 150_000}
