"""What one article's page needs, in a constant number of statements, built once.

What all readers share (`Sheet`) is kept in the process under the article's version; what is each reader's own is laid
over.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, bindparam, func, literal, select

from iocop.contributions.models import Contribution, ContributionDomain, ContributionTag, Follow, Revision
from iocop.contributions.policy import may_read
from iocop.contributions.queries import as_signed
from iocop.core.cache import fragments
from iocop.core.db import alias_of, db, read
from iocop.core.errors import Gone, Missing
from iocop.core.models import Version
from iocop.domains.models import Domain, Tag
from iocop.organizations.models import Organization
from iocop.repertoire.addresses import POSTS_A_PAGE
from iocop.repertoire.contents import stable
from iocop.repertoire.models import Article, Proposal, Seal
from iocop.spaces.models import Space
from iocop.spaces.queries import READABLE_BY_MEMBER, asked_now

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row

    from iocop.contributions.models import Contribution as Thing
    from iocop.core.login import Viewer

_Successor = alias_of(Article)
_Below = alias_of(Contribution)

_ARTICLE = (
    select(
        Article.id, Article.kind, Article.title, Article.summary, Article.standing, Article.owner_id,
        Article.deputy_id, Article.product, Article.versions, Article.standard, Article.region, Article.published_at,
        Article.renewed_at, Article.review_by, Article.retired_at, Article.retired_how, Article.retired_reason,
        Article.retired_by_id, Article.successor_id, _Successor.title.label("successor_title"),
        Contribution.author_id, Contribution.byline, Contribution.organization_id, Contribution.org_evidence,
        Organization.name.label("organization_name"), Contribution.label, Contribution.state, Contribution.language,
        Contribution.licence, Contribution.attribution, Contribution.space_id, Contribution.created_at,
        Contribution.version.label("number"), Contribution.helpful, Contribution.works_here, Contribution.outdated,
        Space.name.label("space_name"), Space.audience.label("space_audience"), Space.slug.label("space_slug"),
        select(func.coalesce(func.sum(Version.value), 0))
        .where(Version.key.in_((bindparam("article_key"), "organizations", "repertoire")))
        .scalar_subquery().label("version"),
        select(Follow.muted).where(Follow.root_id == Article.id, Follow.member_id == bindparam("member"))
        .scalar_subquery().label("muted"),
        select(func.count()).where(Proposal.article_id == Article.id, Proposal.status == "waiting")
        .scalar_subquery().label("waiting"),
    )
    .join(Contribution, Contribution.id == Article.id)
    .join(Space, Space.id == Contribution.space_id)
    .outerjoin(Organization, Organization.id == Contribution.organization_id)
    .outerjoin(_Successor, _Successor.id == Article.successor_id)
    .where(Article.id == bindparam("article"))
)  # fmt: skip
_ARTICLE_FOR_MEMBER = _ARTICLE.add_columns(READABLE_BY_MEMBER.label("readable"))
_ARTICLE_FOR_GUEST = _ARTICLE.add_columns(
    and_(Space.audience == "public", Contribution.label == "public").label("readable")
)

_TEXT = (
    select(
        Contribution.html,
        select(func.max(_Below.position)).where(_Below.root_id == Contribution.id).scalar_subquery().label("last"),
        Revision.editor_id.label("author_id"), Revision.at, Revision.number, Revision.reason,
        Revision.organization_id, Organization.name.label("organization_name"), as_signed().label("byline"),
    )
    .join(Revision, and_(Revision.contribution_id == Contribution.id, Revision.number == Contribution.version))
    .outerjoin(Organization, Organization.id == Revision.organization_id)
    .where(Contribution.id == bindparam("root"))
)  # fmt: skip
_POSTS = (
    select(
        Contribution.id, Contribution.kind, Contribution.position, Contribution.parent_id, Contribution.author_id,
        Contribution.organization_id, Organization.name.label("organization_name"), Contribution.byline,
        Contribution.created_at, Contribution.edited_at, Contribution.state, Contribution.state_reason,
        Contribution.label, Contribution.helpful, Contribution.works_here, Contribution.outdated, Contribution.html,
    )
    .outerjoin(Organization, Organization.id == Contribution.organization_id)
    .where(
        Contribution.root_id == bindparam("root"),
        Contribution.position.between(bindparam("first"), bindparam("last")),
        Contribution.kind == "reply",
    )
    .order_by(Contribution.position)
)  # fmt: skip
_LAST = select(func.max(Contribution.position)).where(Contribution.root_id == bindparam("root"))
_FILED = (
    select(Domain.id, Domain.slug, Domain.name, ContributionDomain.position)
    .join(ContributionDomain, ContributionDomain.domain_id == Domain.id)
    .where(ContributionDomain.contribution_id == bindparam("root"))
    .union_all(
        select(Tag.id, Tag.slug, literal(""), literal(99))
        .join(ContributionTag, ContributionTag.tag_id == Tag.id)
        .where(ContributionTag.contribution_id == bindparam("root"))
    )
)
_SEALS = (
    select(
        Seal.member_id.label("author_id"), Seal.at, Seal.org_evidence, Seal.organization_id,
        Organization.name.label("organization_name"),
    )
    .outerjoin(Organization, Organization.id == Seal.organization_id)
    .where(Seal.article_id == bindparam("root"))
    .order_by(Seal.id)
)  # fmt: skip


@dataclass(frozen=True)
class Discussion:
    """One page of what was said below an article or a suggestion; *last* is the newest position there."""

    posts: Sequence[Any]
    last: int

    @property
    def ids(self) -> tuple[int, ...]:
        return tuple(row.id for row in self.posts)


@dataclass(frozen=True)
class Sheet:
    """An article as all readers share it, with one page of its discussion.

    Attributes:
        html: its text, with anchors that hang on no version (`contents.stable`).
    """

    html: str
    domains: Sequence[Any]
    tags: Sequence[str]
    seals: Sequence[Any]
    editor: Any
    talk: Discussion


def article_for(viewer: Viewer, article_id: int) -> Row[*tuple[Any, ...]]:
    """Return an article the viewer may read, in one statement; a merged one too.

    Raises:
        Missing: no such article, or not open to the viewer.
        Gone: it was deleted, with the reason.
    """
    asked = {"article": article_id, "article_key": f"topic:{article_id}", "member": viewer.id}
    if viewer.is_authenticated:
        found = read(_ARTICLE_FOR_MEMBER, asked | asked_now()).first()
    else:
        found = read(_ARTICLE_FOR_GUEST, asked).first()
    if found is None or not found.readable:
        raise Missing(_l("There is no such article, or it is not open to you."))
    if found.retired_how == "deleted" or found.state == "removed":
        raise Gone(_l("This article was removed: %(reason)s", reason=found.retired_reason or "–"))
    if found.state in {"held", "hidden"} and not _sees_unlisted(viewer, found):
        raise Missing(_l("There is no such article, or it is not open to you."))
    return found


def successor_for(viewer: Viewer, article: Any) -> str:
    """Return the title of what took an article's place; empty where nothing did, or where the viewer may not read it."""
    if not article.successor_id or not may_read(
        viewer, db.session.get_one(Contribution, article.successor_id)
    ):
        return ""
    return str(article.successor_title)


