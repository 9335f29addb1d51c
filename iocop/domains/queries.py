"""Reads of the practice's map; domains are few and change rarely, so a process keeps them by version."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from sqlalchemy import select

from iocop.core import clock
from iocop.core.cache import fragments
from iocop.core.db import db
from iocop.core.errors import Missing
from iocop.core.policy import provides
from iocop.core.site import site_version
from iocop.domains.models import Domain, MemberDomain, Tag, TagSynonym
from iocop.domains.slugs import tag_slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

from flask_babel import lazy_gettext as _l

Found = TypeVar("Found", "Domain", "DomainRow")

CHARTER_LASTS = timedelta(days=400)


class DomainRow(NamedTuple):
    """A domain as lists show it."""

    id: int
    slug: str
    name: str
    summary: str
    retired: bool


def all_domains() -> list[DomainRow]:
    """Return the domains in their order, retired ones last."""
    return fragments().remember(("domains", site_version()), _read_domains)


def _read_domains() -> list[DomainRow]:
    rows = db.session.execute(
        select(Domain.id, Domain.slug, Domain.name, Domain.summary, Domain.retired_at).order_by(
            Domain.retired_at.is_not(None), Domain.position, Domain.id
        )
    )
    return [DomainRow(row.id, row.slug, row.name, row.summary, row.retired_at is not None) for row in rows]


def open_domains() -> list[DomainRow]:
    """Return the domains that take new contributions."""
    return [row for row in all_domains() if not row.retired]


def domain_by_slug(slug: str) -> Domain:
    """Return a domain.

    Raises:
        Missing: no domain of this name.
    """
    return _there(db.session.scalar(select(Domain).where(Domain.slug == slug)))


def domain_row(slug: str) -> DomainRow:
    """Return a domain as lists show it.

    Raises:
        Missing: no domain of this name.
    """
    return _there(next((row for row in all_domains() if row.slug == slug), None))


def _there(found: Found | None) -> Found:
    if found is None:
        raise Missing(_l("There is no such domain."))
    return found


@provides("domain_name")
def domain_name(domain_id: int) -> str:
    """Return a domain's name; empty where there is no such domain."""
    return db.session.scalar(select(Domain.name).where(Domain.id == domain_id)) or ""


def charter_is_fresh(domain: Domain, at: datetime | None = None) -> bool:
    """Say whether the charter was written within the last 400 days: older ones are shown in amber."""
    return domain.charter_at is not None and (at or clock.now()) - domain.charter_at < CHARTER_LASTS


def sub_topics(domain_id: int) -> Sequence[Tag]:
    return db.session.scalars(
        select(Tag)
        .where(Tag.domain_id == domain_id, Tag.sub_topic, Tag.merged_into_id.is_(None))
        .order_by(Tag.position, Tag.slug)
    ).all()


def resolve_tags(words: Iterable[str]) -> list[Tag]:
    """Return the tags that words stand for, through synonyms and merges, in their order, without unknown ones."""
    slugs = list(dict.fromkeys(filter(None, map(tag_slug, words))))
    synonym = select(TagSynonym.slug, TagSynonym.tag_id).where(TagSynonym.slug.in_(slugs))
    stands_for = {row.slug: row.tag_id for row in db.session.execute(synonym)}
    found = db.session.scalars(select(Tag).where(Tag.slug.in_(slugs) | Tag.id.in_(stands_for.values()))).all()
    by_slug = {tag.slug: tag for tag in found}
    by_id = {tag.id: tag for tag in found}
    named = [by_slug.get(slug) or by_id.get(stands_for.get(slug, 0)) for slug in slugs]
    return list(dict.fromkeys(surviving(tag) for tag in named if tag is not None))


def surviving(tag: Tag) -> Tag:
    """Return the tag that stands for a tag now: what it was merged into, or itself."""
    while tag.merged_into_id is not None:
        tag = db.session.get_one(Tag, tag.merged_into_id)
    return tag


def domains_of(member_id: int) -> list[int]:
    """Return the ids of the domains a member says are theirs."""
    return list(db.session.scalars(select(MemberDomain.domain_id).where(MemberDomain.member_id == member_id)))
