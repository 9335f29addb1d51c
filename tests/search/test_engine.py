"""What every engine promises: right, bounded by its mask, and as its cursor says."""

from __future__ import annotations

from itertools import islice
from math import log
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from iocop.core.outbox import START, Cursor
from iocop.search.plan import K1, TITLE_LENGTH, B, Bounds, Plan, Word
from iocop.search.port import EVERYWHERE, KINDS, Document, Mask, Named, ref
from tests.search.engines import (
    EVERYBODY,
    GUEST,
    INSIDE,
    document,
    filled,
    found,
    group,
    ids,
    plan,
    put,
    refs,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iocop.search.port import Integers, Matches, SearchEngine

PERSON: dict[str, Any] = {"kind": "member", "space_id": EVERYWHERE, "topic_id": 0}


def test_nothing_is_found_through_an_empty_mask(engine: SearchEngine) -> None:
    put(engine, document(1, "frost", title="frost"))

    assert ids(engine, "frost") == [1]
    for mask in (
        Mask(frozenset(), member=True),
        Mask(frozenset(), member=False),
        Mask(frozenset({99}), member=True),
    ):
        assert ids(engine, "frost", mask) == []
        assert ids(engine, Plan(bounds=Bounds((frozenset({"kind=post"}),))), mask) == []
        assert list(engine.suggest(["frost"], mask, 5)) == []


def test_space_and_label_bound_every_search(engine: SearchEngine) -> None:
    put(
        engine,
        document(1, "frost", label="public"),
        document(2, "frost", label="members"),
        document(3, "frost", space_id=2),
        document(4, "frost", **PERSON),
    )

    assert sorted(ids(engine, "frost")) == [1, 2]
    assert ids(engine, "frost", GUEST) == [1]
    assert ids(engine, "frost", Mask(frozenset({2}), member=True)) == [3]
    assert refs(found(engine, "frost", Mask(frozenset({EVERYWHERE}), member=False))) == ["member:4"]
    assert ids(engine, "frost coil valve pump", Mask(frozenset({2}), member=False)) == [3]


def test_an_empty_plan_finds_nothing_and_bounds_alone_what_is_within_them(engine: SearchEngine) -> None:
    put(engine, document(1, "frost", own_keys=frozenset({"domain=3"})), document(2, "coil"))

    assert ids(engine, Plan()) == []
    assert ids(engine, Plan(excluded=(("frost",),))) == []
    assert ids(engine, Plan(bounds=Bounds(none_of=frozenset({"domain=3"})))) == []
    matches = engine.search(Plan(bounds=Bounds((frozenset({"domain=3"}),))), INSIDE)
    assert (matches.ids.tolist(), matches.scores.tolist(), matches.whole.tolist()) == ([1], [0.0], [True])


def test_every_kind_is_found_at_once_with_all_that_is_told_of_it(engine: SearchEngine) -> None:
    put(
        engine,
        document(7, "frost", topic_id=5, at=1_300_000_000, votes=4),
        document(4, "frost", **PERSON),
        document(7, "frost", kind="article", at=1_400_000_000),
        document(9, "frost", kind="file", topic_id=7, at=-5),
    )

    matches = found(engine, "frost", EVERYBODY)

    columns = (matches.kinds, matches.ids, matches.topics, matches.at, matches.votes, matches.whole)
    assert sorted(zip(*(column.tolist() for column in columns), strict=True)) == [
        (KINDS.index("post"), 7, 5, 1_300_000_000, 4, True),
        (KINDS.index("article"), 7, 7, 1_400_000_000, 0, True),
        (KINDS.index("member"), 4, 0, 0, 0, True),
        (KINDS.index("file"), 9, 7, -5, 0, True),
    ]
    assert {column.dtype for column in columns[:5]} == {np.dtype(np.int64)}
    assert matches.scores.dtype == np.float64
    assert (matches.capped, matches.from_titles) == (False, False)


def test_a_label_and_a_space_are_no_words(engine: SearchEngine) -> None:
    put(engine, document(1, "frost"))

    for typed in ("public", "1", "post", "cursor", "en", "post:1", "open"):
        assert ids(engine, typed) == []


def test_few_with_all_words_are_followed_by_those_with_some(engine: SearchEngine) -> None:
    put(
        engine,
        document(1, "frost"),
        document(2, "coil " * 9),
        document(3, "frost and some more words before coil"),
    )

    matches = found(engine, "frost coil")

    assert ids(engine, "frost coil")[0] == 3
    assert dict(zip(matches.ids.tolist(), matches.whole.tolist(), strict=True)) == {
        1: False,
        2: False,
        3: True,
    }


def test_with_enough_hits_only_all_words_count(engine: SearchEngine) -> None:
    put(engine, *(document(key, "frost coil") for key in range(1, 11)), document(99, "frost"))

    assert sorted(ids(engine, "frost coil")) == list(range(1, 11))
    assert 99 in ids(engine, plan("frost", "coil", needs="any"))


def test_enough_is_counted_among_what_the_viewer_may_find(engine: SearchEngine) -> None:
    put(
        engine,
        *(document(key, "frost coil", space_id=2) for key in range(1, 11)),
        document(50, "frost coil"),
        document(99, "frost"),
    )

    assert ids(engine, "frost coil") == [50, 99]


def test_a_plan_may_need_all_or_any(engine: SearchEngine) -> None:
    put(engine, document(1, "frost"), document(2, "frost coil"), document(3, "pump"))

    assert ids(engine, plan("frost", "coil", needs="all")) == [2]
    assert ids(engine, plan("frost", "coil", needs="any")) == [2, 1]
    matches = engine.search(plan("frost", "coil", needs="any"), INSIDE)
    assert sorted(zip(matches.ids.tolist(), matches.whole.tolist(), strict=True)) == [(1, False), (2, False)]
    assert ids(engine, plan("frost", "nowhere", needs="all")) == []


def test_a_sentence_finds_what_has_any_of_it(engine: SearchEngine) -> None:
    put(engine, document(1, "frost in the coil"), document(2, "a valve"), document(3, "nothing of it"))

    assert ids(engine, "how do I keep frost from the heating coil in winter") == [1]


def test_rare_words_count_more_and_titles_a_little(engine: SearchEngine) -> None:
    put(
        engine,
        *(document(key, "the pump pump pump runs") for key in range(10, 20)),
        document(1, "the pump has a glycol leak"),
        document(2, "somewhere glycol", title="Other"),
        document(3, "other", title="Somewhere glycol"),
    )

    assert set(ids(engine, "pump glycol seal ring")[:3]) == {1, 2, 3}
    assert ids(engine, "glycol")[0] == 3


def test_scores_are_bm25_over_what_is_not_deleted(engine: SearchEngine) -> None:
    """Of titles: 4 documents, 2 of them with the word, one of a word and one of three with it twice."""
    put(
        engine,
        document(1, title="frost"),
        document(2, title="Frost on frost"),
        document(3, "x"),
        document(4),
        document(5, title="frost"),
    )
    engine.apply([], {ref("post", 5)}, START)

    matches = engine.search(Plan(groups=((((Word("title_exact", "frost", 1.5),),),),)), INSIDE)

    rare = log(1 + (4 - 2 + 0.5) / (2 + 0.5))
    norms = [K1 * (1 - B + B * words / TITLE_LENGTH) for words in (1, 3)]
    expected = {
        1: 1.5 * rare * (K1 + 1) / (1 + norms[0]),
        2: 1.5 * rare * 2 * (K1 + 1) / (2 + norms[1]),
    }
    assert dict(zip(matches.ids.tolist(), matches.scores.tolist(), strict=True)) == pytest.approx(expected)


def test_long_texts_count_less_than_short_ones(engine: SearchEngine) -> None:
    put(engine, document(1, "frost " + "and more words " * 30), document(2, "frost only"))

    assert ids(engine, "frost") == [2, 1]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ('"frost protection"', [1]),
        ("frost -coil", [2]),
        ("frosts", [1, 2]),
        ('frost -"of coil"', [2]),
        ('frost -"coil of"', [1, 2]),
        ("protections", [1]),
        ("acad.lsp", [3]),
        ("lsp", [3]),
        ("--flag", [3]),
        ("AC", [4]),
        ("MS/TP", [4]),
        ('"ac ms tp"', [4]),
        ("kälte", [5]),
        ("KALTE", [5]),
        ('-frost "protection of coil"', []),
        ('"frost frost"', [6]),
        ('"title frost"', []),
        ('"the title"', [6]),
    ],
)
def test_what_typed_words_find(engine: SearchEngine, typed: str, expected: list[int]) -> None:
    put(
        engine,
        document(1, "frost protection of coil"),
        document(2, "frost"),
        document(3, "load acad.lsp with --flag"),
        document(4, "AC, MS/TP"),
        document(5, "Die Kälte", language="de"),
        document(6, "ice of frost frost", title="The title"),
    )

    assert [key for key in sorted(ids(engine, typed)) if key != 6 or expected == [6]] == expected


