"""Which articles several communities share: cited by three organizations in two domains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import distinct, func, select

from iocop.contributions.models import Contribution, ContributionDomain, Link
from iocop.core.db import alias_of, db

if TYPE_CHECKING:
    from collections.abc import Collection

ORGANIZATIONS: Final = 3
DOMAINS: Final = 2

_Root = alias_of(Contribution)


class Cited(NamedTuple):
    """By how many organization groups an article is cited, and in how many domains."""

    organizations: int
    domains: int

    @property
    def across(self) -> bool:
        """Whether it is an object at the boundary: something that different practices work with, each in its way."""
        return self.organizations >= ORGANIZATIONS and self.domains >= DOMAINS


def citations(article_ids: Collection[int]) -> dict[int, Cited]:
    """Return who cites some articles, in one statement: whatever links to or quotes them and is visible."""
    rows = db.session.execute(
        select(
            Link.to_id,
            func.count(distinct(Contribution.org_group_id)),
            func.count(distinct(ContributionDomain.domain_id)),
        )
        .join(Contribution, Contribution.id == Link.from_id)
        .join(_Root, _Root.id == Contribution.root_id)
        .outerjoin(ContributionDomain, ContributionDomain.contribution_id == _Root.id)
        .where(
            Link.to_id.in_(article_ids),
            Contribution.state == "visible",
            _Root.state == "visible",
            _Root.id != Link.to_id,
        )
        .group_by(Link.to_id)
    )
    return {article_id: Cited(organizations, domains) for article_id, organizations, domains in rows}
