"""The files a text carries, for those below who look into them before it is posted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from iocop.contributions.models import Attachment
from iocop.contributions.references import attached_in
from iocop.core.db import db
from iocop.core.policy import provides
from iocop.core.storage import storage

if TYPE_CHECKING:
    from collections.abc import Collection

    from iocop.core.login import Viewer

MOST = 10
"""Files of one text that are opened."""


@provides("own_files")
def own_files(viewer: Viewer, text: str, attachment_ids: Collection[int]) -> list[tuple[str, bytes]]:
    """Return name and bytes of the viewer's own files that a text names or that go with it; pictures say nothing more."""
    ids = attached_in(text) | set(attachment_ids)
    if not ids:
        return []
    own = select(Attachment).where(
        Attachment.id.in_(ids),
        Attachment.owner_id == viewer.id,
        Attachment.removed_at.is_(None),
        Attachment.width.is_(None),
    )
    return [
        (row.name, storage().get(row.key))
        for row in db.session.scalars(own.order_by(Attachment.id).limit(MOST))
    ]