def test_a_phrase_scores_what_its_words_score_and_stands_where_its_words_follow_each_other(
    engine: SearchEngine,
) -> None:
    put(
        engine,
        document(1, "a heat pump and a pump"),
        document(2, "pump heat"),
        document(3, "heat", title="pump"),
        document(4, title="Heat pump"),
    )
    scored = dict.fromkeys([1, 4])

    matches = engine.search(Plan(phrases=(("heat", "pump"),)), INSIDE)
    words = engine.search(Plan(groups=(group("heat", "pump"),)), INSIDE)

    assert dict.fromkeys(sorted(matches.ids.tolist())) == scored
    among = dict(zip(words.ids.tolist(), words.scores.tolist(), strict=True))
    assert dict(zip(matches.ids.tolist(), matches.scores.tolist(), strict=True)) == pytest.approx(
        {key: among[key] for key in scored}
    )
    assert ids(engine, plan("heat", excluded=(("heat", "pump"),))) == [3, 2]


def test_what_else_a_word_may_be_called_counts_only_with_all_its_words(engine: SearchEngine) -> None:
    put(engine, document(1, "ahu"), document(2, "an air unit"), document(3, "air handling unit"))
    ways = (*group("ahu"), *group("air", "handling", "unit", weight=0.7))

    matches = engine.search(Plan(groups=(ways,)), INSIDE)

    assert sorted(matches.ids.tolist()) == [1, 3]


