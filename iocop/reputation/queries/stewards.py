"""Domains' stewards: who serves, whose term has ended, and what they last did there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, func, select

from iocop.contributions.models import Contribution, ContributionDomain, Revision
from iocop.core.db import alias_of, db
from iocop.repertoire.models import Review
from iocop.reputation.models import StewardTold
from iocop.roles.models import RoleGrant
from iocop.roles.queries import in_force

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row

_Given = alias_of(Contribution)

_TERMS = select(
    RoleGrant.id, RoleGrant.member_id, RoleGrant.scope_id, RoleGrant.valid_from, RoleGrant.valid_to
).where(RoleGrant.role == "domain_steward", RoleGrant.scope_kind == "domain")


def serving(at: datetime) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the terms of the stewards in office at a moment."""
    return db.session.execute(_TERMS.where(in_force(at)).order_by(RoleGrant.id)).all()


def lapsed_untold(at: datetime) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the terms that ended on their day and of which nobody was told."""
    told = exists().where(StewardTold.grant_id == RoleGrant.id, StewardTold.matter == "lapsed")
    ended = RoleGrant.valid_to <= at, RoleGrant.ended_by_id.is_(None), RoleGrant.end_decision_id.is_(None)
    return db.session.execute(_TERMS.where(*ended, ~told).order_by(RoleGrant.id)).all()


def last_told(member_id: int, domain_id: int) -> str:
    """Return since when a steward was silent when that was last told; empty where it never was."""
    since = db.session.scalar(
        select(func.max(StewardTold.since))
        .join(RoleGrant, RoleGrant.id == StewardTold.grant_id)
        .where(
            StewardTold.matter == "silent", RoleGrant.member_id == member_id, RoleGrant.scope_id == domain_id
        )
    )  # fmt: skip
    return since.isoformat() if since else ""


def last_deed(member_id: int, domain_id: int, at: datetime) -> datetime | None:
    """Return when a member last wrote, edited or reviewed something in a domain; None where they never did."""
    here = select(ContributionDomain.contribution_id).where(ContributionDomain.domain_id == domain_id)
    wrote = select(func.max(_Given.created_at)).where(
        _Given.author_id == member_id, _Given.root_id.in_(here), _Given.created_at <= at
    )
    edited = (
        select(func.max(Revision.at))
        .join(_Given, _Given.id == Revision.contribution_id)
        .where(Revision.editor_id == member_id, _Given.root_id.in_(here), Revision.at <= at)
    )
    reviewed = select(func.max(Review.at)).where(
        Review.reviewer_id == member_id, Review.proposal_id.in_(here), Review.at <= at
    )
    deeds: list[datetime | None] = [db.session.scalar(one) for one in (wrote, edited, reviewed)]
    return max((moment for moment in deeds if moment is not None), default=None)
