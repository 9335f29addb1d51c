"""A root stands in other domains and under other tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, func, select, update

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


def refile(domain_id: int, into_id: int, tag_ids: Sequence[int]) -> list[int]:
    """File every root that stands in a domain under one of some tags in another domain instead; return the roots.

    One that stands there already leaves the first.
    """
    with act() as session:
        here = ContributionDomain.domain_id == domain_id
        tagged = select(ContributionTag.contribution_id).where(ContributionTag.tag_id.in_(tag_ids))
        roots = list(
            session.scalars(
                select(ContributionDomain.contribution_id)
                .where(here, ContributionDomain.contribution_id.in_(tagged))
                .order_by(ContributionDomain.contribution_id)
            )
        )
        there = select(ContributionDomain.contribution_id).where(ContributionDomain.domain_id == into_id)
        of_roots = here, ContributionDomain.contribution_id.in_(tagged)
        kept = {"synchronize_session": False}
        session.execute(
            delete(ContributionDomain).where(*of_roots, ContributionDomain.contribution_id.in_(there)),
            execution_options=kept,
        )
        session.execute(
            update(ContributionDomain).where(*of_roots).values(domain_id=into_id), execution_options=kept
        )
        session.expire_all()
        return roots
