"""Whose words a text is: what members would call fair, and what holds for any history."""

from __future__ import annotations

import gc
import random
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iocop.repertoire import blame
from iocop.repertoire.blame import WHOLE, Saved, shares, weigh

if TYPE_CHECKING:
    from collections.abc import Sequence

BEGAN = datetime(2026, 3, 2, 9, tzinfo=UTC)
VALVES = "Open every valve and measure flow through each radiator before closing anything."
"""Eleven words that are not common ones."""
PUMPS = "Pumps hum loudly when trapped air circulates inside their housing overnight."
"""Nine."""
CHECKS = "Check pressure weekly; replace cracked gaskets, seals and corroded brackets."
"""Nine."""


def history(*texts: str) -> list[Saved]:
    return [Saved(place, BEGAN + timedelta(days=place), text) for place, text in enumerate(texts)]


def taken(origin: str, text: str, day: int = 0) -> Saved:
    return Saved(origin, BEGAN + timedelta(days=day), text)


def test_the_first_author_has_everything() -> None:
    assert shares(weigh(history(VALVES))) == {0: WHOLE}


def test_who_adds_a_paragraph_has_that_paragraph() -> None:
    weights = weigh(history(VALVES, f"{VALVES}\n\n{PUMPS}"))

    assert weights == {0: 11, 1: 9}


def test_a_moved_paragraph_keeps_its_owner() -> None:
    weights = weigh(
        history(
            f"{VALVES}\n\n{PUMPS}", f"{VALVES}\n\n{PUMPS}\n\n{CHECKS}", f"{CHECKS}\n\n{PUMPS}\n\n{VALVES}"
        )
    )

    assert set(weights) == {0, 1}
    assert weights == weigh(history(f"{VALVES}\n\n{PUMPS}", f"{VALVES}\n\n{PUMPS}\n\n{CHECKS}"))


def test_a_mended_word_is_all_that_its_mender_gets() -> None:
    weights = weigh(history(VALVES, VALVES.replace("radiator", "convector")))

    assert weights == {0: 10, 1: 1}


def test_words_moved_into_another_paragraph_keep_their_owner() -> None:
    joined = f"{PUMPS} Beware of asbestos, mercury, chromium, cadmium, beryllium, arsenic, thallium, selenium! {VALVES}"
    weights = weigh(history(f"{VALVES}\n\n{PUMPS}", joined))

    assert weights[0] == 20


def test_who_restores_what_was_deleted_gets_nothing_for_it() -> None:
    assert set(weigh(history(VALVES, PUMPS, VALVES))) == {0}


def test_words_taken_from_a_post_are_its_authors() -> None:
    edited = VALVES.replace("anything", "the bypass")
    weights = weigh(history(f"{CHECKS}\n\n{edited}"), [taken("post", VALVES)])

    assert weights == {0: 10, "post": 10}


def test_what_was_taken_later_says_nothing_about_earlier_words() -> None:
    assert set(weigh(history(VALVES), [taken("post", VALVES, day=1)])) == {0}


def test_common_words_and_markup_weigh_nothing() -> None:
    weights = weigh(
        history(
            VALVES, f"{VALVES}\n\n- **it is** to be as it was, and so [on](https://example.org/a/b/c)\n\n---"
        )
    )

    assert set(weights) == {0}


def test_a_text_of_common_words_alone_is_still_its_authors() -> None:
    assert weigh(history("It is what it is.")) == {0: 5}
    assert weigh(history("---")) == {0: 1}


def test_texts_without_spaces_are_followed_too() -> None:
    weights = weigh(history("配管の圧力を毎週確認する", "配管の圧力を毎日確認する"))

    assert weights[0] > weights[1] == 1


def test_a_long_run_of_work_passes_over_revisions_in_between(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blame, "WORK_LIMIT", 100)

    assert set(weigh(history(VALVES, f"{VALVES}\n\n{PUMPS}", f"{VALVES}\n\n{PUMPS}\n\n{CHECKS}"))) == {0, 2}