def test_each_language_has_its_own_stems(engine: SearchEngine) -> None:
    put(engine, document(1, "Die Heizungen", language="de"), document(2, "the heating", language="en-GB"))

    assert ids(engine, "Heizung") == [1]
    assert engine.languages() == {"de", "en"}


def test_a_whole_code_word_ranks_before_its_parts(engine: SearchEngine) -> None:
    put(engine, document(1, "foo and bar " * 3), document(2, "call foo.bar here"))

    assert ids(engine, "foo.bar") == [2, 1]


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        (Bounds((frozenset({"domain=1", "domain=2"}),)), [1, 2]),
        (Bounds((frozenset({"domain=1", "domain=2"}), frozenset({"tag=5"}))), [2]),
        (Bounds((frozenset(),)), []),
        (Bounds((frozenset({"domain=1"}), frozenset())), []),
        (Bounds((frozenset({"domain=99"}),)), []),
        (Bounds(none_of=frozenset({"tag=5", "domain=99"})), [1, 4]),
        (Bounds((frozenset({"version=heatcalc 2.1"}),)), [1]),
        (Bounds(after=200), [2, 3]),
        (Bounds(before=200), [1]),
        (Bounds(after=100, before=300), [1, 2]),
        (Bounds((frozenset({"tag=5"}),), frozenset({"domain=2"}), after=50), [3]),
        (Bounds((frozenset({"lang=en"}), frozenset({"label=public"}), frozenset({"space=1"}))), [1, 2, 3, 4]),
    ],
)
def test_bounds_limit_what_is_found(engine: SearchEngine, bounds: Bounds, expected: list[int]) -> None:
    """A document of which nobody knows when, as the fourth, is neither before nor after anything."""
    put(
        engine,
        document(1, "frost", at=100, own_keys=frozenset({"domain=1", "version=heatcalc 2.1"})),
        document(2, "frost", at=200, own_keys=frozenset({"domain=2", "tag=5"})),
        document(3, "frost", at=300, own_keys=frozenset({"tag=5"})),
        document(4, "frost"),
    )

    assert sorted(ids(engine, plan("frost", bounds=bounds))) == expected
    alone = sorted(ids(engine, Plan(bounds=bounds)))
    assert alone == ([] if Plan(bounds=bounds).is_empty else expected)


