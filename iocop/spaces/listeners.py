"""What happens to affiliations and organizations opens and closes spaces: at once, with notice, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.events import emit, within
from iocop.organizations.events import AffiliationEnded, AffiliationExpired, OrganizationMerged
from iocop.organizations.models import Affiliation
from iocop.spaces.events import SpaceAccessEnded, SpaceAccessGiven
from iocop.spaces.models import Space, SpaceGrant
from iocop.spaces.queries import VERIFIED, readers_among

if TYPE_CHECKING:
    from sqlalchemy import Select


@within(AffiliationEnded, AffiliationExpired)
def tell_what_closed(happened: AffiliationEnded | AffiliationExpired) -> None:
    """Name each space the member can no longer be in; the reading rule itself needs no row to change."""
    if not _opened_doors(happened):
        return
    granted = _granted_to(happened.organization_id).with_only_columns(SpaceGrant.space_id)
    rested_on_it = select(Space.id).where((Space.audience == "verified") | Space.id.in_(granted))
    for space_id in db.session.scalars(rested_on_it.where(Space.archived_at.is_(None))).all():
        if not readers_among([happened.member_id], space_id):
            emit(SpaceAccessEnded(happened.actor_id, member_id=happened.member_id, space_id=space_id))


def _opened_doors(happened: AffiliationEnded | AffiliationExpired) -> bool:
    """What was never proved, had not begun, or was over before its proof expired, opened nothing until now."""
    row = db.session.get_one(Affiliation, happened.affiliation_id)
    if row.valid_from > clock.now().date():
        return False
    if isinstance(happened, AffiliationExpired):  # the row that stands now is without proof already
        return row.closed_at is None
    return row.evidence in VERIFIED


@within(OrganizationMerged)
def let_survivor_in(happened: OrganizationMerged) -> None:
    """What was granted to a record holds for the one it turned out to be; the first grant ends, so both stay known."""
    with act() as session:
        known = set(session.scalars(_granted_to(happened.into_id).with_only_columns(SpaceGrant.space_id)))
        for grant in session.scalars(_granted_to(happened.organization_id)).all():
            grant.ended_at = clock.now()
            if grant.space_id in known:
                continue
            session.add(
                SpaceGrant(
                    space_id=grant.space_id, organization_id=happened.into_id, granted_at=grant.ended_at,
                    granted_by_id=grant.granted_by_id,
                )
            )  # fmt: skip
            emit(SpaceAccessGiven(happened.actor_id, grant.space_id, None, happened.into_id))


def _granted_to(organization_id: int) -> Select[SpaceGrant]:
    return select(SpaceGrant).where(
        SpaceGrant.organization_id == organization_id, SpaceGrant.ended_at.is_(None)
    )
