"""A large dump is read by two processes, and written by one while another makes the batches; nobody can tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iocop.imports import services
from iocop.imports.stackexchange import posting, threads
from iocop.imports.stackexchange.beside import Beside
from iocop.imports.stackexchange.reader import Dump, Survey
from iocop.imports.stackexchange.rows import BrokenDump
from iocop.imports.stackexchange.threads import Piece, Scratch
from tests.conftest import empty
from tests.imports.dumps import question, turn, write
from tests.imports.factories import imported, make_space
from tests.imports.generate import write_dump
from tests.imports.snapshots import snapshot

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

Read = tuple[Survey, list[list[Piece]], dict[str, int], set[int], list[str | None], int]


def read(dump: Dump, path: Path) -> Read:
    sizes: list[int] = []
    with Scratch(path) as scratch:
        survey = scratch.fill(dump, sizes.append)
        writers = {user.id for user in scratch.writers()}
        return (
            survey, list(scratch.threads()), scratch.orphans(), writers, list(scratch.names()), sum(sizes)
        )  # fmt: skip


def test_two_processes_read_what_one_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_dump(tmp_path / "dump", posts=80)
    dump = Dump(tmp_path / "dump")
    alone = read(dump, tmp_path / "one.scratch")

    monkeypatch.setattr(threads, "LARGE", 0)
    together = read(dump, tmp_path / "two.scratch")

    assert together == alone
    assert list(together[0].rows) == list(alone[0].rows)  # the report names files in this order
    assert together[-1] == dump.size
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dump"]


def test_two_processes_write_what_one_does(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_dump(tmp_path / "dump", posts=40)
    make_space()
    files, alone = imported(app, tmp_path / "dump"), snapshot()
    empty(app)
    make_space()

    for module, name, value in ((threads, "LARGE", 0), (services, "LARGE", 0), (posting, "WEIGHT", 30)):
        monkeypatch.setattr(module, name, value)
    together = imported(app, tmp_path / "dump")

    assert together == files
    assert snapshot() == alone


def test_a_fault_is_told_whichever_process_finds_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "LARGE", 0)
    folder = write(tmp_path, Posts=[question(1)], PostHistory=[turn(1, post=1, kind=2), {"Id": "one"}])

    with (
        Scratch(tmp_path / "x.scratch") as scratch,
        pytest.raises(BrokenDump, match=r"^PostHistory\.xml, line 4: The row has no"),
    ):
        scratch.fill(Dump(folder))


def test_a_reading_process_that_was_killed_is_no_end_of_a_file(tmp_path: Path) -> None:
    write_dump(tmp_path / "dump", posts=80)

    with Beside(tmp_path / "dump", tmp_path / "x.beside", print) as beside:
        beside._process.kill()
        with pytest.raises(RuntimeError, match="was ended"):
            beside.found()