def counts(matches: Matches, rows: Integers) -> dict[str, int]:
    return {name: number for name, number in zip(*matches.counts(rows), strict=True) if number}


def test_what_was_found_is_counted_by_its_keys(engine: SearchEngine) -> None:
    put(engine, document(1, "frost", own_keys=frozenset({"domain=1", "tag=5", "tag=6", "author=9", "org=2"})))
    put(engine, document(2, "frost"), document(3, "frost", own_keys=frozenset({"tag=5", "year=2024"})))
    put(engine, document(4, "coil", own_keys=frozenset({"tag=7"})))
    matches = found(engine, "frost")
    rows = np.argsort(-matches.ids)

    pairs = matches.own_keys(rows)

    assert counts(matches, rows) == {"domain=1": 1, "tag=5": 2, "tag=6": 1, "org=2": 1, "year=2024": 1}
    assert counts(matches, rows[:2]) == {"tag=5": 1, "year=2024": 1}
    assert counts(matches, rows[:0]) == {}
    told = [
        (int(matches.ids[rows[at]]), pairs.names[key]) for at, key in zip(pairs.at, pairs.key, strict=True)
    ]
    assert sorted(told) == [(1, "org=2"), (3, "year=2024")]
    assert len(matches.own_keys(rows[:0]).at) == 0


def test_matches_outlive_what_is_written_meanwhile(engine: SearchEngine) -> None:
    put(engine, document(1, "frost", own_keys=frozenset({"tag=5"})))
    matches = found(engine, "frost")

    filled(engine, [document(8, "coil", own_keys=frozenset({"tag=6"}))])
    assert ids(engine, "coil") == [8]

    assert matches.ids.tolist() == [1]
    assert counts(matches, np.array([0])) == {"tag=5": 1}


def test_what_is_replaced_or_deleted_is_found_no_more(engine: SearchEngine) -> None:
    put(engine, document(1, "frost"), document(2, "frost"))
    assert sorted(ids(engine, "frost")) == [1, 2]

    put(engine, document(1, "coil"), upto=Cursor(0, 5))
    assert ids(engine, "frost") == [2]
    engine.apply([], {ref("post", 2)}, Cursor(0, 6))

    assert ids(engine, "frost") == []
    assert ids(engine, "coil") == [1]
    assert engine.health().documents == 1
    assert engine.cursor() == engine.health().cursor == Cursor(0, 6)


def test_a_member_seen_in_two_ways_is_found_by_either_and_goes_at_once(engine: SearchEngine) -> None:
    put(
        engine,
        document(4, "Ada", label="public", **PERSON),
        document(4, "Ada likes frost", label="members", **PERSON),
    )
    guest = Mask(frozenset({EVERYWHERE}), member=False)

    assert set(ids(engine, "ada", EVERYBODY)) == {4}
    assert ids(engine, "frost", EVERYBODY) == [4]
    assert ids(engine, "frost", guest) == []
    engine.apply([], {ref("member", 4)}, START)
    assert ids(engine, "ada", EVERYBODY) == []


def test_titles_are_suggested_as_they_are_typed(engine: SearchEngine) -> None:
    put(
        engine,
        document(1, title="Frost on the coil", votes=1),
        document(2, "frost", title="Coils and frost", votes=5),
        document(3, title="Frost protection", votes=3, label="members"),
        document(4, title="Frosty coil", space_id=2, votes=9),
        document(5, "frost of a coil"),
    )

    def suggested(*words: str, mask: Mask = INSIDE, limit: int = 9) -> list[int]:
        return [one.id for one in engine.suggest(words, mask, limit)]

    assert suggested("fro") == [2, 3, 1]
    assert suggested("fro", mask=GUEST) == [2, 1]
    assert suggested("fro", limit=1) == [2]
    assert suggested("frost", "co") == [2, 1]
    assert suggested("coil", "frost") == [1]
    assert suggested("co", "frost") == []
    assert suggested("zzz") == suggested() == []
    assert engine.suggest(["prot"], INSIDE, 5) == [Named("post", 3, 3, "Frost protection")]
    engine.apply([], {ref("post", 2)}, START)
    assert suggested("fro") == [3, 1]