def test_a_history_of_too_many_paragraphs_keeps_its_first_and_last_revision(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(blame, "PARAGRAPHS_LIMIT", 3)

    assert set(weigh(history(VALVES, f"{VALVES}\n\n{PUMPS}", f"{VALVES}\n\n{PUMPS}\n\n{CHECKS}"))) == {0, 2}


def test_paragraphs_too_long_to_compare_are_followed_by_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blame, "AREA_LIMIT", 1)

    assert weigh(history(VALVES, VALVES.replace("radiator", "convector"))) == {0: 7, 1: 4}


def test_what_is_remembered_of_the_past_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blame, "KNOWN_LIMIT", 0)

    assert set(weigh(history(VALVES, PUMPS, VALVES))) == {2}


def test_nothing_cannot_be_shared() -> None:
    with pytest.raises(ValueError, match="nothing to share"):
        shares({})


PARAGRAPHS = st.lists(
    st.sampled_from([VALVES, PUMPS, CHECKS, "## Steps", "One two three four five six", "é 圧 x"]), max_size=5
)
TEXTS = st.one_of(PARAGRAPHS.map("\n\n".join), st.text(max_size=200))


@given(st.lists(TEXTS, min_size=1, max_size=6), st.lists(TEXTS, max_size=3))
def test_shares_always_sum_to_the_whole(texts: Sequence[str], posts: Sequence[str]) -> None:
    passages = [taken(f"post {place}", text, place) for place, text in enumerate(posts)]
    weights = weigh(history(*texts), passages)
    parts = shares(weights)

    assert sum(parts.values()) == WHOLE
    assert all(part > 0 for part in parts.values())
    assert set(parts) <= set(range(len(texts))) | {passage.origin for passage in passages}
    assert weights == weigh(
        history(*texts), list(reversed(passages)) if len(set(posts)) == len(posts) else passages
    )


@given(st.lists(TEXTS, min_size=1, max_size=5))
def test_saving_the_same_text_again_changes_no_share(texts: Sequence[str]) -> None:
    assert weigh(history(*texts, texts[-1])) == weigh(history(*texts))


@given(st.permutations([VALVES, PUMPS, CHECKS]))
def test_no_order_of_paragraphs_changes_a_share(order: Sequence[str]) -> None:
    before = history(VALVES, f"{VALVES}\n\n{PUMPS}", f"{VALVES}\n\n{PUMPS}\n\n{CHECKS}")

    assert weigh([*before, Saved(3, BEGAN + timedelta(days=3), "\n\n".join(order))]) == weigh(before)


@given(st.dictionaries(st.integers(), st.integers(1, 10**9), min_size=1, max_size=30))
def test_a_share_is_within_one_of_what_is_exact(weights: dict[int, int]) -> None:
    parts, total = shares(weights), sum(weights.values())

    assert all(abs(parts.get(key, 0) - weight * WHOLE / total) < 1 for key, weight in weights.items())


@pytest.mark.parametrize("shape", ["grows", "one paragraph rewritten", "tiny paragraphs", "tiny words"])
def test_fifty_revisions_of_a_hundred_kilobytes_take_two_seconds_at_most(shape: str) -> None:
    chance = random.Random(11)
    vocabulary = [f"word{number}" for number in range(3000)]

    def text(number: int) -> str:
        if shape == "grows":
            return "\n\n".join(
                f"{place} " + vocabulary[place % 3000] * 8 for place in range(1500 + number * 2)
            )[:100_000]
        if shape == "one paragraph rewritten":
            return " ".join(chance.choices(vocabulary, k=11_500))
        if shape == "tiny paragraphs":
            return "\n\n".join(f"{number}a{place}" for place in range(12_000))
        return " ".join(chance.choices("abcdef", k=50_000))

    revisions = history(*(text(number) for number in range(50)))
    gc.collect()
    gc.freeze()  # what thousands of tests left behind is not the text's to walk through
    try:
        began = time.process_time()
        weights = weigh(revisions)
        took = time.process_time() - began
    finally:
        gc.unfreeze()

    assert took < 2.0 * SLOWER
    assert sum(shares(weights).values()) == WHOLE


SLOWER = 1.5
"""How much slower than the machine the limit is meant for a busy one may be."""
