"""What attached files say is read by the worker, once a file, in a process that a hostile one can only end."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, select

from iocop.contributions.filenames import extension_of
from iocop.contributions.filetypes import TYPES
from iocop.contributions.models import Attachment
from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.events import emit
from iocop.core.storage import storage
from iocop.core.text.worker import Worker
from iocop.search.events import FilesRead
from iocop.search.extracting import VERBS, packed
from iocop.search.models import AttachmentText

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Row

MOST_BYTES: Final = 10 * 2**20
"""Files larger than this are found by their names alone."""
SECONDS: Final = 8.0
"""For one file, before its process is killed; it stops by itself at `extracting.SECONDS` wherever it can."""
A_ROUND: Final = 45.0
"""Seconds after which no further file is begun: a round is due every minute."""

_DUE = (
    select(Attachment.id, Attachment.name, Attachment.key, Attachment.size)
    .outerjoin(AttachmentText, AttachmentText.attachment_id == Attachment.id)
    .where(
        Attachment.contribution_id.is_not(None),
        Attachment.removed_at.is_(None),
        Attachment.width.is_(None),  # a picture has no words
        AttachmentText.attachment_id.is_(None),
    )
    .order_by(Attachment.id.desc())  # what was attached just now is looked for first
    .limit(50)
)


def read_files() -> int:
    """Read the files that contributions took since the last time, newest first; return how many."""
    until, done = time.monotonic() + A_ROUND, 0
    worker = Worker[str]("iocop.search.extracting", SECONDS)
    try:
        while due := db.session.execute(_DUE).all():
            for row in due:
                if time.monotonic() > until:
                    return done
                state, text = _read(row, worker)
                _keep(row.id, state, text)
                done += 1
    finally:
        worker.close()
    return done


def _read(row: Row[int, str, str, int], worker: Worker[str]) -> tuple[str, str]:
    verb = _verb(row.name)
    if not verb or row.size > MOST_BYTES:
        return "skipped", ""
    try:
        content = storage().get(row.key)
    except FileNotFoundError:
        return "unreadable", ""
    (text,) = worker.run(verb, [packed(content)])
    return ("unreadable", "") if text is None else ("read", text)


def _verb(name: str) -> str:
    """Return what reads a file of this name; empty where nothing does."""
    extension = extension_of(name)
    if extension in VERBS:
        return extension
    known = TYPES.get(extension)
    return "text" if known is not None and known.media_type in {"text/plain", "application/json"} else ""


def _keep(attachment_id: int, state: str, text: str) -> None:
    """Keep what a file says, unless it was removed meanwhile or another worker was quicker."""
    with act() as session:
        file = session.get(Attachment, attachment_id, with_for_update=True, populate_existing=True)
        if file is None or file.removed_at is not None:
            return
        if session.get(AttachmentText, attachment_id) is not None:
            return
        session.add(AttachmentText(attachment_id=attachment_id, state=state, text=text, at=clock.now()))
        session.flush()
        emit(FilesRead(None, (attachment_id,)))


def forget_files(attachment_ids: Collection[int]) -> None:
    """Forget what files said that are removed."""
    with act() as session:
        session.execute(delete(AttachmentText).where(AttachmentText.attachment_id.in_(attachment_ids)))
