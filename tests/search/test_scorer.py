"""The site's scorer finds what Whoosh's own search finds, with the same scores."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some

from iocop.core.outbox import START, Cursor
from iocop.search.plan import FIELDS, Bounds, Plan, Word
from iocop.search.port import KINDS, Document, Mask, ref
from iocop.search.whoosh_engine import lists, postings, writing
from iocop.search.whoosh_engine.engine import WhooshEngine
from tests.search import oracle
from tests.search.engines import filled

if TYPE_CHECKING:
    from pathlib import Path

WORDS = ("frost", "coil", "pump", "valve", "of")
KEYS = ("domain=1", "domain=2", "tag=7", "status=open")

words = some.sampled_from(WORDS)
texts = some.lists(words, max_size=12).map(" ".join)
documents = some.builds(
    Document,
    ref=some.integers(1, 12).map(lambda key: ref("post", key)),
    kind=some.sampled_from(KINDS),
    id=some.integers(1, 9),
    topic_id=some.integers(0, 3),
    space_id=some.integers(0, 2),
    label=some.sampled_from(["public", "members"]),
    language=some.sampled_from(["en", "de"]),
    title=some.one_of(some.just(""), texts),
    text=texts,
    at=some.just(0),
    own_keys=some.frozensets(some.sampled_from(KEYS)),
)
batches = some.lists(some.lists(documents, max_size=12), min_size=1, max_size=4)

entries = some.builds(
    Word,
    some.sampled_from(FIELDS),
    some.sampled_from([*WORDS, "valv", "nowhere"]),
    some.sampled_from([1.0, 1.5]),
)
parts = some.lists(entries, min_size=1, max_size=3).map(tuple)
ways = some.lists(parts, min_size=1, max_size=2).map(tuple)
groups = some.lists(ways, min_size=1, max_size=2).map(tuple)
phrases = some.lists(words, min_size=1, max_size=3).map(tuple)
bounds = some.builds(
    Bounds,
    all_of=some.lists(some.frozensets(some.sampled_from([*KEYS, "lang=en"])), max_size=2).map(tuple),
    none_of=some.frozensets(some.sampled_from(KEYS), max_size=1),
)
plans = some.builds(
    Plan,
    groups=some.lists(groups, max_size=3).map(tuple),
    phrases=some.lists(phrases, max_size=1).map(tuple),
    excluded=some.lists(phrases, max_size=1).map(tuple),
    bounds=some.one_of(some.just(Bounds()), bounds),
    needs=some.sampled_from(["all", "any", "all, else any"]),
)
masks = some.builds(Mask, some.frozensets(some.integers(0, 3), max_size=3), some.booleans())
"""Half of the spaces a document may stand in, and one that is empty."""

numbers = count(1)


@pytest.fixture(autouse=True)
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many segments, blocks and merges of few documents."""
    monkeypatch.setattr(writing, "MOST_SEGMENTS", 3)
    monkeypatch.setattr(writing, "MERGED_AT_ONCE", 2)
    monkeypatch.setattr(postings, "A_BLOCK", 3)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to make an index smaller takes minutes
)
@given(
    batches=batches,
    asked=some.lists(some.tuples(plans, masks), min_size=1, max_size=8),
    night=some.booleans(),
    many=some.sampled_from([1, 3, 1000]),
)
def test_whoosh_itself_finds_the_same(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    batches: list[list[Document]],
    asked: list[tuple[Plan, Mask]],
    night: bool,
    many: int,
) -> None:
    """However common a word has to be before it is kept as one."""
    monkeypatch.setattr(lists, "MANY", many)
    engine = filled(WhooshEngine(tmp_path / str(next(numbers))), batches[0])
    for number, batch in enumerate(batches[1:]):
        engine.apply(batch, {one.ref for one in batch} | {ref("post", 1)}, Cursor(0, number))
    if night:
        list(engine.forget_deleted())

    for plan, mask in asked:
        compared(engine, plan, mask)


def compared(engine: WhooshEngine, plan: Plan, mask: Mask) -> None:
    path = engine._folder.current()
    assert path is not None
    expected = oracle.found(path, plan, mask)

    matches = engine.search(plan, mask)

    assert len(matches.ids) == len(expected)
    numbers = sorted(expected)  # in which the engine answers too
    assert matches.scores.tolist() == pytest.approx([expected[number][0] for number in numbers], abs=1e-6)
    assert matches.whole.tolist() == [expected[number][1] for number in numbers]
    with engine._reading.snapshot() as snapshot:
        assert matches.ids.tolist() == snapshot.columns["number"][numbers].tolist()


def test_a_large_plan_over_many_documents_scores_the_same(tmp_path: Path) -> None:
    """Where Whoosh takes other ways than in small ones, and lists have several blocks."""
    many = [
        Document(
            ref("post", key), "post", key, key, key % 3, "public", "en",
            title="frost coil" * (key % 4 == 0), text=" ".join(WORDS[: key % 6] * (key % 5)),
        )
        for key in range(1, 300)
    ]  # fmt: skip
    engine = filled(WhooshEngine(tmp_path / "search"), many)
    engine.apply(many[:40], {one.ref for one in many[:90]}, START)
    every = tuple((((Word("exact", word), Word("title_exact", word, 1.5)),),) for word in WORDS)

    for mask in (Mask(frozenset({0, 1, 2}), member=True), Mask(frozenset({1}), member=False)):
        for needs in ("any", "all"):
            compared(engine, Plan(groups=every, needs=needs), mask)
        compared(engine, Plan(phrases=(("frost", "coil", "pump"),), excluded=(("of",),)), mask)
