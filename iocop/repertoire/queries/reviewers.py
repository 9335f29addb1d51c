"""Where a member may review, and for whom they speak."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import and_, func, or_, select

from iocop.core import clock
from iocop.core.db import db
from iocop.core.policy import fact
from iocop.domains.queries import open_domains
from iocop.organizations.queries import stamp
from iocop.repertoire.queries.neighbourhood import neighbours_of
from iocop.repertoire.queries.standing import approving_domains, sold_by
from iocop.repertoire.quorum import APPROVING_LEVEL, REVIEWING_LEVEL, Voice, organization
from iocop.roles.models import RoleGrant
from iocop.roles.queries import holds, in_force
from iocop.spaces.queries import VERIFIED

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from iocop.core.login import Viewer


class Reviewer(NamedTuple):
    """What decides where a member may review.

    Attributes:
        everywhere: a curator of the whole site.
        domains: where they curate, or stand on the third rung.
        organization: what their voice counts as (`quorum.organization`).
        sold: what their organizations sell.
    """

    id: int
    everywhere: bool = False
    domains: frozenset[int] = frozenset()
    organization: int = 0
    sold: tuple[str, ...] = ()

    @property
    def reviews(self) -> bool:
        """Whether there is anything they may decide."""
        return self.everywhere or bool(self.domains)

    def decides_in(self, domain_ids: frozenset[int], widened: bool) -> bool:
        if self.everywhere or self.domains & domain_ids:
            return True
        return widened and bool(self.domains & set(neighbours_of(domain_ids)))


def reviewer_of(viewer: Viewer) -> Reviewer:
    """Return where a viewer may review, and for whom they speak."""
    if not viewer.is_authenticated or viewer.suspended:
        return Reviewer(0)
    now = clock.now()
    by = stamp(viewer.id, None, now)
    levels: dict[int, int] = fact("levels", viewer.id, default={})
    rungs = {row.id for row in open_domains() if levels.get(row.id, 0) >= APPROVING_LEVEL}
    return Reviewer(
        viewer.id, holds(viewer.id, "curator", now), approving_domains(viewer.id, now) | rungs,
        organization(Voice(viewer.id, by.org_group_id, by.org_evidence in VERIFIED)), tuple(sold_by(viewer.id)),
    )  # fmt: skip


class Basis(NamedTuple):
    """What somebody's right to review rests on: an office since a moment, or a rung in a domain.

    Attributes:
        level: 3 or more decides; 2 works through the queue.
    """

    since: datetime | None = None
    domain: str = ""
    level: int = 0

    @property
    def decides(self) -> bool:
        return self.since is not None or self.level >= APPROVING_LEVEL


def basis_of(viewer: Viewer, domain_ids: Collection[int]) -> Basis | None:
    """Return what a viewer's right to review in some domains rests on; None without one."""
    now = clock.now()
    office = or_(
        and_(RoleGrant.scope_kind == "site", RoleGrant.role == "curator"),
        and_(
            RoleGrant.scope_kind == "domain",
            RoleGrant.role.in_(("curator", "domain_steward")),
            RoleGrant.scope_id.in_(domain_ids),
        ),
    )
    first = select(func.min(RoleGrant.valid_from)).where(
        RoleGrant.member_id == viewer.id, office, in_force(now)
    )
    since = db.session.scalar(first)
    if since is not None:
        return Basis(since=since)
    domains = [row for row in open_domains() if row.id in domain_ids]
    rungs = [(fact("level", viewer.id, row.id, default=0), row.name) for row in domains]
    level, name = max(rungs, key=lambda rung: rung[0], default=(0, ""))
    return Basis(domain=name, level=level) if level >= REVIEWING_LEVEL else None
