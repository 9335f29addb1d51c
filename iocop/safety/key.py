"""The key of the confidential terms' digests: a file beside the database, never in it."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from iocop.core import health
from iocop.core.backup import KEYS
from iocop.core.db import db
from iocop.core.errors import Conflict
from iocop.safety.models import ConfidentialTerm

if TYPE_CHECKING:
    from pathlib import Path

LENGTH = 32
"""Bytes."""


def key_file() -> Path:
    """Return where the key lies, whether it was made yet or not."""
    folder: Path = current_app.extensions["settings"].folder(KEYS)
    return folder / "safety.key"


def terms_key() -> bytes | None:
    """Return the key; None where no term was ever listed, or the key is lost."""
    try:
        return key_file().read_bytes()
    except FileNotFoundError:
        return None


def made_key() -> bytes:
    """Return the key; the first term makes it, readable by the site's own user alone.

    Two processes that make it at once end with the same: the second reads the first one's.

    Raises:
        Conflict: terms are listed under a key that is not there; a new one would leave them without effect.
    """
    kept = terms_key()
    if kept is not None:
        return kept
    if _listed():
        raise Conflict(_l("The key of the lists is missing: tell those who run the site."))
    path = key_file()
    fresh = path.with_name(f".{secrets.token_hex(8)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(secrets.token_bytes(LENGTH))
        out.flush()
        os.fsync(out.fileno())
    with suppress(FileExistsError):
        os.link(fresh, path)
    fresh.unlink()
    return path.read_bytes()


def _listed() -> bool:
    return db.session.scalar(select(ConfidentialTerm.id).limit(1)) is not None


@health.check
def confidential_terms() -> health.Finding:
    """Without its key no list warns anybody, and nobody would notice."""
    well = terms_key() is not None or not _listed()
    words = (
        "the key is there"
        if well
        else "terms are listed, but their key is gone: put keys/safety.key back into the data folder"
    )
    return health.Finding("confidential terms", well=well, words=words)
