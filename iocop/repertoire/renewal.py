"""How long articles are taken to hold, and what their history says about it. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from iocop.repertoire.kinds import KINDS

if TYPE_CHECKING:
    from datetime import datetime

DAYS_A_MONTH = 365.25 / 12


def review_date(kind: str, since: datetime) -> datetime:
    """Return until when an article of a kind is taken to hold after it was published or confirmed."""
    return since + timedelta(days=round(KINDS[kind].review_months * DAYS_A_MONTH))
