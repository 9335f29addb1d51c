"""One row for each import, so that one that was killed goes on where it stopped."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from iocop.core.db import Model, Moment
from iocop.core.models import BigKey


class ImportRun(Model):
    """An import of one source: the stages done so far, and its report."""

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    source: Mapped[str] = mapped_column(String(80), unique=True)
    stages: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    started_at: Mapped[Moment]
    finished_at: Mapped[Moment | None]
    report: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
