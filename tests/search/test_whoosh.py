"""The index on the disk: whole again after whatever happens to it, read by many while one writes."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import threading
import time
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from whoosh.index import create_in

from iocop.core.outbox import Cursor
from iocop.search.plan import Bounds, Plan
from iocop.search.port import EngineDown
from iocop.search.whoosh_engine import postings, writing
from iocop.search.whoosh_engine.engine import WhooshEngine
from iocop.search.whoosh_engine.kept import Kept
from iocop.search.whoosh_engine.lists import ENTRY_BYTES
from iocop.search.whoosh_engine.schema import make_schema
from tests.search.engines import INSIDE, document, filled, ids, plan, put

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def engine(tmp_path: Path) -> WhooshEngine:
    return filled(WhooshEngine(tmp_path / "search"))


def folder_of(engine: WhooshEngine) -> Path:
    current = engine._folder.current()
    assert current is not None
    return current


def test_segments_stay_few_and_nothing_is_lost_or_doubled(engine: WhooshEngine) -> None:
    put(engine, document(1, "frost"))
    for number in range(2, 61):
        put(engine, document(number, "frost"), document(1, "frost first"), upto=Cursor(0, number))

    assert sorted(ids(engine, "frost")) == list(range(1, 61))
    assert engine.health().documents == 60
    assert len(list(folder_of(engine).glob("*.trm"))) <= writing.MOST_SEGMENTS


def test_a_second_engine_on_the_folder_sees_what_the_first_writes(
    engine: WhooshEngine, tmp_path: Path
) -> None:
    other = WhooshEngine(tmp_path / "search")
    assert ids(other, "frost") == []

    put(engine, document(1, "frost"))
    assert ids(other, "frost") == [1]
    filled(engine, [document(2, "frost", own_keys=frozenset({"open=1", "tag=2"}))])

    assert ids(other, "frost") == [2]
    assert other.near("frosst", 3) == [("frost", 1)]


def test_only_one_folder_is_left_after_a_rebuild(engine: WhooshEngine) -> None:
    filled(engine, [document(1, "frost")])

    assert len([one for one in engine._folder.path.iterdir() if one.is_dir()]) == 1


def halve(current: Path, files: str) -> None:
    for one in current.glob(files):
        os.truncate(one, one.stat().st_size // 2)


HARMS: dict[str, Callable[[Path], Any]] = {
    "deleted": shutil.rmtree,
    "terms": lambda current: halve(current, "*.trm"),
    "postings": lambda current: halve(current, "*.pst"),
    "a column": lambda current: halve(current, "*.number.col"),
    "a column gone": lambda current: list(map(os.remove, current.glob("*.space.col"))),
    "pointer": lambda current: (current.parent / "current").write_bytes(b"\xff../.."),
    "schema": lambda current: (current.parent / "current").write_text("v0-1"),
    "contents": lambda current: [one.write_bytes(b"nonsense") for one in current.glob("*.toc")],
}


# Whoosh leaves a file open whose contents it cannot read.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("harm", HARMS)
def test_a_broken_index_is_down_and_can_be_built_anew(tmp_path: Path, harm: str) -> None:
    filled(WhooshEngine(tmp_path / "search"), [document(1, "frost")])
    engine = WhooshEngine(tmp_path / "search")  # another process, which opens what is there now
    HARMS[harm](folder_of(engine))

    for broken in (engine.cursor, engine.health, lambda: ids(engine, "frost"), engine.languages):
        with pytest.raises(EngineDown):
            broken()
    filled(engine, [document(2, "frost")])
    assert ids(engine, "frost") == [2]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("harm", HARMS)
def test_who_has_it_open_learns_that_it_is_broken(tmp_path: Path, harm: str) -> None:
    """The indexing process asks only how far it came, which it knows by heart: others have to tell it."""
    indexing = filled(WhooshEngine(tmp_path / "search"), [document(1, "frost")])
    indexing.cursor()
    HARMS[harm](folder_of(indexing))

    with pytest.raises(EngineDown):
        ids(WhooshEngine(tmp_path / "search"), "frost")
    with pytest.raises(EngineDown):
        indexing.cursor()
    filled(indexing, [document(2, "frost")])
    assert ids(indexing, "frost") == [2]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("change", ["a batch", "the night"])
def test_who_cannot_write_looks_whether_it_is_whole(tmp_path: Path, change: str) -> None:
    indexing = filled(WhooshEngine(tmp_path / "search"), [document(1, "frost")])
    put(indexing, document(2, "frost"), upto=Cursor(0, 2))
    indexing.cursor()
    HARMS["contents"](folder_of(indexing))

    with pytest.raises(Exception, match=r"."):  # whatever the library makes of it
        put(indexing, document(3, "frost")) if change == "a batch" else next(indexing.forget_deleted())
    with pytest.raises(EngineDown):
        indexing.cursor()


def test_no_index_at_all_is_down(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path / "none")
    asked: list[Callable[[], Any]] = [
        lambda: engine.search(plan("frost"), INSIDE),
        lambda: engine.suggest(["frost"], INSIDE, 5),
        lambda: engine.known(["frost"]),
        lambda: engine.near("frost", 5),
        lambda: put(engine, document(1, "frost")),
        lambda: next(engine.forget_deleted()),
    ]
    for ask in asked:
        with pytest.raises(EngineDown):
            ask()
    assert not engine.building()


def test_an_index_that_does_not_say_how_far_it_read_is_down(engine: WhooshEngine) -> None:
    folder = engine._folder.fresh()
    create_in(str(folder), make_schema())
    engine._folder.use(folder)

    with pytest.raises(EngineDown):
        engine.cursor()
    assert engine.search(plan("frost"), INSIDE).ids.tolist() == []
    assert engine.search(Plan(bounds=Bounds(after=1)), INSIDE).ids.tolist() == []
    assert not engine.suggest(["fros"], INSIDE, 3)
    assert not engine.near("frost", 3)


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


@pytest.mark.parametrize("count", [600, 601])
def test_a_large_index_is_built_in_several_segments_that_become_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    monkeypatch.setattr(writing, "POSTINGS_A_SEGMENT", 1000)
    documents = [document(key, f"frost number {key}", title="coil" * (key % 2)) for key in range(count)]
    engine = filled(WhooshEngine(tmp_path / "search"), documents, Cursor(0, 9))

    assert len(ids(engine, "frost")) == count
    assert ids(engine, f'"number {count - 1}"') == [count - 1]
    assert len(ids(engine, "coil")) == count // 2
    assert [one.title for one in engine.suggest(["co"], INSIDE, 1)] == ["coil"]
    assert engine.cursor() == Cursor(0, 9)
    assert len(list(folder_of(engine).glob("*.trm"))) == 1


def test_while_another_process_writes_this_one_does_not(engine: WhooshEngine) -> None:
    with engine._folder.alone("writing") as free:
        assert free
        with pytest.raises(EngineDown):
            put(engine, document(1, "frost"))


def test_threads_search_while_segments_come_and_go(engine: WhooshEngine) -> None:
    wrong: list[object] = []
    done = threading.Event()

    def search() -> None:
        try:
            while not done.is_set():
                found = engine.search(plan("frost", needs="any"), INSIDE)
                if len(found.own_keys(found.ids[:0] * 0).at) or 1 not in found.ids.tolist():
                    wrong.append(found.ids.tolist())
                engine.suggest(["fros"], INSIDE, 3)
                engine.near("frosst", 3)
        except Exception as error:  # noqa: BLE001
            wrong.append(error)

    put(engine, document(1, "frost", title="frost"))
    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(2, 40):
        put(engine, document(number, "frost"), document(1, "frost", title="frost"), upto=Cursor(0, number))
    filled(engine, [document(1, "frost")])
    done.set()
    for thread in threads:
        thread.join()

    assert wrong == []


def test_posting_lists_kept_stay_below_a_number_of_bytes(
    engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = engine._reading._kept = Kept(most=3 * ENTRY_BYTES + 40)
    engine._reading._generation = -1
    put(engine, *(document(key, "frost coil pump valve") for key in range(1, 4)))

    for _ in range(2):
        for word in ("frost", "coil", "pump", "valve"):
            assert sorted(ids(engine, plan(word))) == [1, 2, 3]
            assert kept.size <= 3 * ENTRY_BYTES + 40
    filled(engine, [document(9, "frost")])
    assert ids(engine, plan("frost")) == [9]


@pytest.mark.parametrize("size", [1, 2, postings.A_BLOCK - 1, postings.A_BLOCK, 3 * postings.A_BLOCK + 7])
def test_a_posting_list_is_read_as_it_was_written(size: int) -> None:
    chance = Random(size)
    documents = sorted(chance.sample(range(10 * size), size))
    drawn = ([float(chance.randint(1, most)) for _ in range(size)] for most in (9, 90_000))
    for times in ([1.0] * size, [3.0] * size, *drawn):
        written = memoryview(postings.encoded(documents, times, []))

        read = postings.decoded(written, counted=True)
        assert read.times is not None
        assert read.documents.tolist() == documents
        assert read.times.tolist() == [min(time, postings.MOST_TIMES) for time in times]
        assert postings.decoded(written, counted=False).documents.tolist() == documents


def write_on(folder: Path, begun: Any) -> None:
    """What the indexing process does, for ever; each batch has a new document and the first one anew."""
    engine = WhooshEngine(folder)
    number = max(engine.cursor().event_id, 1)
    begun.set()
    while True:
        number += 1
        put(engine, document(number, f"frost {number}"), document(1, "frost first"), upto=Cursor(0, number))


# Forking is what makes ten processes quick; the children touch nothing that another thread may hold.
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_killed_indexer_loses_and_doubles_nothing(engine: WhooshEngine, tmp_path: Path) -> None:
    """Killed ten times at whatever point of its work: the cursor in the index says exactly what the index holds."""
    chance = Random(5)
    forking = multiprocessing.get_context("fork")
    for _ in range(10):
        begun = forking.Event()
        process = forking.Process(target=write_on, args=(tmp_path / "search", begun))
        process.start()
        assert begun.wait(30)
        time.sleep(chance.uniform(0.1, 0.8))
        process.kill()
        process.join()

        known = engine.cursor().event_id
        assert sorted(ids(engine, "frost")) == list(range(1, known + 1))
        assert engine.health().documents == known
    assert engine.cursor().event_id > writing.MOST_SEGMENTS
