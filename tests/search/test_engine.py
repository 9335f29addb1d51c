"""The engine on Whoosh: right, bounded by its mask, and whole again after whatever happens to it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from itertools import islice
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from whoosh import fields
from whoosh import query as whoosh_query
from whoosh.index import create_in

from iocop.core.outbox import START, Cursor
from iocop.search.port import EVERYWHERE, Document, EngineDown, Mask, ref
from iocop.search.query import SearchQuery, parse
from iocop.search.whoosh_engine import writing
from iocop.search.whoosh_engine.engine import WhooshEngine
from iocop.search.whoosh_engine.schema import make_schema

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iocop.search.port import Kind

INSIDE = Mask(frozenset({1}), member=True)
WORDS = ["frost", "coil", "valve", "pump", "damper", "glycol", "brine", "sensor"]
w: Any = whoosh_query


def document(key: int, text: str = "", **given: Any) -> Document:
    usual: dict[str, Any] = {
        "ref": ref("post", key), "kind": "post", "id": key, "topic_id": key, "space_id": 1, "label": "public",
        "author_id": 1, "language": "en", "title": "", "text": text,
    }  # fmt: skip
    return Document(**usual | given)


@pytest.fixture
def engine(tmp_path: Path) -> WhooshEngine:
    return filled(WhooshEngine(tmp_path / "search"), [])


def filled(engine: WhooshEngine, documents: Iterable[Document], upto: Cursor = START) -> WhooshEngine:
    for _ in engine.rebuild(documents, upto):
        pass
    return engine


def put(engine: WhooshEngine, *documents: Document, upto: Cursor = START) -> None:
    engine.apply(documents, {one.ref for one in documents}, upto)


def ids(
    engine: WhooshEngine, typed: str | SearchQuery, mask: Mask = INSIDE, kind: Kind = "post"
) -> list[int]:
    query = parse(typed) if isinstance(typed, str) else typed
    return [hit.id for hit in engine.search(query, mask, kind, 50).hits]


def test_the_trap_in_whoosh_and_that_ours_is_safe(tmp_path: Path, engine: WhooshEngine) -> None:
    folder = tmp_path / "bare"
    folder.mkdir()
    index = create_in(str(folder), fields.Schema(text=fields.TEXT(), space=fields.ID()))
    writer = index.writer()
    writer.add_document(text="frost", space="1")
    writer.commit()
    with index.searcher() as searcher:
        frost = w.Term("text", "frost")
        assert len(searcher.search(frost, filter=set())) == 1  # an empty filter lets everything through
        assert len(searcher.search(frost, filter=w.Or([]))) == 1
        assert len(searcher.search(w.And([frost, w.Or([])]))) == 0  # which is how ours asks

    put(engine, document(1, "frost"))
    assert engine.search(parse("frost"), INSIDE, "post", 10).total == 1
    for mask in (
        Mask(frozenset(), member=True),
        Mask(frozenset(), member=False),
        Mask(frozenset({99}), member=True),
    ):
        assert engine.search(parse("frost"), mask, "post", 10) == engine.search(
            parse("zzz"), mask, "post", 10
        )
        assert engine.search(parse("frost"), mask, "post", 10).total == 0
        assert engine.similar("frost", mask, "post", 10).total == 0


def test_space_label_and_kind_bound_every_search(engine: WhooshEngine) -> None:
    put(
        engine,
        document(1, "frost", label="public"),
        document(2, "frost", label="members"),
        document(3, "frost", space_id=2),
        document(4, "frost", ref=ref("member", 4), kind="member", space_id=EVERYWHERE, topic_id=0),
    )

    assert sorted(ids(engine, "frost")) == [1, 2]
    assert ids(engine, "frost", Mask(frozenset({1}), member=False)) == [1]
    assert ids(engine, "frost", Mask(frozenset({2}), member=True)) == [3]
    assert ids(engine, "frost", Mask(frozenset({EVERYWHERE}), member=False), "member") == [4]
    assert ids(engine, "frost coil valve pump", Mask(frozenset({2}), member=False)) == [3]


def test_how_many_hits_are_wanted_does_not_change_which_are_best(engine: WhooshEngine) -> None:
    """Whoosh's own limit does: with a mask in the query it drops better hits."""
    chance = Random(7)
    texts = {key: chance.choices(WORDS, range(1, 9), k=chance.randint(1, 9)) for key in range(1, 201)}
    put(engine, *(document(key, " ".join(text)) for key, text in texts.items()))
    for _ in range(20):
        asked = chance.sample(WORDS, 5)
        few = engine.search(parse(" ".join(asked)), INSIDE, "post", 5)
        everything = engine.search(parse(" ".join(asked)), INSIDE, "post", 1000)

        assert few.hits == everything.hits[:5]
        assert few.total == everything.total == sum(bool(set(asked) & set(text)) for text in texts.values())


def test_a_label_and_a_space_are_no_words(engine: WhooshEngine) -> None:
    put(engine, document(1, "frost"))

    for typed in ("public", "1", "post", "cursor", "en", "post:1"):
        assert ids(engine, typed) == []