def test_a_member_seen_in_two_ways_is_suggested_once(engine: SearchEngine) -> None:
    put(
        engine,
        document(4, title="Ada Lovell", **PERSON),
        document(4, "frost", title="Ada Lovell", label="members", **PERSON),
    )

    assert list(engine.suggest(["ad"], EVERYBODY, 5)) == [Named("member", 4, 0, "Ada Lovell")]


def test_only_words_of_what_everybody_may_read_are_told(engine: SearchEngine) -> None:
    hidden = document(3, "glycol secretword", own_keys=frozenset())
    put(engine, document(1, "Frosts and glycol"), document(2, "x", title="Frosts"), hidden)

    assert engine.known(["frosts", "glycol", "secretword", "frost", ""]) == {"frosts": 2, "glycol": 1}
    assert list(engine.near("secretwort", 5)) == []
    engine.apply([], {ref("post", 1)}, START)
    assert engine.known(["frosts", "glycol"]) == {"frosts": 1}
    assert list(engine.near("glykol", 5)) == []


def test_words_spelt_nearly_alike_come_nearest_first_then_the_most_frequent(engine: SearchEngine) -> None:
    put(engine, document(1, "damper dampers pump pomp"), document(2, "pump stamper"))

    assert list(engine.near("dampr", 5)) == [("damper", 1), ("dampers", 1)]
    assert list(engine.near("dampre", 1)) == [("damper", 1)]
    assert list(engine.near("pimp", 5)) == [("pump", 2), ("pomp", 1)]
    assert list(engine.near("pmup", 5)) == [("pump", 2)]
    assert list(engine.near("pmu", 5)) == []  # in so short a word two slips are too many
    put(engine, document(3, "dampr"))
    assert [word for word, _ in engine.near("dampr", 5)] == ["damper", "dampers"]  # not the word itself


def test_rebuilding_leaves_the_old_index_in_use_until_it_is_done(engine: SearchEngine) -> None:
    put(engine, document(1, "frost"))
    building = engine.rebuild((document(key, "coil") for key in range(1, 1001)), Cursor(0, 9))

    assert list(islice(building, 3)) == [100, 200, 300]
    assert engine.building()
    assert ids(engine, "frost") == [1]
    assert list(engine.rebuild([], START)) == []  # one at a time
    put(engine, document(2, "frost"))
    assert sorted(ids(engine, "frost")) == [1, 2]
    assert list(building)[-1] == 1000

    assert not engine.building()
    assert ids(engine, "frost") == []
    assert len(ids(engine, "coil")) == engine.health().documents == 1000
    assert engine.cursor() == Cursor(0, 9)


def test_a_rebuild_left_half_way_changes_nothing(engine: SearchEngine) -> None:
    put(engine, document(1, "frost"))
    building = engine.rebuild((document(key, "coil") for key in range(1, 1001)), START)
    next(building)
    building.close()  # type: ignore[attr-defined]

    assert ids(engine, "frost") == [1]
    assert not engine.building()
    filled(engine, [document(2, "coil")])
    assert ids(engine, "coil") == [2]
    assert ids(engine, "frost") == []


def test_a_batch_that_fails_leaves_the_index_as_it_was(engine: SearchEngine) -> None:
    put(engine, document(1, "frost"), upto=Cursor(0, 1))

    def failing() -> Iterable[Document]:
        yield document(1, "coil")
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        engine.apply(failing(), {ref("post", 1)}, Cursor(0, 2))

    assert ids(engine, "frost") == [1]
    assert engine.cursor() == Cursor(0, 1)
    put(engine, document(1, "coil"), upto=Cursor(0, 2))
    assert ids(engine, "coil") == [1]


def test_writing_again_what_was_written_changes_nothing(engine: SearchEngine) -> None:
    for _ in range(3):
        put(engine, document(1, "frost"), document(2, "frost"), upto=Cursor(0, 4))

    assert sorted(ids(engine, "frost")) == [1, 2]
    assert engine.health().documents == 2
