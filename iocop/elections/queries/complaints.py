"""Complaints, and the refused nominations some are about."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from iocop.core.db import db
from iocop.core.errors import Missing
from iocop.elections.models import ElectionComplaint, Nomination


def complaint(complaint_id: int | None) -> ElectionComplaint:
    """Return a complaint.

    Raises:
        Missing: there is none.
    """
    found = db.session.get(ElectionComplaint, complaint_id or 0)
    if found is None:
        raise Missing(_l("There is no such complaint."))
    return found


def refused_nomination(election_id: int, member_id: int) -> Nomination | None:
    """Return a member's nomination that the officers of an election refused; None: there is none."""
    return db.session.scalar(
        select(Nomination).where(
            Nomination.election_id == election_id, Nomination.member_id == member_id,
            Nomination.state == "refused",
        )
    )  # fmt: skip
