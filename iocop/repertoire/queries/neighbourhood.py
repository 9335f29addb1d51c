"""Which domains a proposal that waits too long is offered to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from iocop.contributions.models import ContributionDomain
from iocop.core import clock
from iocop.core.cache import fragments
from iocop.core.db import db
from iocop.domains.models import MemberDomain
from iocop.domains.queries import open_domains
from iocop.repertoire.neighbours import neighbours
from iocop.repertoire.queries.standing import domain_ids_of
from iocop.roles.models import RoleGrant
from iocop.roles.queries import holders, in_force

if TYPE_CHECKING:
    from collections.abc import Collection

    from iocop.repertoire.models import Proposal


def neighbours_of(domain_ids: frozenset[int]) -> tuple[int, ...]:
    """Return the domains nearest to some; counted once a day, so that an offer stands for a while."""
    key = ("neighbours", domain_ids, clock.now().date(), tuple(row.id for row in open_domains()))
    return fragments().remember(key, lambda: _neighbours_of(domain_ids))


def _neighbours_of(domain_ids: frozenset[int]) -> tuple[int, ...]:
    one, other = aliased(ContributionDomain), aliased(ContributionDomain)
    together = (
        select(other.domain_id, func.count())
        .join(one, one.contribution_id == other.contribution_id)
        .where(one.domain_id.in_(domain_ids), other.domain_id.not_in(domain_ids))
        .group_by(other.domain_id)
    )
    mine, theirs = aliased(MemberDomain), aliased(MemberDomain)
    shared = (
        select(theirs.domain_id, func.count(theirs.member_id.distinct()))
        .join(mine, mine.member_id == theirs.member_id)
        .where(mine.domain_id.in_(domain_ids), theirs.domain_id.not_in(domain_ids))
        .group_by(theirs.domain_id)
    )
    filed = {row[0]: row[1] for row in db.session.execute(together)}
    people = {row[0]: row[1] for row in db.session.execute(shared)}
    return neighbours(domain_ids, [row.id for row in open_domains()], filed, people)


def deciding_domains(proposal: Proposal) -> frozenset[int]:
    """Return the domains whose curators and upper rungs decide on a proposal: its own, in time its neighbours too."""
    own = domain_ids_of(proposal.id)
    return own | frozenset(neighbours_of(own)) if proposal.widened_at is not None else own


def curators_of(domain_ids: Collection[int]) -> list[int]:
    """Return who curates some domains: their own curators and stewards, then those of the whole site."""
    own = db.session.scalars(
        select(RoleGrant.member_id)
        .where(
            RoleGrant.role.in_(("curator", "domain_steward")),
            RoleGrant.scope_kind == "domain",
            RoleGrant.scope_id.in_(domain_ids),
            in_force(clock.now()),
        )
        .order_by(RoleGrant.id)
    )
    return list(dict.fromkeys([*own, *holders("curator")]))
