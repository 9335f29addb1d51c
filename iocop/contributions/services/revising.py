"""A text is edited; what it said before stays in its history."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from flask_babel import lazy_gettext as _l

from iocop.contributions import policy
from iocop.contributions.events import Mentioned, Revised
from iocop.contributions.labels import freer
from iocop.contributions.models import Contribution, Revision
from iocop.contributions.services.labelling import move_label
from iocop.contributions.services.locking import locked_ungoverned
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
        row = locked_ungoverned(contribution_id)
        require(policy.may_revise(actor, row))
        if version is not None and version != row.version:
            raise Stale(row.text, text, row.version)
        before = session.get_one(Revision, (row.id, row.version))
        if (before.text, before.title) == (written.text, title):
            return row
        quoted = quoted_label(readable_references(actor, written), written, row.space_id)
        if freer(row.label, quoted):
            move_label(actor, row, quoted, str(_l("It quotes something that is shared less far.")))
        by = stamp(actor.id, None, clock.now())
        organization_id = by.organization_id if by.shown else None
        write_revision(actor, row, written, Saved(actor.id, organization_id, title, reason))
    return row


class Saved(NamedTuple):
    """Who wrote a new state, from which organization at that time, and why.

    Attributes:
        organization_id: empty where the editor keeps it back; the author's is shown as the contribution's byline says.
    """

    editor_id: int
    organization_id: int | None
    title: str
    reason: str


def write_revision(actor: Viewer, row: Contribution, written: Written, saved: Saved) -> None:
    """Write a locked contribution's next state, for a service that has asked its own policy.

    Args:
        actor: whose act it is: not its editor's where a reviewer publishes what another wrote.
    """
    with act():
        _store(row, written, saved)
        write_references(row.id, readable_references(actor, written), written)
        take_attachments(saved.editor_id, row.id, set(written.attachments))
        root_id = row.root_id or row.id
        bump(f"topic:{root_id}", "topics")
        emit(Revised(actor.id, row.id, root_id, row.version))
        named = write_mentions(row.id, written) - {saved.editor_id}
        if named:
            emit(Mentioned(saved.editor_id, row.id, tuple(sorted(named))))


def _check(title: str, reason: str) -> None:
    if len(title) > LONGEST_TITLE:
        raise Invalid(_l("A title has at most 200 characters."), "title")
    if len(reason) > LONGEST_REASON:
        raise Invalid(_l("A reason has at most 200 characters."), "reason")


def _store(row: Contribution, written: Written, saved: Saved) -> None:
    now = clock.now()
    row.version += 1
    row.edited_at = now
    row.text, row.html, row.plain, row.renderer = written.text, written.html, written.plain, written.renderer
    with act() as session:
        session.add(
            Revision(contribution_id=row.id, number=row.version, at=now, text=written.text, **saved._asdict())
        )
        session.flush()
