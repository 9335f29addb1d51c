"""Words of what was erased leave the index's files by night; searching and indexing go on meanwhile."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from iocop.contributions.events import StateChanged
from iocop.contributions.models import Contribution
from iocop.core.db import act, db
from iocop.core.events import emit
from iocop.core.jobs import periodic_jobs
from iocop.core.outbox import START
from iocop.search import indexer, jobs
from iocop.search.port import EVERYWHERE, EngineDown, Mask
from iocop.search.whoosh_engine import writing
from iocop.search.whoosh_engine.engine import WhooshEngine
from tests.search.engines import document, filled, ids, put
from tests.search.factories import index_all, make_topic

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

ERASED, KEPT = "zygomorph", "hypotrochoid"


def held(folder: Path, word: str) -> list[str]:
    """Return the files of the index that hold a word."""
    return sorted(
        path.name for path in folder.rglob("*") if path.is_file() and word.encode() in path.read_bytes()
    )


def found(word: str) -> int:
    mask = Mask(frozenset({*range(1, 100), EVERYWHERE}), member=True)
    return len(ids(indexer.engine(), word, mask))


def remove(post: Contribution) -> None:
    with act() as session:
        mine = session.merge(post)
        mine.state = "removed"
        session.flush()
        emit(
            StateChanged(
                None, contribution_id=mine.id, root_id=mine.root_id or 0, old="visible", new="removed"
            )
        )


def test_a_removed_text_is_gone_from_the_files_after_a_night(app: Flask) -> None:
    folder = app.extensions["settings"].data_dir / "search"
    index_all()
    topics = [make_topic(f"Of one {word}", f"It says {word}.") for word in (ERASED, KEPT)]
    index_all()
    remove(db.session.get_one(Contribution, topics[0].id))
    index_all()
    assert (found(ERASED), found(KEPT)) == (0, 1)
    assert held(folder, ERASED)
    before = indexer.look()

    jobs.forget_deleted()

    assert held(folder, ERASED) == []
    assert held(folder, KEPT)
    assert (found(ERASED), found(KEPT)) == (0, 1)
    assert before.well
    assert "0 events (0 s) behind" in indexer.look().words
    assert indexer.engine().health().cursor == indexer.engine().cursor() != START
    assert list(indexer.engine().forget_deleted()) == []  # nothing is rewritten for nothing


def test_what_is_written_while_words_are_dropped_is_found_and_waited_for(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "LARGE", 0)  # each is written anew alone
    index_all()
    for number in range(3):
        make_topic(f"{ERASED} {number}")
        index_all()
    for post in db.session.query(Contribution).all():
        remove(post)
    index_all()
    steps = indexer.engine().forget_deleted()
    assert next(steps) == 1

    make_topic(f"Of one {KEPT}")
    assert indexer.lag(indexer.engine().cursor())[0] > 0
    index_all()

    assert found(KEPT) == 1
    assert indexer.lag(indexer.engine().cursor()) == (0, timedelta())
    assert list(steps) == [2, 3]
    assert (found(KEPT), found(ERASED)) == (1, 0)
    assert held(app.extensions["settings"].data_dir / "search", ERASED) == []


def test_a_segment_keeps_what_was_not_deleted_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "search"
    engine = filled(WhooshEngine(folder), [document(1, f"frost {ERASED}"), document(2, f"frost {KEPT}")])
    other = WhooshEngine(folder)
    assert ids(other, "frost") == [1, 2]
    engine.apply([], {document(1).ref}, START)
    put(engine, document(3, "frost on glycol"))

    assert list(engine.forget_deleted()) == [1]

    assert held(folder, ERASED) == []
    assert sorted(ids(other, "frost")) == [2, 3]
    assert engine.health().documents == 2


def test_small_segments_become_one_by_night(tmp_path: Path) -> None:
    engine = filled(WhooshEngine(tmp_path / "search"), [document(1, KEPT)])
    put(engine, document(2, KEPT), document(3, KEPT))
    put(engine, document(2, f"only {KEPT}"))
    (path,) = (tmp_path / "search").glob("v*")
    assert len(list(path.glob("*.trm"))) == 3

    assert list(engine.forget_deleted()) == [1]

    assert len(list(path.glob("*.trm"))) == 1
    assert sorted(ids(engine, KEPT)) == [1, 2, 3]
    assert list(engine.forget_deleted()) == []


def test_a_segment_merged_meanwhile_is_not_missed(tmp_path: Path) -> None:
    engine = filled(WhooshEngine(tmp_path / "search"), [document(1, KEPT)])
    (path,) = (tmp_path / "search").glob("v*")

    writing.rewrite(path, ["gone"])

    assert ids(engine, KEPT) == [1]


def test_without_an_index_the_night_has_nothing_to_do(app: Flask) -> None:
    jobs.forget_deleted()

    with pytest.raises(EngineDown):
        next(indexer.engine().forget_deleted())
    assert [job.work for job in periodic_jobs().values()].count(jobs.forget_deleted) == 1
