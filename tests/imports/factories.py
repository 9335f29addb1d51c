"""A site to import into, and the command that does it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from iocop.contributions.models import Contribution
from iocop.core import clock
from iocop.core.db import Model, db
from iocop.imports.cli import imports
from iocop.members.models import Member
from iocop.spaces.models import Space
from tests.factories import saved

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result
    from flask import Flask

SOURCE = "pumps.example"


def make_space(**given: Any) -> Space:
    usual = {"slug": "commons", "name": "Commons", "audience": "public", "created_at": clock.now()}
    return saved(Space(**usual | given))


def run_import(app: Flask, folder: Path, *options: str, source: str = SOURCE) -> Result:
    """`iocop import stackexchange FOLDER`, as typed."""
    typed = ["stackexchange", str(folder), "--source", source, *options]
    said = app.test_cli_runner().invoke(imports, typed)
    if said.exception and not isinstance(said.exception, SystemExit):
        raise said.exception
    return said


def run_wiki(app: Flask, file: Path, *options: str) -> Result:
    """`iocop import mediawiki FILE`, as typed."""
    said = app.test_cli_runner().invoke(imports, ["mediawiki", str(file), *options])
    if said.exception and not isinstance(said.exception, SystemExit):
        raise said.exception
    return said


def imported(app: Flask, folder: Path, *options: str) -> dict[str, Any]:
    """Import what must succeed; return the report by file."""
    report = folder.parent / f"{folder.name}.json"
    return balanced(report, run_import(app, folder, "--report", str(report), *options))


def imported_wiki(app: Flask, file: Path, *options: str) -> dict[str, Any]:
    """The same for a wiki's export."""
    report = file.with_suffix(".json")
    return balanced(report, run_wiki(app, file, "--report", str(report), *options))


def balanced(report: Path, said: Result) -> dict[str, Any]:
    """Every row that was read is accounted for."""
    assert said.exit_code == 0, said.output
    files: dict[str, Any] = json.loads(report.read_text())["files"]
    for file, count in files.items():
        skipped = sum(skip["rows"] for skip in count["skipped"])
        assert count["read"] == count["written"] + count["merged"] + skipped, file
    return files


def counts(files: dict[str, Any], file: str) -> tuple[int, int, int]:
    """Written, merged, skipped."""
    count = files[file]
    return count["written"], count["merged"], sum(skip["rows"] for skip in count["skipped"])


def reasons(files: dict[str, Any], file: str) -> dict[str, int]:
    return {skip["reason"]: skip["rows"] for skip in files[file]["skipped"]}


def given(key: str, source: str = SOURCE) -> Contribution:
    """What a post or comment of the dump became."""
    return db.session.scalars(
        select(Contribution).where(Contribution.source == source, Contribution.source_id == key)
    ).one()


def author(key: str, source: str = SOURCE) -> Member:
    return db.session.scalars(select(Member).where(Member.source == source, Member.source_id == key)).one()


def total(model: type[Model]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0
