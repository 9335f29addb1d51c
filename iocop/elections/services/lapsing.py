"""What ends by itself: an election whose ballots nobody can open any more."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from flask_babel import format_datetime
from flask_babel import gettext as _
from sqlalchemy import select

from iocop.core import audit, clock
from iocop.core.db import act, db
from iocop.core.events import emit
from iocop.elections.events import ElectionMoved
from iocop.elections.models import Election
from iocop.elections.queries import elections
from iocop.elections.services import opening
from iocop.elections.services.uploading import given

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

PATIENCE: Final = timedelta(minutes=1)
"""After the last moment for keys: one that came in time and still waits for its turn is taken."""


def void_without_keys() -> None:
    """Declare void every sealed election that got too few keys in time; what is void or has its keys stays as it is."""
    due = select(Election.id).where(Election.state == "sealed", Election.keys_until <= clock.now() - PATIENCE)
    for election_id in db.session.scalars(due).all():
        with act() as session:
            # The row that a key is given under as well: whichever comes first, the other one sees it.
            election = elections.locked(election_id)
            keys = len(given(election_id))
            if election.state == "sealed" and keys < election.needed:
                _void(session, election, keys)


def _void(session: Session, election: Election, keys: int) -> None:
    election.state, election.state_since = "void", clock.now()
    session.flush()
    audit.record("election.lapse", None, f"election:{election.id}", given=keys, needed=election.needed)
    emit(ElectionMoved(None, election_id=election.id, act_id=None, state="void"))
    reason = _(
        "Of the %(needed)s keys that open the ballots %(given)s were given by %(moment)s (UTC). Nobody can open the"
        " ballots; they were deleted unopened.",
        needed=election.needed, given=keys,
        moment=format_datetime(election.keys_until, "d MMM y, HH:mm", rebase=False),
    )  # fmt: skip
    opening.end(election, str(reason))  # the box last: had anything failed before, it would still be whole
