"""Losing an employer ends access to the spaces that rested on it: at once, with notice, and nothing else."""

from __future__ import annotations

from sqlalchemy import select

from iocop.core.db import db
from iocop.core.events import emit, within
from iocop.organizations.events import AffiliationEnded, AffiliationExpired
from iocop.spaces.events import SpaceAccessEnded
from iocop.spaces.models import Space, SpaceGrant
from iocop.spaces.queries import readers_among


@within(AffiliationEnded, AffiliationExpired)
def tell_what_closed(happened: AffiliationEnded | AffiliationExpired) -> None:
    """Name each space the member can no longer be in; the reading rule itself needs no row to change."""
    granted = select(SpaceGrant.space_id).where(
        SpaceGrant.organization_id == happened.organization_id, SpaceGrant.ended_at.is_(None)
    )
    rested_on_it = select(Space.id).where((Space.audience == "verified") | Space.id.in_(granted))
    for space_id in db.session.scalars(rested_on_it.where(Space.archived_at.is_(None))).all():
        if not readers_among([happened.member_id], space_id):
            emit(SpaceAccessEnded(happened.actor_id, member_id=happened.member_id, space_id=space_id))
