"""Organizations as records: names, domains, relations."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import literal, or_, select, true

from iocop.core.db import db
from iocop.organizations import mail_domains, naming
from iocop.organizations.models import MailDomain, Organization, OrganizationAlias, OrganizationRelation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime


def proved_domains(organization_id: int, at: datetime) -> list[str]:
    """Return the internet domains proved to be an organization's."""
    return list(
        db.session.scalars(
            select(MailDomain.domain)
            .where(
                MailDomain.organization_id == organization_id,
                or_(MailDomain.expires_at.is_(None), MailDomain.expires_at > at),
            )
            .order_by(MailDomain.domain)
        )
    )


def organization_of_domain(domain: str, at: datetime) -> MailDomain | None:
    """Return the longest proved domain that a domain is, or lies below."""
    rows = db.session.scalars(
        select(MailDomain).where(
            MailDomain.domain.in_(mail_domains.and_above(domain)),
            or_(MailDomain.expires_at.is_(None), MailDomain.expires_at > at),
        )
    )
    return max(rows, key=lambda row: len(row.domain), default=None)


def slugs_like(slug: str) -> set[str]:
    """Return the slugs that begin like one."""
    return set(
        db.session.scalars(
            select(Organization.slug).where(Organization.slug.startswith(slug, autoescape=True))
        )
    )


def same_name(name: str) -> Organization | None:
    """Return a living organization with just this name, or alias, as names are compared."""
    folded = naming.folded(name)
    by_alias = select(OrganizationAlias.organization_id).where(OrganizationAlias.folded == folded)
    return db.session.scalar(
        select(Organization)
        .where(
            Organization.merged_into_id.is_(None),
            or_(Organization.folded == folded, Organization.id.in_(by_alias)),
        )
        .limit(1)
    )


def related(a_id: int, kind: str, b_id: int, start: date, end: date | None) -> bool:
    """Say whether a relation is known for some day of a time."""
    relation = OrganizationRelation
    found = select(relation.id).where(
        relation.a_id == a_id,
        relation.kind == kind,
        relation.b_id == b_id,
        or_(relation.valid_to.is_(None), relation.valid_to > start),
        true() if end is None else relation.valid_from < end,
    )
    return db.session.scalar(found.limit(1)) is not None


def above(organization_id: int, kind: str) -> set[int]:
    """Return every organization that stands, or ever stood, above one by a kind of relation."""
    relation = OrganizationRelation
    found: set[int] = set()
    reached = {organization_id}
    while reached:
        parents = select(relation.a_id).where(relation.b_id.in_(reached), relation.kind == kind)
        reached = set(db.session.scalars(parents)) - found
        found |= reached
    return found


def by_slug(slug: str) -> Organization | None:
    return db.session.scalar(select(Organization).where(Organization.slug == slug))


def by_words(words: str) -> Organization | None:
    """Return the living organization somebody means by its address, its slug, its name or an alias."""
    last = words.strip().rstrip("/").rpartition("/")[2]
    found = by_slug(last.lower())
    if found is not None and found.merged_into_id is None:
        return found
    return same_name(words)


class Alike(NamedTuple):
    """An organization that may be the one somebody is about to enter again; *because*: name, alias or domain."""

    organization: Organization
    because: str


def alike(name: str, website: str = "", limit: int = 5) -> list[Alike]:
    """Return living organizations that sound like a name or share a website's domain, the likeliest first.

    Compares with every name there is: thousands take some tens of milliseconds, once in a founding.
    """
    wanted = naming.folded(name)
    scores: dict[int, tuple[float, str]] = {}
    for organization_id, folded, because in _all_names():
        score = naming.likeness(wanted, folded)
        if score >= naming.ALIKE and score > scores.get(organization_id, (0.0, ""))[0]:
            scores[organization_id] = (score, because)
    for organization_id in _with_domain(website):
        scores.setdefault(organization_id, (1.0, "domain"))
    rows = db.session.scalars(
        select(Organization).where(Organization.id.in_(scores), Organization.merged_into_id.is_(None))
    )
    ranked = sorted(rows, key=lambda row: (-scores[row.id][0], row.name))
    return [Alike(row, scores[row.id][1]) for row in ranked[:limit]]


def _all_names() -> Iterator[tuple[int, str, str]]:
    names = select(Organization.id, Organization.folded, literal("name")).where(
        Organization.merged_into_id.is_(None)
    )
    aliases = select(OrganizationAlias.organization_id, OrganizationAlias.folded, literal("alias"))
    for row in db.session.execute(names.union_all(aliases)):
        yield row[0], row[1], row[2]


def _with_domain(website: str) -> set[int]:
    host = urlsplit(website if "//" in website else f"//{website}").hostname or ""
    top = mail_domains.registrable(host)
    if not top:
        return set()
    by_mail = select(MailDomain.organization_id).where(MailDomain.domain == top)
    by_site = select(Organization.id).where(Organization.website.contains(top, autoescape=True))
    return set(db.session.scalars(by_mail)) | set(db.session.scalars(by_site))


def slug_of(organization_id: int) -> str:
    return db.session.scalars(select(Organization.slug).where(Organization.id == organization_id)).one()
