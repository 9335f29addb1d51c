"""Posts that were found become topics; whoever was found twice stands there once."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iocop.search import facets
from iocop.search.folding import DEEPEST, HALF_LIFE, count, favour_titles, fold, grouped
from iocop.search.matches import NOTHING, Listed, Row
from iocop.search.port import KeyCounts, KeyPairs

if TYPE_CHECKING:
    from iocop.search.port import Flags, Integers, Numbers


def post(key: int, topic: int, score: float, *, whole: bool = True, at: int = 0, votes: int = 0) -> Row:
    return Row("post", key, topic, score, whole, at, votes)


def topics(*rows: Row, **given: object) -> list[int]:
    keys: list[int] = fold(Listed(rows), "post", **given).keys.tolist()  # type: ignore[arg-type]
    return keys


def test_a_topic_counts_its_best_post_and_a_little_of_the_next_three() -> None:
    folded = fold(
        Listed([post(1, 10, 2.0), post(2, 20, 2.1), *(post(key, 10, 1.0) for key in range(3, 9))]), "post"
    )

    assert folded.keys.tolist() == [10, 20]
    assert folded.best.tolist() == [1, 2]
    assert folded.scores.tolist() == pytest.approx([2.3, 2.1])
    assert folded.total == 2


def test_many_weak_posts_do_not_outweigh_one_strong() -> None:
    assert topics(*(post(number, 10, 1.0) for number in range(200)), post(999, 20, 1.4)) == [20, 10]


def test_all_words_come_before_some_whatever_the_score() -> None:
    assert topics(post(1, 10, 9.0, whole=False), post(2, 20, 1.0)) == [20, 10]
    mixed = fold(Listed([post(1, 10, 9.0, whole=False), post(2, 10, 1.0)]), "post")
    assert (mixed.best.tolist(), mixed.whole.tolist()) == ([2], [True])


def test_what_is_recent_is_raised_by_a_tenth_at_most_and_never_above_what_has_all_words() -> None:
    now = 2_000_000_000
    old, young = now - int(HALF_LIFE * 20), now
    assert topics(post(1, 10, 1.05, at=old), post(2, 20, 1.0, at=young), now=now) == [20, 10]
    assert topics(post(1, 10, 1.11, at=old), post(2, 20, 1.0, at=young), now=now) == [10, 20]
    assert topics(post(1, 10, 1.05), post(2, 20, 1.0, at=int(now - HALF_LIFE)), now=now) == [10, 20]
    assert topics(post(1, 10, 0.9, at=old), post(2, 20, 0.9, at=young, whole=False), now=now) == [10, 20]
    member = fold(Listed([Row("member", 1, 0, 1.0, at=young)]), "member", now=now)
    assert member.scores.tolist() == [1.0]


def test_a_member_with_two_documents_stands_there_once() -> None:
    twice = Listed([Row("member", 7, 0, 1.0), Row("member", 7, 0, 2.0), Row("organization", 7, 0, 1.0)])

    folded = fold(twice, "member")

    assert (folded.keys.tolist(), folded.scores.tolist(), folded.total) == ([7], [2.0], 1)
    assert count(twice, "member") == 1
    assert count(twice, "post") == 0


def test_orders_look_at_all_that_was_found_in_a_topic() -> None:
    rows = (post(1, 10, 9.0, at=5, votes=3), post(2, 10, 1.0, at=50), post(3, 20, 5.0, at=40, votes=4))

    assert topics(*rows, order="latest") == [10, 20]
    assert topics(*rows, order="helpful") == [20, 10]
    assert fold(Listed(rows), "post", "latest").best.tolist() == [1, 3]


def test_a_title_that_is_the_query_is_raised() -> None:
    folded = fold(Listed([post(1, 10, 1.1), post(2, 20, 1.0), post(3, 30, 9.0, whole=False)]), "post")

    raised = favour_titles(folded, {10: "Frost on coils", 20: "Frost, protection!"}, "frost Protection")

    assert raised.keys.tolist() == [20, 10, 30]
    assert raised.best.tolist() == [2, 1, 3]
    assert favour_titles(folded, {}, "frost").keys.tolist() == [10, 20, 30]
    assert favour_titles(folded, {10: ""}, "!!").keys.tolist() == [10, 20, 30]


def test_what_is_gone_is_counted_nowhere() -> None:
    rows = Listed([
        Row("post", 1, 10, 3.0, keys=frozenset({"domain=1"})), Row("post", 2, 20, 2.0, keys=frozenset({"domain=2"})),
        Row("post", 3, 20, 1.0, keys=frozenset({"domain=2"})), Row("post", 4, 30, 1.0, keys=frozenset({"domain=2"})),
    ])  # fmt: skip
    folded = fold(rows, "post").without({10})

    assert (folded.keys.tolist(), folded.total) == ([20, 30], 2)
    assert facets.count(rows, folded)["domain"] == [("domain=2", 2)]
    assert folded.without(()) is folded


def test_nothing_folds_to_nothing() -> None:
    folded = fold(NOTHING, "post")

    assert (folded.keys.tolist(), folded.total) == ([], 0)
    assert favour_titles(folded, {}, "frost") is folded


@given(
    st.lists(
        st.tuples(st.integers(1, 8), st.integers(0, 30), st.booleans(), st.sampled_from([0, 10**9])),
        max_size=40,
    )
)
def test_folding_is_what_a_plain_loop_gives(found: list[tuple[int, int, bool, int]]) -> None:
    rows = [
        post(key, topic + far, float(score), whole=whole)
        for key, (topic, score, whole, far) in enumerate(found, 1)
    ]
    expected = []
    for topic in {row.topic_id for row in rows}:
        own = sorted(
            (row for row in rows if row.topic_id == topic), key=lambda r: (not r.whole, -r.score, r.id)
        )
        score = own[0].score + 0.1 * sum(row.score for row in own[1:4])
        expected.append((not own[0].whole, -round(score, 9), topic, own[0].id))

    folded = fold(Listed(rows), "post")
    first = fold(Listed(rows), "post", depth=3)

    assert first.keys.tolist() == folded.keys.tolist()[:3]
    assert first.scores.tolist() == folded.scores.tolist()[:3]
    assert first.total == folded.total
    shown = zip(~folded.whole, -folded.scores.round(9), folded.keys, folded.best, strict=True)
    assert [tuple(one) for one in shown] == sorted(expected)


@given(st.lists(st.integers(1, 2**40), max_size=30))
def test_grouping_gives_each_its_place(keys: list[int]) -> None:
    owners, found = grouped(np.array(keys, np.int64))

    assert found[owners].tolist() == keys
    assert sorted(found.tolist()) == sorted(set(keys))


TAGS = 400


@dataclass
class Many:
    """Fifty thousand posts in some topics, as an engine gives them."""

    kinds: Integers
    ids: Integers
    topics: Integers
    scores: Numbers
    whole: Flags
    at: Integers
    votes: Integers
    names: list[str]
    of_row: Integers
    capped: bool = False
    from_titles: bool = False

    def counts(self, rows: Integers) -> KeyCounts:
        return KeyCounts(self.names, np.bincount(self.of_row[rows].ravel(), minlength=len(self.names)))

    def own_keys(self, rows: Integers) -> KeyPairs:
        at, place = np.nonzero(self.of_row[rows] >= TAGS)
        return KeyPairs(at, self.of_row[rows[at], place], self.names)


@pytest.mark.parametrize("number", [9_000, 18_000, 200_000])
def test_fifty_thousand_posts_fold_and_are_counted_within_five_milliseconds(number: int) -> None:
    chance, size = np.random.default_rng(4), 50_000
    names = (
        [f"tag={n}" for n in range(TAGS)]
        + [f"org={n}" for n in range(150)]
        + [f"year={2000 + n}" for n in range(25)]
    )
    many = Many(
        np.zeros(size, np.int64), chance.permutation(96_000)[:size], chance.integers(1, number, size),
        chance.random(size), chance.random(size) < 0.1, chance.integers(10**9, 2 * 10**9, size),
        chance.integers(0, 9, size), names, chance.integers(0, len(names), (size, 5)),
    )  # fmt: skip
    least = 1.0

    for _ in range(12):
        began = time.process_time()
        folded = fold(many, "post", now=2e9)
        counted = facets.count(many, folded)
        least = min(least, time.process_time() - began)

    assert len(folded.keys) == DEEPEST
    assert folded.total == len(np.unique(many.topics))
    assert len(counted["tag"]) == facets.MOST
    assert least <= 0.020, least  # a loaded machine takes up to four times what it takes by itself
