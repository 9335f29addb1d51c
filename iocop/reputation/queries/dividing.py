"""Which tags a domain can be divided by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from iocop.contributions.models import ContributionDomain, ContributionTag
from iocop.core.db import read
from iocop.domains.models import Tag

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_TAGS = 100


def tags_in(domain_id: int) -> Sequence[Any]:
    """Return the tags most used in a domain: key, word, and how many topics and articles stand under each."""
    used = func.count()
    rows = (
        select(Tag.id, Tag.slug, used.label("used"))
        .join(ContributionTag, ContributionTag.tag_id == Tag.id)
        .join(ContributionDomain, ContributionDomain.contribution_id == ContributionTag.contribution_id)
        .where(ContributionDomain.domain_id == domain_id)
        .group_by(Tag.id, Tag.slug)
        .order_by(used.desc(), Tag.slug)
        .limit(MOST_TAGS)
    )
    return read(rows).all()
