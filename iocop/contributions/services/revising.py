"""A text is edited; what it said before stays in its history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from iocop.contributions import policy
from iocop.contributions.events import Mentioned, Revised
from iocop.contributions.labels import freer
from iocop.contributions.models import Contribution, Revision
from iocop.contributions.services.labelling import move_label
from iocop.contributions.services.locking import locked
from iocop.contributions.services.text import (
    quoted_label,
    readable_references,
    write_mentions,
    write_out,
    write_references,
)
from iocop.contributions.services.writing import LONGEST_TITLE, take_attachments
from iocop.core import clock
from iocop.core.db import act
from iocop.core.errors import Conflict, Invalid
from iocop.core.events import emit
from iocop.core.policy import require
from iocop.core.versions import bump
from iocop.organizations.queries import stamp

if TYPE_CHECKING:
    from iocop.contributions.services.text import Written
    from iocop.core.login import Viewer

LONGEST_REASON = 200


class Stale(Conflict):
    """Somebody saved another text since the form was opened; both are here, nothing is lost.

    Attributes:
        theirs: the text as it stands now.
        yours: the text that was sent.
        version: the version that stands now; sending it with the form again overwrites knowingly.
    """

    def __init__(self, theirs: str, yours: str, version: int) -> None:
        super().__init__(
            _l(
                "Somebody edited this while you were writing. Both texts are below: bring them together and save again."
            )
        )
        self.theirs, self.yours, self.version = theirs, yours, version


def revise(
    actor: Viewer,
    contribution_id: int,
    text: str,
    title: str = "",
    reason: str = "",
    version: int | None = None,
    written: Written | None = None,
) -> Contribution:
    """Save a new state of a contribution.

    Args:
        version: the one the form was opened with; None: whatever stands.
        written: the text from `write_out`, where the caller is inside an act already.

    Raises:
        Refused: neither its author nor a moderator.
        Stale: *version* is no longer the one that stands.
        Invalid: text, title or reason cannot be so.
    """
    written = written or write_out(text)
    _check(title, reason)
    with act() as session:
        row = locked(contribution_id)
        require(policy.may_revise(actor, row))
        if version is not None and version != row.version:
            raise Stale(row.text, text, row.version)
        before = session.get_one(Revision, (row.id, row.version))
        if (before.text, before.title) == (written.text, title):
            return row
        referred = readable_references(actor, written)
        quoted = quoted_label(referred, written, row.space_id)
        if freer(row.label, quoted):
            move_label(actor, row, quoted, str(_l("It quotes something that is shared less far.")))
        _store(actor, row, title, reason, written)
        write_references(row.id, referred, written)
        take_attachments(actor.id, row.id, set(written.attachments))
        root_id = row.root_id or row.id
        bump(f"topic:{root_id}", "topics")
        emit(Revised(actor.id, row.id, root_id, row.version))
        named = write_mentions(row.id, written) - {actor.id}
        if named:
            emit(Mentioned(actor.id, row.id, tuple(sorted(named))))
    return row


def _check(title: str, reason: str) -> None:
    if len(title) > LONGEST_TITLE:
        raise Invalid(_l("A title has at most 200 characters."), "title")
    if len(reason) > LONGEST_REASON:
        raise Invalid(_l("A reason has at most 200 characters."), "reason")


def _store(actor: Viewer, row: Contribution, title: str, reason: str, written: Written) -> None:
    now = clock.now()
    row.version += 1
    row.edited_at = now
    row.text, row.html, row.plain, row.renderer = written.text, written.html, written.plain, written.renderer
    with act() as session:
        session.add(
            Revision(
                contribution_id=row.id,
                number=row.version,
                editor_id=actor.id,
                at=now,
                reason=reason,
                organization_id=stamp(actor.id, None, now).organization_id,
                title=title,
                text=written.text,
            )
        )
        session.flush()
