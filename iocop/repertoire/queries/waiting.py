"""How long things wait: published, because nothing stops contributions like waiting in the dark."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import ColumnElement, and_, func, select

from iocop.contributions.models import Contribution
from iocop.core import clock
from iocop.core.db import db
from iocop.repertoire.deciding import waiting
from iocop.repertoire.models import Proposal
from iocop.spaces.policy import readable
from iocop.spaces.queries import scope_of

if TYPE_CHECKING:
    from datetime import datetime

    from iocop.core.login import Viewer
    from iocop.repertoire.deciding import Waiting

WINDOW: Final = timedelta(days=90)


def open_to(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition that a viewer may read a contribution that is shown."""
    scope = scope_of(viewer)
    return and_(Contribution.state == "visible", readable(scope, Contribution.space_id, Contribution.label))


def days_since(moment: datetime | None) -> int:
    return (clock.now() - moment).days if moment is not None else 0


def waiting_times(viewer: Viewer) -> Waiting:
    """Return how long what was decided within 90 days had waited, as far as the viewer may read it."""
    decided = (
        select(Proposal.submitted_at, Proposal.decided_at)
        .join(Contribution, Contribution.id == Proposal.id)
        .where(
            Proposal.status.in_(("published", "declined")), Proposal.decided_at > clock.now() - WINDOW,
            Proposal.submitted_at.is_not(None), open_to(viewer),
        )
    )  # fmt: skip
    return waiting(row.decided_at - row.submitted_at for row in db.session.execute(decided))


def oldest(viewer: Viewer) -> int | None:
    """Return for how many days the longest waiting item has waited; None while nothing waits."""
    first = (
        select(func.min(Proposal.submitted_at))
        .join(Contribution, Contribution.id == Proposal.id)
        .where(Proposal.status == "waiting", open_to(viewer))
    )
    found = db.session.scalar(first)
    return None if found is None else days_since(found)
