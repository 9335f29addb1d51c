"""What waits too long is offered to neighbouring domains."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from iocop.core import clock
from iocop.core.db import act
from iocop.core.events import emit
from iocop.core.versions import bump
from iocop.repertoire.events import ProposalWidened
from iocop.repertoire.models import Proposal

PATIENCE = timedelta(days=14)
AT_ONCE = 200


def widen_waiting() -> int:
    """Offer what has waited for 14 days to neighbouring domains, once; return how many, at most `AT_ONCE`."""
    now = clock.now()
    with act() as session:
        waiting = session.scalars(
            select(Proposal)
            .where(
                Proposal.status == "waiting",
                Proposal.widened_at.is_(None),
                Proposal.submitted_at <= now - PATIENCE,
            )
            .order_by(Proposal.submitted_at, Proposal.id)
            .limit(AT_ONCE)
            .with_for_update()
        ).all()
        for proposal in waiting:
            proposal.widened_at = now
            session.flush()
            bump("repertoire", f"topic:{proposal.id}")
            emit(ProposalWidened(None, proposal.id))
    return len(waiting)
