"""Members attach files: recognised by name and content, kept under names of our own."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from iocop.contributions import policy
from iocop.contributions.events import Attached, FilesRemoved
from iocop.contributions.filenames import clean_name, extension_of
from iocop.contributions.filetypes import TYPES
from iocop.contributions.models import Attachment
from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.errors import Invalid, Missing, Refused, TooLarge, TooMany
from iocop.core.events import emit
from iocop.core.policy import fact, require
from iocop.core.storage import storage

if TYPE_CHECKING:
    from datetime import datetime

    from iocop.core.login import Viewer

MOST_WAITING = 40
"""Files a member may have uploaded that no contribution has taken yet."""

KEEP_WAITING = timedelta(days=7)
"""How long a file waits for a contribution to take it."""


@dataclass(frozen=True)
class _File:
    name: str
    media_type: str
    content: bytes
    small: bytes = b""
    width: int | None = None
    height: int | None = None


def attach(actor: Viewer, filename: str, content: bytes) -> Attachment:
    """Keep a file until a contribution of the actor takes it, at most a week.

    Raises:
        Refused: a guest, a suspended member, or a file the virus scanner knows.
        TooLarge: more bytes, pixels or unpacked bytes than the site takes.
        Invalid: a type that is not allowed, or content that is not what the name says.
        TooMany: forty files wait already.
    """
    require(policy.may_attach(actor))
    file = _examined(filename, content)
    stored = storage()
    key, small_key = stored.put(file.content), stored.put(file.small) if file.small else ""
    try:
        with act() as session:
            _check_waiting(actor)
            row = Attachment(
                owner_id=actor.id, key=key, small_key=small_key, name=file.name, media_type=file.media_type,
                size=len(file.content), sha256=hashlib.sha256(file.content).hexdigest(),
                width=file.width, height=file.height, created_at=clock.now(),
            )  # fmt: skip
            session.add(row)
            session.flush()
            emit(Attached(actor.id, row.id))
    except BaseException:
        for left in filter(None, (key, small_key)):
            stored.delete(left)
        raise
    return row


def load_file(owner_id: int, filename: str, content: bytes, at: datetime, small: bytes = b"") -> int:
    """Keep a file that another site's export holds, byte for byte, until a contribution takes it; return its key.

    Args:
        at: when it was first attached.
        small: the smaller copy of a picture, where there is one.

    Raises:
        Refused, TooLarge, Invalid: as `attach`.
    """
    examined = _examined(filename, content)  # a picture is redrawn to see that it can be, and kept as it came
    if small:
        _examined(filename.rpartition(".")[0] + ".webp", small)
    stored = storage()
    with act() as session:
        row = Attachment(
            owner_id=owner_id, key=stored.put(content), small_key=stored.put(small) if small else "",
            name=examined.name, media_type=examined.media_type, size=len(content),
            sha256=hashlib.sha256(content).hexdigest(), width=examined.width, height=examined.height, created_at=at,
        )  # fmt: skip
        session.add(row)
        session.flush()
        emit(Attached(owner_id, row.id))
    return row.id


def remove_attachment(actor: Viewer, attachment_id: int) -> None:
    """Take a file away: its owner, or a moderator. The bytes go with the next `purge_files`."""
    with act() as session:
        row = session.get(Attachment, attachment_id)
        if row is None or row.removed_at is not None:
            raise Missing(_l("There is no such file."))
        if row.owner_id != actor.id and not policy.moderates(actor):
            raise Refused(_l("Only its owner or a moderator removes a file."))
        row.removed_at = clock.now()
        emit(FilesRemoved(actor.id, (row.id,)))


def purge_files() -> int:
    """Delete the bytes of files that were removed, or that nothing took within a week; return how many."""
    due = select(Attachment).where(
        Attachment.removed_at.is_not(None)
        | (Attachment.contribution_id.is_(None) & (Attachment.created_at < clock.now() - KEEP_WAITING)),
    )
    with act() as session:
        rows = session.scalars(due.limit(500)).all()
        keys = [key for row in rows for key in (row.key, row.small_key) if key]
        for row in rows:
            session.delete(row)
    for key in keys:
        storage().delete(key)
    return len(rows)


def _check_waiting(actor: Viewer) -> None:
    waiting = select(func.count()).where(
        Attachment.owner_id == actor.id, Attachment.contribution_id.is_(None), Attachment.removed_at.is_(None)
    )
    if (db.session.scalar(waiting) or 0) >= MOST_WAITING:
        raise TooMany(_l("Forty of your files wait to be used: remove some of them first."), 3600)


def _examined(filename: str, content: bytes) -> _File:
    settings = current_app.extensions["settings"]
    name = clean_name(filename)
    extension = extension_of(name)
    if not content:
        raise Invalid(_l("This file is empty."), "file")
    if len(content) > settings.upload_limit:
        raise TooLarge(_l("This file is larger than the site takes."))
    if extension not in settings.upload_types or extension not in TYPES:
        raise Invalid(_l("Files of this type cannot be attached here."), "file")
    kind = TYPES[extension]
    if not kind.looks(content):
        raise Invalid(
            _l("The content of this file is not what its name says, or cannot be opened safely."), "file"
        )
    if fact("malware", content, default=""):
        raise Refused(_l("The virus scanner knows this file; it was not kept."))
    if not kind.picture:
        return _File(name, kind.media_type, content)
    from iocop.contributions.pictures import redrawn  # brings a library that pages do without

    drawn = redrawn(content, extension)
    return _File(name, kind.media_type, drawn.content, drawn.small, drawn.width, drawn.height)
