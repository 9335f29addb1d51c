"""The key of the confidential terms' digests: a file beside the database, never in it."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

from flask import current_app

if TYPE_CHECKING:
    from pathlib import Path

LENGTH = 32
"""Bytes."""


def key_file() -> Path:
    """Return where the key lies, whether it was made yet or not."""
    folder: Path = current_app.extensions["settings"].folder("keys")
    return folder / "safety.key"


def terms_key() -> bytes:
    """Return the key; the first use makes it, readable by the site's own user alone.

    Two processes that make it at once end with the same: the one that comes second reads the first one's.
    """
    path = key_file()
    if not path.exists():
        fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            out.write(secrets.token_bytes(LENGTH))
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_bytes()