def test_up_to_three_words_are_asked_all_first(engine: WhooshEngine) -> None:
    put(
        engine,
        document(1, "frost"),
        document(2, "coil " * 9),
        document(3, "frost and some more words before coil"),
    )

    found = engine.search(parse("frost coil"), INSIDE, "post", 10)

    assert found.hits[0].id == 3
    assert [hit.all_words for hit in found.hits] == [True, False, False]
    assert found.total == 3


def test_with_enough_hits_only_all_words_count(engine: WhooshEngine) -> None:
    put(engine, *(document(key, "frost coil") for key in range(1, 11)), document(99, "frost"))

    assert sorted(ids(engine, "frost coil")) == list(range(1, 11))


def test_a_sentence_finds_what_has_any_of_it(engine: WhooshEngine) -> None:
    put(engine, document(1, "frost in the coil"), document(2, "a valve"), document(3, "nothing of it"))

    assert ids(engine, "how do I keep frost from the heating coil in winter") == [1]


def test_rare_words_count_more_and_titles_a_little(engine: WhooshEngine) -> None:
    put(
        engine,
        *(document(key, "the pump pump pump runs") for key in range(10, 20)),
        document(1, "the pump has a glycol leak"),
        document(2, "somewhere glycol", title="Other"),
        document(3, "other", title="Somewhere glycol"),
    )

    assert set(ids(engine, "pump glycol seal ring")[:3]) == {1, 2, 3}
    assert ids(engine, "glycol")[0] == 3


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
    ],
)  # fmt: skip
def test_what_typed_words_find(engine: WhooshEngine, typed: str, expected: list[int]) -> None:
    put(
        engine,
        document(1, "frost protection of coil"),
        document(2, "frost"),
        document(3, "load acad.lsp with --flag"),
        document(4, "AC, MS/TP"),
        document(5, "Die Kälte", language="de"),
    )

    assert sorted(ids(engine, typed)) == expected


def test_each_language_has_its_own_stems(engine: WhooshEngine) -> None:
    put(engine, document(1, "Die Heizungen", language="de"), document(2, "the heating", language="en"))

    assert ids(engine, "Heizung") == [1]


def test_a_whole_code_word_ranks_before_its_parts(engine: WhooshEngine) -> None:
    put(engine, document(1, "foo and bar " * 3), document(2, "call foo.bar here"))

    assert ids(engine, "foo.bar") == [2, 1]


def test_newest_first(engine: WhooshEngine) -> None:
    put(engine, document(1, "frost"), document(3, "frost " * 5), document(2, "frost"))

    assert ids(engine, parse("frost", "latest")) == [3, 2, 1]


def test_what_is_replaced_or_deleted_is_found_no_more(engine: WhooshEngine) -> None:
    """A searcher that was open before sees it too; Whoosh's own `refresh` would not."""
    put(engine, document(1, "frost"), document(2, "frost"))
    assert sorted(ids(engine, "frost")) == [1, 2]

    put(engine, document(1, "coil"), upto=Cursor(0, 5))
    assert ids(engine, "frost") == [2]
    engine.apply([], {ref("post", 2)}, Cursor(0, 6))

    assert ids(engine, "frost") == []
    assert ids(engine, "coil") == [1]
    assert engine.health().documents == 1
    assert engine.cursor() == Cursor(0, 6)


def test_a_member_seen_in_two_ways_is_one_hit(engine: WhooshEngine) -> None:
    given: dict[str, Any] = {"ref": ref("member", 4), "kind": "member", "space_id": EVERYWHERE, "topic_id": 0}
    put(
        engine,
        document(4, "Ada", label="public", **given),
        document(4, "Ada likes frost", label="members", **given),
    )
    mask = frozenset({EVERYWHERE})

    assert engine.search(parse("ada"), Mask(mask, member=True), "member", 9).total == 1
    assert ids(engine, "frost", Mask(mask, member=True), "member") == [4]
    assert ids(engine, "frost", Mask(mask, member=False), "member") == []
    engine.apply([], {ref("member", 4)}, START)
    assert ids(engine, "ada", Mask(mask, member=True), "member") == []


def test_segments_stay_few_and_nothing_is_lost_or_doubled(engine: WhooshEngine) -> None:
    put(engine, document(1, "frost"))
    for number in range(2, 61):
        put(engine, document(number, "frost"), document(1, "frost first"), upto=Cursor(0, number))

    assert engine.search(parse("frost"), INSIDE, "post", 1000).total == 60
    assert engine.health().documents == 60
    assert len(list((engine._folder.current() or engine._folder.path).glob("*.trm"))) <= writing.MOST_SEGMENTS


def test_a_second_engine_on_the_folder_sees_what_the_first_writes(
    engine: WhooshEngine, tmp_path: Path
) -> None:
    other = WhooshEngine(tmp_path / "search")
    assert ids(other, "frost") == []

    put(engine, document(1, "frost"))

    assert ids(other, "frost") == [1]


