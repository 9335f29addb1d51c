"""A root stands in other domains and under other tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, func, select

from iocop.contributions.models import ContributionDomain, ContributionTag
from iocop.core.db import act, db
from iocop.core.errors import Invalid
from iocop.domains.models import Domain
from iocop.domains.services import ensure_tags

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_DOMAINS = 3
MOST_TAGS = 5


def check_filing(domain_ids: Sequence[int], tags: Sequence[str]) -> None:
    """Say what cannot be so.

    Raises:
        Invalid: not one to three open domains, or more than five tags.
    """
    asked = set(domain_ids)
    if not 1 <= len(asked) <= MOST_DOMAINS:
        raise Invalid(_l("Choose one to three domains: what is in none of them is not published."), "domains")
    if len(tags) > MOST_TAGS:
        raise Invalid(_l("At most five tags are possible."), "tags")
    is_open = Domain.id.in_(asked), Domain.retired_at.is_(None)
    if db.session.scalar(select(func.count()).select_from(Domain).where(*is_open)) != len(asked):
        raise Invalid(_l("Choose among the domains of this practice."), "domains")


def file_root(root_id: int, domain_ids: Sequence[int], tags: Sequence[str]) -> None:
    """File a root under these domains and tags, in place of what it stood under."""
    with act() as session:
        for table in (ContributionDomain, ContributionTag):
            session.execute(delete(table).where(table.contribution_id == root_id))
        session.add_all(
            ContributionDomain(contribution_id=root_id, domain_id=domain, position=position)
            for position, domain in enumerate(dict.fromkeys(domain_ids))
        )
        session.add_all(
            ContributionTag(contribution_id=root_id, tag_id=tag)
            for tag in dict.fromkeys(tag.id for tag in ensure_tags(list(tags)))
        )
        session.flush()
