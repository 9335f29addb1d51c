"""One row for each import, so that one that was killed goes on where it stopped; and texts as they came."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from iocop.core.db import Model, Moment
from iocop.core.models import BigKey


class ImportRun(Model):
    """An import of one source: how far each stage has come, and what became of the rows. One a source is open."""

    __tablename__ = "import_run"
    __table_args__ = (
        Index("uq_import_run_open", "source", unique=True,
              sqlite_where=text("finished_at is null"), postgresql_where=text("finished_at is null")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    source: Mapped[str] = mapped_column(String(80))
    fingerprint: Mapped[str] = mapped_column(String(64))
    """Of the dump's files, so that a folder changed in between is noticed."""
    stages: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    started_at: Mapped[Moment]
    finished_at: Mapped[Moment | None]
    report: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class SourceText(Model):
    """A text in the markup it came in, as long as what was made of it might be made better. Nobody is shown it."""

    __tablename__ = "source_text"

    source: Mapped[str] = mapped_column(String(80), primary_key=True)
    page: Mapped[str] = mapped_column(String(40), primary_key=True)
    """As `Contribution.source_id`; of a redirect, as a contribution would have it."""
    number: Mapped[int] = mapped_column(primary_key=True)
    """Of the state, from 1, in the order in which they were saved."""
    at: Mapped[Moment]
    text: Mapped[bytes] = mapped_column(LargeBinary)
    """UTF-8, packed by zlib."""
