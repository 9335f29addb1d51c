"""When somebody should look whether an imported article still holds."""

from __future__ import annotations

from hashlib import blake2s
from typing import TYPE_CHECKING

from iocop.repertoire.renewal import review_date

if TYPE_CHECKING:
    from datetime import datetime

STEPS = 2**16


def spread(kind: str, since: datetime, key: str) -> datetime:
    """A day between *since* and the kind's own review date, the same for the same *key*; all days are as likely."""
    step = 1 + int.from_bytes(blake2s(key.encode(), digest_size=2).digest())
    return since + (review_date(kind, since) - since) * step / STEPS
