"""The pictures of a pack, as far as they may leave."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from iocop.contributions.models import Attachment, Contribution
from iocop.core.db import db
from iocop.core.storage import storage
from iocop.spaces.labels import Channel
from iocop.spaces.policy import may_carry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iocop.core.login import Viewer

MOST_PICTURES: Final = 20


def pictures(viewer: Viewer, ids: Sequence[int]) -> dict[int, bytes]:
    """Return some pictures, large ones as their smaller copies, as far as the viewer may take them.

    A file has no label of its own: it travels as far as the contribution that shows it.
    """
    rows = db.session.execute(
        select(Attachment.id, Attachment.key, Attachment.small_key, Contribution)
        .join(Contribution, Contribution.id == Attachment.contribution_id)
        .where(
            Attachment.id.in_(ids[:MOST_PICTURES]),
            Attachment.removed_at.is_(None),
            Attachment.width.is_not(None),
        )
    )
    found = {}
    for row in rows:
        if row.Contribution.state == "visible" and may_carry(viewer, row.Contribution, Channel.EXPORT):
            with suppress(FileNotFoundError):
                found[row.id] = storage().get(row.small_key or row.key)
    return found
