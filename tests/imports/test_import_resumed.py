"""An import killed at any moment goes on where it was, and ends as if it had never been stopped."""

from __future__ import annotations

import json
import os
import time
from random import Random
from signal import SIGKILL
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from iocop.contributions.models import Contribution
from iocop.core.db import db
from iocop.imports.models import ImportRun
from iocop.imports.report import Report
from iocop.imports.stackexchange import posting
from tests.apart import Apart
from tests.conftest import empty
from tests.imports.dumps import answer, question, write
from tests.imports.factories import SOURCE, counts, imported, make_space, run_import
from tests.imports.generate import write_dump
from tests.imports.mortal import at_each_moment, import_until
from tests.imports.snapshots import snapshot

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

WEIGHT = 100
"""A batch is a tenth of the usual one, so that a tenth of the posts has as many moments to be killed at."""
SEED = int(os.environ.get("IOCOP_TEST_SEED", "0")) or time.time_ns() % 1000


def killed_at(app: Flask, moment: int, folder: Path, log: Path) -> int:
    """Run the command on the test's database, in a process that dies at a moment; return what it ended with."""
    settings = app.extensions["settings"]
    environment = {
        "DATABASE_URL": settings.database, "IOCOP_DATA_DIR": str(settings.data_dir), "IOCOP_LOG_LEVEL": "ERROR",
    }  # fmt: skip
    words = ("import", "stackexchange", str(folder), "--source", SOURCE)
    return Apart(import_until, moment, WEIGHT, *words, environment=environment, log=log).wait()


def counted() -> int:
    """How many posts are counted as written."""
    db.session.rollback()
    run = db.session.scalar(select(ImportRun.report).where(ImportRun.source == SOURCE))
    return Report.from_dict(run).of("Posts.xml").written if run else 0


def standing() -> int:
    """How many posts stand."""
    ours = (Contribution.source == SOURCE, Contribution.source_id.startswith("post-"))
    return db.session.scalar(select(func.count()).where(*ours)) or 0


def reports() -> list[dict[str, Any]]:
    db.session.rollback()
    return list(db.session.scalars(select(ImportRun.report).order_by(ImportRun.id)))


def test_killed_at_any_moment_it_ends_the_same(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "dump"
    write_dump(folder, posts=300)
    make_space()
    passed: list[None] = []
    with monkeypatch.context() as patched, at_each_moment(lambda: passed.append(None)):
        patched.setattr(posting, "WEIGHT", WEIGHT)
        assert run_import(app, folder).exit_code == 0
    whole, whole_report = snapshot(), reports()
    empty(app)
    make_space()

    random = Random(SEED)
    first = random.randrange(1, len(passed))
    second = random.randrange(1, len(passed) - first + 1)
    for moment in (first, second):
        assert killed_at(app, moment, folder, tmp_path / "log") == -SIGKILL, SEED
        assert counted() == standing(), SEED
    had_begun = bool(reports())
    said = run_import(app, folder)

    assert ("It went on where it was stopped." in said.output) is had_begun, SEED
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
