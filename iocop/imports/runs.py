"""An import under way: how far each stage has come, kept in the very act that writes what the stage made."""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from enum import StrEnum
from hashlib import blake2s, file_digest, sha256
from typing import TYPE_CHECKING, Any

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from iocop.core import clock
from iocop.core.db import act
from iocop.core.errors import Conflict
from iocop.imports.models import ImportRun
from iocop.imports.report import Report

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


class Start(StrEnum):
    """How a run began this time."""

    NEW = "new"
    RESUMED = "resumed"
    CHANGED = "changed"  # it was stopped, and the folder is another since: begun anew


class Run:
    """The open import of a source.

    Attributes:
        report: what became of the rows so far; counted by stages, saved by `keep`.
    """

    def __init__(self, row: ImportRun, start: Start) -> None:
        self.id = row.id
        self.source = row.source
        self.start = start
        self.report = Report.from_dict(row.report) if row.report else Report()
        self._stages: dict[str, dict[str, Any]] = dict(row.stages)

    def cursor(self, stage: str) -> int | None:
        """The last thing the stage has done; None where it has not begun."""
        cursor: int | None = self._stages.get(stage, {}).get("cursor")
        return cursor

    def is_done(self, stage: str) -> bool:
        return "done" in self._stages.get(stage, {})

    def keep(self, stage: str, cursor: int | None = None, *, done: bool = False) -> None:
        """Say how far a stage has come, in the act that is under way."""
        self._stages[stage] = {"cursor": cursor} | ({"done": True} if done else {})
        self._save(stages=self._stages)

    def finish(self) -> None:
        """Close the run.

        Raises:
            Unbalanced: rows are unaccounted for.
        """
        self.report.check()
        self._save(finished_at=clock.now())

    def _save(self, **values: object) -> None:
        with act() as session:
            session.execute(
                update(ImportRun)
                .where(ImportRun.id == self.id)
                .values(report=self.report.as_dict(), **values)
            )


def open_run(source: str, fingerprint: str) -> Run:
    """Go on with the open run of a source, or begin one.

    Args:
        fingerprint: of the dump; where it is another than the stopped run's, every stage begins anew.
    """
    with act() as session:
        row = session.scalar(
            select(ImportRun).where(ImportRun.source == source, ImportRun.finished_at.is_(None))
        )
        start = Start.RESUMED
        if row is None:
            row, start = ImportRun(source=source, stages={}, report={}, started_at=clock.now()), Start.NEW
            session.add(row)
        elif row.fingerprint != fingerprint:
            row.stages, row.report, start = {}, {}, Start.CHANGED
        row.fingerprint = fingerprint
        session.flush()
        return Run(row, start)


def fingerprint_of(files: Iterable[Path]) -> str:
    """Sixty-four characters that change with any name or byte of the files."""
    whole = sha256()  # which processors are made for
    for path in sorted(files):
        with path.open("rb") as file:
            whole.update(path.name.encode() + b"\0" + file_digest(file, sha256).digest())
    return whole.hexdigest()


@contextmanager
def alone(source: str) -> Iterator[Path]:
    """Be the only import of a source on this machine; lend the path of a file for its use.

    Raises:
        Conflict: another is under way.
    """
    folder = current_app.extensions["settings"].folder("imports")
    base = folder / blake2s(source.encode(), digest_size=8).hexdigest()
    with base.with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(_l("Another import from this source is under way.")) from None
        yield base.with_suffix(".scratch")
