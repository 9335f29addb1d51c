"""A batch looked through without an index finds what the engine finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from iocop.core import outbox
from iocop.search import indexer
from iocop.search.batches import Batch
from iocop.search.plan import Bounds, Plan
from iocop.search.planning import plan_of
from iocop.search.port import KINDS, Document, Mask, ref
from iocop.search.query import parse
from iocop.search.synonyms import Meaning

if TYPE_CHECKING:
    from flask import Flask

WORDS = (
    "frost",
    "Frosts",
    "coil",
    "MS/TP",
    "ms",
    "--force",
    "foo.bar",
    "the",
    "naïve",
    "C++",
    "11750",
    "Pumpe",
)
EVERYTHING = Mask(frozenset({1, 2}), member=True)


def document(
    number: int, title: str, text: str, *, language: str = "en", at: int = 100, **keys: str
) -> Document:
    own = frozenset(f"{name}={value}" for name, value in keys.items())
    return Document(
        ref("post", number), "post", number, number, 1, "members", language, title, text, at, own_keys=own
    )


def found(typed: str, *documents: Document, bounds: Bounds | None = None) -> list[int]:
    plan = plan_of(parse(typed), bounds or Bounds(), frozenset({"en", "de"}))
    return [one.id for one in Batch(documents).having_all(plan)]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("frost coil", [1]), ("frosts", [1, 2]), ('"frost on"', [1]), ('"on frost"', []), ("frost -coil", [2]),
        ('frost -"on the"', [2]), ("in:title frost", [1]), ("foo.bar", [3]), ("bar", [3]), ("coil frost foo", []),
        ("", []), ("-frost", []),
    ],
)  # fmt: skip
def test_words_phrases_and_what_is_left_out(typed: str, expected: list[int]) -> None:
    assert expected == found(
        typed,
        document(1, "Frost", "Frost on the coil"),
        document(2, "", "It has frosts."),
        document(3, "", "foo.bar"),
    )


def test_bounds_limit_what_is_found() -> None:
    early, late = document(1, "Frost", "", at=100, tag="3"), document(2, "Frost", "", at=200)

    assert found("frost", early, late, bounds=Bounds(after=150)) == [2]
    assert found("frost", early, late, bounds=Bounds(before=200)) == [1]
    assert found("frost", early, late, bounds=Bounds(all_of=(frozenset({"tag=3", "tag=4"}),))) == [1]
    assert found("frost", early, late, bounds=Bounds(all_of=(frozenset(),))) == []
    assert found("frost", early, late, bounds=Bounds(none_of=frozenset({"tag=3"}))) == [2]
    assert found("", early, late, bounds=Bounds(all_of=(frozenset({"tag=3"}),))) == [1]


def test_synonyms_count_as_the_words() -> None:
    query = parse("hoarfrost")
    plan = plan_of(
        type(query)(terms=("hoarfrost",), also=(Meaning(0, 1, ("glaze ice",)),)), Bounds(), frozenset({"en"})
    )

    both = Batch([document(1, "", "Glaze and ice"), document(2, "", "hoarfrost"), document(3, "", "glaze")])
    assert [one.id for one in both.having_all(plan)] == [1, 2]


_text = some.lists(some.sampled_from(WORDS), max_size=6).map(" ".join)
_typed = some.lists(
    some.one_of(
        some.sampled_from(WORDS),
        some.sampled_from(WORDS).map(lambda word: f"-{word}"),
        some.lists(some.sampled_from(WORDS), min_size=1, max_size=3).map(
            lambda words: f'"{" ".join(words)}"'
        ),
    ),
    min_size=1,
    max_size=4,
).map(" ".join)


@pytest.mark.only("sqlite")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=some.lists(some.tuples(_text, _text, some.sampled_from(("en", "de"))), min_size=1, max_size=6),
    typed=some.lists(_typed, min_size=1, max_size=8),
)
def test_it_finds_what_the_engine_finds(
    app: Flask, texts: list[tuple[str, str, str]], typed: list[str]
) -> None:
    documents = [
        document(number, title, text, language=language)
        for number, (title, text, language) in enumerate(texts, start=1)
    ]
    for _step in indexer.engine().rebuild(documents, outbox.START):
        pass
    batch, languages = Batch(documents), indexer.engine().languages()

    for one in typed:
        plan = plan_of(parse(one), Bounds(), languages)
        plan = Plan(plan.groups, plan.phrases, plan.excluded, plan.bounds, "all")
        matches = indexer.engine().search(plan, EVERYTHING)
        assert all(KINDS[kind] == "post" for kind in matches.kinds)
        assert sorted(one.id for one in batch.having_all(plan)) == sorted(matches.ids.tolist()), one
