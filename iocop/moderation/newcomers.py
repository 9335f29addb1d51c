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

_ADDRESS: Final = re.compile(r'\shref="([^"]*)"', re.IGNORECASE)
_HOST: Final = re.compile(r"\s*(?:https?:|(?=//))/*([^/?#]*)", re.IGNORECASE)
_AS_BROWSERS_READ: Final = str.maketrans({"\t": None, "\n": None, "\r": None, "\\": "/"})


def leads_elsewhere(html: str, base_url: str) -> bool:
    """Say whether sanitised *html* links to another site than the one at *base_url*."""
    own = urlsplit(base_url).netloc.lower()
    addresses = (address.translate(_AS_BROWSERS_READ) for address in _ADDRESS.findall(html))
    return any(found[1].lower() != own for found in map(_HOST.match, addresses) if found)


def is_newcomer(joined_at: datetime, now: datetime, *, has_posted: bool) -> bool:
    """Say whether a member is new: joined less than 14 days ago, or nothing of theirs can be read yet."""
    return now - joined_at < NEW or not has_posted
