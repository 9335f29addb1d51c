"""Members talk below an article or a suggestion."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from iocop.contributions.models import Contribution
from iocop.contributions.services import contribute, write_out
from iocop.core.db import act, db
from iocop.core.policy import require
from iocop.repertoire import policy

if TYPE_CHECKING:
    from iocop.contributions.services import Given
    from iocop.core.login import Viewer


def discuss(actor: Viewer, parent_id: int, given: Given) -> Contribution:
    """Say something below an article, a suggestion, or what was said there.

    Raises:
        Refused: the actor may not post there.
        Invalid: the text cannot be so.
        Missing: there is no such thing.
    """
    written = write_out(given.text)
    with act():
        parent = db.session.get(Contribution, parent_id)
        if parent is not None:
            require(policy.may_discuss(actor, parent))
        return contribute(actor, replace(given, kind="reply", parent_id=parent_id), written)
