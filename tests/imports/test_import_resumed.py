"""An import killed at any moment goes on where it was, and ends as if it had never been stopped."""

from __future__ import annotations

import json
import os
import time
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from iocop.core.db import db
from iocop.imports.models import ImportRun
from iocop.imports.report import Report
from iocop.imports.stackexchange import posting
from tests.apart import Apart, command
from tests.conftest import empty
from tests.imports.dumps import answer, question, write
from tests.imports.factories import SOURCE, counts, imported, make_space, run_import
from tests.imports.generate import write_dump
from tests.imports.snapshots import snapshot

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

PATIENCE = 60  # seconds
SMALLER_BATCHES = ("iocop.imports.stackexchange.posting", "WEIGHT", 200)
"""A batch is a fifth of the usual one, so that a fifth of the posts has as many moments to be killed at."""
SEED = int(os.environ.get("IOCOP_TEST_SEED", "0")) or time.time_ns() % 1000


def begin(app: Flask, folder: Path, log: Path) -> Apart:
    """The command in a process of its own, on the test's database."""
    settings = app.extensions["settings"]
    environment = {
        "DATABASE_URL": settings.database, "IOCOP_DATA_DIR": str(settings.data_dir), "IOCOP_LOG_LEVEL": "ERROR",
    }  # fmt: skip
    words = ("import", "stackexchange", str(folder), "--source", SOURCE)
    return Apart(partial(command, changed=[SMALLER_BATCHES]), *words, environment=environment, log=log)


def kill_at(process: Apart, posts: int) -> None:
    """Kill the process a moment after so many posts were written."""
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        if written() >= posts:
            break
        time.sleep(0.01)
    assert process.poll() is None, "it ended before it could be killed"
    process.kill()
    process.wait()


def written() -> int:
    """How many posts are counted as written."""
    db.session.rollback()
    run = db.session.scalar(select(ImportRun.report).where(ImportRun.source == SOURCE))
    return Report.from_dict(run).of("Posts.xml").written if run else -1


def reports() -> list[dict[str, Any]]:
    db.session.rollback()
    return list(db.session.scalars(select(ImportRun.report).order_by(ImportRun.id)))


def test_killed_at_any_moment_it_ends_the_same(app: Flask, tmp_path: Path) -> None:
    folder = tmp_path / "dump"
    write_dump(folder, posts=600)
    make_space()
    assert run_import(app, folder).exit_code == 0
    whole, whole_report = snapshot(), reports()
    empty(app)
    make_space()

    random = Random(SEED)
    for posts in sorted(random.sample(range(500), 2)):
        kill_at(begin(app, folder, tmp_path / "log"), posts)
    assert 0 <= written() <= 600, SEED
    said = run_import(app, folder)

    assert "It went on where it was stopped." in said.output, SEED
    assert snapshot() == whole, SEED
    assert reports() == whole_report, SEED


class Stopped(Exception):
    """Stands for a power cut, inside this process."""


def stop_before(stage: str, app: Flask, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise Stopped

    with monkeypatch.context() as patched:
        patched.setattr(f"iocop.imports.services.{stage}", stop)
        with pytest.raises(Stopped):
            run_import(app, folder)


@pytest.mark.parametrize("stage", ["import_people", "append_posts", "import_links", "import_successors"])
def test_stopped_before_a_stage_it_goes_on_there(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    make_space()
    write(tmp_path, Posts=[question(1), answer(2, 1)])

    stop_before(stage, app, tmp_path, monkeypatch)
    files = imported(app, tmp_path)

    assert counts(files, "Posts.xml") == (2, 0, 0)
    assert counts(files, "Users.xml") == (2, 0, 0)


def test_a_folder_that_changed_in_between_is_said(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_space()
    write(tmp_path, Posts=[question(1)])

    stop_before("import_links", app, tmp_path, monkeypatch)
    write(tmp_path, Posts=[question(1), question(2)])
    said = run_import(app, tmp_path)

    assert "The folder has changed since the import was stopped" in said.output
    files = json.loads(json.dumps(reports()[-1]))["files"]
    assert counts(files, "Posts.xml") == (1, 1, 0)
    assert counts(files, "Users.xml") == (0, 1, 1)


def test_batches_follow_each_other(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "WEIGHT", 2)
    make_space()
    posts = [question(1), answer(2, 1), question(3), answer(5, 3), question(4), question(6)]
    write(tmp_path, Posts=posts)

    assert counts(imported(app, tmp_path), "Posts.xml") == (6, 0, 0)
    assert counts(imported(app, tmp_path), "Posts.xml") == (0, 6, 0)