def test_rebuilding_leaves_the_old_index_in_use_until_it_is_done(engine: WhooshEngine) -> None:
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
    assert engine.search(parse("coil"), INSIDE, "post", 5).total == 1000
    assert engine.cursor() == Cursor(0, 9)
    assert len([found for found in engine._folder.path.iterdir() if found.is_dir()]) == 1


def test_a_rebuild_left_half_way_changes_nothing(engine: WhooshEngine) -> None:
    put(engine, document(1, "frost"))
    building = engine.rebuild((document(key, "coil") for key in range(1, 1001)), START)
    next(building)
    building.close()  # type: ignore[attr-defined]

    assert ids(engine, "frost") == [1]
    assert not engine.building()
    assert list(engine.rebuild([document(2, "coil")], START)) == [1]
    assert ids(engine, "coil") == [2]


# Whoosh leaves a file open whose contents it cannot read.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("harm", ["deleted", "truncated", "pointer", "schema", "contents"])
def test_a_broken_index_is_down_and_can_be_built_anew(tmp_path: Path, harm: str) -> None:
    filled(WhooshEngine(tmp_path / "search"), [document(1, "frost")])
    engine = WhooshEngine(tmp_path / "search")  # another process, which opens what is there now
    current = engine._folder.current()
    assert current is not None
    if harm == "deleted":
        shutil.rmtree(current)
    elif harm == "truncated":
        for found in [*current.glob("*.trm"), *current.glob("*.pst")]:
            os.truncate(found, found.stat().st_size // 2)
    elif harm == "pointer":
        (engine._folder.path / "current").write_bytes(b"\xff../..")
    elif harm == "schema":
        (engine._folder.path / "current").write_text("v0-1")
    else:
        for found in current.glob("*.toc"):
            found.write_bytes(b"nonsense")

    for broken in (engine.cursor, engine.health, lambda: engine.search(parse("frost"), INSIDE, "post", 5)):
        with pytest.raises(EngineDown):
            broken()
    filled(engine, [document(2, "frost")])
    assert ids(engine, "frost") == [2]


def test_no_index_at_all_is_down(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path / "none")
    with pytest.raises(EngineDown):
        engine.similar("frost", INSIDE, "post", 5)
    with pytest.raises(EngineDown):
        put(engine, document(1, "frost"))


def test_a_batch_that_fails_leaves_the_index_as_it_was(engine: WhooshEngine) -> None:
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


def test_an_index_that_does_not_say_how_far_it_read_is_down(engine: WhooshEngine) -> None:
    folder = engine._folder.fresh()
    create_in(str(folder), make_schema())
    engine._folder.use(folder)

    with pytest.raises(EngineDown):
        engine.cursor()
    assert ids(engine, "frost") == []


@pytest.mark.parametrize(("failures", "down"), [(2, False), (99, True)])
def test_segments_dropped_while_they_are_opened_are_looked_for_again(
    engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch, failures: int, *, down: bool
) -> None:
    put(engine, document(1, "frost"))
    opened = engine._reading._open
    left = iter(range(failures))

    def failing(*given: Any) -> None:
        if next(left, None) is not None:
            raise FileNotFoundError("a segment that was merged away")
        opened(*given)

    monkeypatch.setattr(engine._reading, "_open", failing)
    if down:
        with pytest.raises(EngineDown):
            ids(engine, "frost")
    else:
        assert ids(engine, "frost") == [1]


@pytest.mark.parametrize("count", [6, 7])
def test_a_large_index_is_built_in_several_segments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    monkeypatch.setattr(writing, "DOCUMENTS_A_SEGMENT", 3)
    engine = filled(
        WhooshEngine(tmp_path / "search"), [document(key, "frost") for key in range(count)], Cursor(0, 9)
    )

    assert engine.search(parse("frost"), INSIDE, "post", 50).total == count
    assert engine.cursor() == Cursor(0, 9)


def test_while_another_process_writes_this_one_does_not(engine: WhooshEngine) -> None:
    with engine._folder.alone("writing") as free:
        assert free
        with pytest.raises(EngineDown):
            put(engine, document(1, "frost"))


WRITER = """
import sys
from pathlib import Path
from tests.search.test_engine import document, put
from iocop.core.outbox import Cursor
from iocop.search.whoosh_engine.engine import WhooshEngine

engine = WhooshEngine(Path(sys.argv[1]))
number = max(engine.cursor().event_id, 1)
print("begun", flush=True)
while True:
    number += 1
    put(engine, document(number, f"frost {number}"), document(1, "frost first"), upto=Cursor(0, number))
"""


def test_a_killed_indexer_loses_and_doubles_nothing(engine: WhooshEngine, tmp_path: Path) -> None:
    """Killed at whatever point of its work: the cursor in the index says exactly what the index holds."""
    for attempt in range(4):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path / "search")], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        time.sleep(0.3 + 0.037 * attempt)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()

        known = engine.cursor().event_id
        assert engine.search(parse("frost"), INSIDE, "post", 5000).total == known
        assert engine.health().documents == known
    assert engine.cursor().event_id > 4
