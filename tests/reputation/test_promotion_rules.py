"""Who looks before level 3, what comes of it, and how far evidence carries: the pure rules."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iocop.reputation.irregular import Reciprocity, reciprocity
from iocop.reputation.ladder import reachable
from iocop.reputation.promotion import POWERS, median_wait, outcome, panel

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("words", "expected"),
    [([], "open"), ([True], "open"), ([False], "open"), ([True, True], "granted"),
     ([True, False], "declined"), ([False, True], "declined"), ([False, False], "declined")],
)  # fmt: skip
def test_two_words_end_it_and_both_have_to_agree(words: list[bool], expected: str) -> None:
    assert outcome(words) == expected


@pytest.mark.parametrize(
    ("offices", "near", "voices", "asked"),
    [
        ({"steward": [1, 2], "curator": [3]}, [], {1: 7, 2: 8, 3: 9}, {1, 2}),
        ({"steward": [1, 2], "curator": [3]}, [], {1: 7, 2: 7, 3: 9}, {1, 2, 3}),
        ({"steward": [1, 2], "curator": [3], "board": [4]}, [2], {1: 7, 2: 8, 3: 7, 4: 9}, {1, 2, 3, 4}),
        ({"curator": [3, 4]}, [], {3: 7}, {3, 4}),
        ({"steward": [1, 2], "board": [4, 5]}, [], {4: 9}, {1, 2, 4, 5}),
        ({}, [], {}, set()),
    ],
    ids=[
        "two stewards are enough", "of one organization they are not", "a colleague of the member's does not count",
        "one who proved nothing is beside one who did", "and all who proved nothing are one", "nobody holds an office",
    ],
)  # fmt: skip
def test_who_is_asked(
    offices: dict[str, list[int]], near: list[int], voices: dict[int, int], asked: set[int]
) -> None:
    assert set(panel(offices, near, voices).powers) == asked


@settings(max_examples=200)
@given(
    st.lists(st.tuples(st.sampled_from(POWERS), st.integers(1, 9)), max_size=8),
    st.frozensets(st.integers(1, 9), max_size=3),
    st.lists(st.integers(0, 3), min_size=9, max_size=9),
)
def test_nobody_near_counts_and_the_next_office_is_asked_only_where_the_one_before_is_too_few(
    grants: list[tuple[str, int]], near: frozenset[int], groups: list[int]
) -> None:
    offices = {power: [member for held, member in grants if held == power] for power in POWERS}
    voices = {member: group for member, group in enumerate(groups, 1) if group}
    found = panel(offices, near, voices)

    assert not set(found.able) & set(near)
    powers = {found.powers[one] for one in found.powers}
    last = max(map(POWERS.index, powers), default=0)
    before = {one: power for one, power in found.powers.items() if POWERS.index(power) < last}
    assert len({voices.get(one, 0) for one in before if one not in near}) < 2
    if not found.suffices():
        assert set(found.powers) == {one for holders in offices.values() for one in holders}


@pytest.mark.parametrize(
    ("level", "highest", "granted", "sells", "expected"),
    [(3, 0, False, False, 2), (4, 2, False, False, 2), (3, 2, True, False, 3), (4, 3, False, False, 4),
     (4, 4, False, True, 3), (4, 0, True, True, 3), (2, 0, False, True, 2), (0, 4, False, False, 0)],
    ids=["looked at first", "a leap as well", "both agree", "once reached it is looked at no more",
         "who sells is told", "or never reaches it", "below nothing changes", "evidence alone takes it away"],
)  # fmt: skip
def test_how_far_evidence_carries(
    level: int, highest: int, granted: bool, sells: bool, expected: int
) -> None:
    assert reachable(level, highest, granted=granted, sells=sells) == expected


def test_a_median_of_few_is_not_told() -> None:
    assert median_wait([DAY, 2 * DAY]) is None
    assert median_wait([9 * DAY, DAY, 2 * DAY]) == 2 * DAY
    assert median_wait([DAY, 2 * DAY, 3 * DAY, 9 * DAY]) == 2.5 * DAY


def test_how_mutual_a_members_endorsements_are() -> None:
    given_by = {(2, 1): 5, (1, 2): 4, (3, 1): 2, (1, 3): 9, (4, 1): 1, (1, 5): 3, (2, 3): 8}

    assert reciprocity(given_by, 1) == Reciprocity(received=8, people=3, returned=2, from_returned=7, pairs=1)
    assert reciprocity({}, 1) == Reciprocity(0, 0, 0, 0, 0)
