"""Something given is held, hidden, restored or removed; its place stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from sqlalchemy import exists, select

from iocop.contributions import policy
from iocop.contributions.events import StateChanged
from iocop.contributions.models import Contribution
from iocop.contributions.services.locking import locked, locked_ungoverned
from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.errors import Conflict, Invalid
from iocop.core.events import emit
from iocop.core.policy import require
from iocop.core.versions import bump

if TYPE_CHECKING:
    from iocop.core.login import Viewer

LONGEST_REASON = 400


def set_state(actor: Viewer | None, contribution_id: int, state: str, reason: str = "") -> Contribution:
    """Bring a contribution into a state: ``visible``, ``held``, ``hidden`` or ``removed``.

    Args:
        actor: None for the site itself, as when a newcomer's first post with links is held.
        reason: what the author reads; empty only where the author acts.

    Raises:
        Refused: the actor may not, or it cannot go from its state to that one.
        Invalid: no such state, no reason, or too long a reason.
    """
    if state not in policy.NEXT_STATES:
        raise Invalid(_l("There is no such state."), "state")
    with act():
        row = locked_ungoverned(contribution_id) if state == "removed" else locked(contribution_id)
        old = row.state
        if actor is not None:
            require(policy.may_set_state(actor, row, state, others_wrote(row)))
        elif state not in policy.NEXT_STATES[old]:
            raise Conflict(_l("It stands so already, or cannot go there from where it stands."))
        _check(actor, row, state, reason)
        row.state, row.state_reason = state, reason
        row.state_by_id = actor.id if actor else None
        row.removed_at = clock.now() if state == "removed" else None
        root_id = row.root_id or row.id
        bump(f"topic:{root_id}", "topics")
        emit(StateChanged(actor.id if actor else None, row.id, root_id, old, state))
    return row


def others_wrote(row: Contribution) -> bool:
    """Say whether somebody else's contribution stands under this one's root, removed ones apart."""
    reply = exists().where(
        Contribution.root_id == (row.root_id or row.id),
        Contribution.author_id != row.author_id,
        Contribution.state != "removed",
    )
    return bool(db.session.scalar(select(reply)))


def _check(actor: Viewer | None, row: Contribution, state: str, reason: str) -> None:
    own = actor is not None and actor.id == row.author_id
    if state != "visible" and not own and not reason.strip():
        raise Invalid(_l("Give the reason: the author reads it."), "reason")
    if len(reason) > LONGEST_REASON:
        raise Invalid(_l("A reason has at most 400 characters."), "reason")
