"""A key that lives a week: a file outside the database and its backups, thrown away with the week it was made in."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from flask import current_app

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

LENGTH: Final = 32
"""Bytes."""
_NAME: Final = re.compile(r"missed-(\d{4}-W\d\d)\.key")


def week_of(moment: datetime) -> str:
    """Return a moment's ISO week, such as ``2026-W47``."""
    year, week, _day = moment.isocalendar()
    return f"{year}-W{week:02}"


def digest(key: bytes, *parts: str) -> str:
    """Return what is kept of some texts while the week lasts; without the key nobody can try guesses."""
    return hmac.new(key, "\0".join(parts).encode(), hashlib.sha256).hexdigest()


def key_of(week: str) -> bytes:
    """Return a week's key, made by the first who needs it, readable by the site's own user alone.

    Two processes that make it at once end with the same: the second reads the first one's.
    """
    path = _folder() / f"missed-{week}.key"
    with suppress(FileNotFoundError):
        return path.read_bytes()
    fresh = path.with_name(f".{secrets.token_hex(8)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(secrets.token_bytes(LENGTH))
    with suppress(FileExistsError):
        os.link(fresh, path)
    fresh.unlink()
    return path.read_bytes()


def throw_away_but(week: str) -> None:
    """Throw every key away but that of one week: what stands under the others is noise from then on."""
    for path in _folder().iterdir():
        named = _NAME.fullmatch(path.name)
        if named and named[1] != week:
            path.unlink(missing_ok=True)


def _folder() -> Path:
    folder: Path = current_app.extensions["settings"].folder("passing")
    return folder
