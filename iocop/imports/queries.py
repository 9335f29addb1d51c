"""Reads of imports."""

from __future__ import annotations

from sqlalchemy import func, select

from iocop.core.db import db
from iocop.core.pages import Page, offset
from iocop.imports.models import ImportRun

A_PAGE = 10

_LATEST = select(ImportRun).order_by(ImportRun.started_at.desc(), ImportRun.id.desc()).limit(A_PAGE)


def runs(number: int) -> Page[ImportRun]:
    """One page of imports, the newest first."""
    total = db.session.scalar(select(func.count()).select_from(ImportRun)) or 0
    found = db.session.scalars(_LATEST.offset(offset(number, A_PAGE))).all()
    return Page(found, number=number, size=A_PAGE, total=total)
