"""The arithmetic of abilities."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iocop.reputation.ability import ABILITIES, has_ability, needed, score

counts = st.integers(0, 500)
keys = st.sampled_from(sorted(ABILITIES))

patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""The first draw of a run reads the code's constants, which takes longer than all others."""


@pytest.mark.parametrize(("key", "good"), [("edit", 18), ("tag", 38), ("flag", 48), ("curate", 98)])
def test_so_many_good_ones_in_a_row_are_an_ability(key: str, good: int) -> None:
    assert not has_ability(key, good - 1, 0)
    assert has_ability(key, good, 0)
    assert not has_ability(key, good, 1)


@patient
@given(keys, counts, counts)
def test_what_is_needed_is_enough_and_nothing_less_is(key: str, good: int, bad: int) -> None:
    more = needed(key, good, bad)

    assert has_ability(key, good + more, bad)
    assert more == 0 or not has_ability(key, good + more - 1, bad)


@patient
@given(counts, counts)
def test_a_score_stays_between_nothing_and_certainty_and_grows_with_what_stood(good: int, bad: int) -> None:
    assert 0 < score(good, bad) < 1
    assert score(good + 1, bad) > score(good, bad) > score(good, bad + 1)


def test_fewer_than_none_are_no_count() -> None:
    with pytest.raises(ValueError, match="-1 good"):
        score(-1, 0)
