"""Which posts of newcomers wait for a moderator: pure."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from datetime import datetime

NEW: Final = timedelta(days=14)
"""So long after joining, a member is new."""

_ADDRESS: Final = re.compile(r'\shref="(https?://[^"]*)"', re.IGNORECASE)


def leads_elsewhere(html: str, base_url: str) -> bool:
    """Say whether sanitised *html* links to another site than the one at *base_url*."""
    own = urlsplit(base_url).netloc.lower()
    return any(urlsplit(address).netloc.lower() != own for address in _ADDRESS.findall(html))


def is_newcomer(joined_at: datetime, now: datetime, *, has_posted: bool) -> bool:
    """Say whether a member is new: joined less than 14 days ago, or nothing of theirs can be read yet."""
    return now - joined_at < NEW or not has_posted