def _sees_unlisted(viewer: Viewer, thing: Any) -> bool:
    return viewer.id == thing.author_id or bool(viewer.roles & {"moderator", "administrator"})


def sheet(article: Row[*tuple[Any, ...]], number: int) -> Sheet:
    """Return an article with one page of its discussion, kept under its version.

    Raises:
        Missing: the discussion has no such page.
    """
    key = ("article", article.id, article.version, number)
    return fragments().remember(key, lambda: _read_sheet(article.id, number))


def _read_sheet(article_id: int, number: int) -> Sheet:
    root = {"root": article_id}
    text, (domains, tags) = read(_TEXT, root).one(), filed_under(article_id)
    return Sheet(
        html=stable(text.html), domains=domains, tags=tags, seals=read(_SEALS, root).all(), editor=text,
        talk=_discussion(article_id, number, text.last or 1),
    )  # fmt: skip


def discussion(root_id: int, number: int) -> Discussion:
    """Return one page of what was said below a root.

    Raises:
        Missing: there is no such page.
    """
    return _discussion(root_id, number, read(_LAST, {"root": root_id}).scalar() or 1)


def _discussion(root_id: int, number: int, last: int) -> Discussion:
    if number > max(1, ceil((last - 1) / POSTS_A_PAGE)):
        raise Missing(_l("There is no such page."))
    first = (number - 1) * POSTS_A_PAGE + 2
    asked = {"root": root_id, "first": first, "last": first + POSTS_A_PAGE - 1}
    return Discussion(read(_POSTS, asked).all(), last)


def filed_under(root_id: int) -> tuple[list[Any], list[str]]:
    """Return the domains and the tags of a root."""
    rows = read(_FILED, {"root": root_id}).all()
    domains = sorted((row for row in rows if row.name), key=lambda row: row.position)
    return domains, sorted(row.slug for row in rows if not row.name)


def root_of(thing: Thing) -> Thing:
    """Return what a contribution stands below, or itself."""
    return thing if thing.root_id in {None, thing.id} else db.session.get_one(Contribution, thing.root_id)
