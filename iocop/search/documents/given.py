"""Posts and articles as documents, a batch in a constant number of statements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import Row, and_, select

from iocop.contributions.models import Contribution, ContributionDomain, ContributionTag, Revision
from iocop.core.db import alias_of, db
from iocop.forums.models import Topic
from iocop.repertoire.models import Article, ArticleAlias
from iocop.search.keys import OPEN, key, product_keys
from iocop.search.port import Document, ref
from iocop.spaces.labels import strictest
from iocop.spaces.models import Space

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from datetime import datetime

    from iocop.search.port import Label

AnyRow: TypeAlias = "Row[*tuple[Any, ...]]"

_root = alias_of(Contribution)

_POSTS = (
    select(
        Contribution.id, Contribution.root_id, Contribution.space_id, Contribution.label,
        _root.label.label("root_label"), Contribution.author_id, Contribution.byline, Contribution.organization_id,
        Contribution.language, Contribution.plain, Contribution.created_at, Contribution.helpful,
        Contribution.imported_score, Space.audience, Topic.title, Topic.kind, Topic.accepted_id,
    )
    .join(_root, _root.id == Contribution.root_id)
    .join(Topic, Topic.id == Contribution.root_id)
    .join(Space, Space.id == Contribution.space_id)
    .where(Contribution.state == "visible", _root.state == "visible", Topic.listed)
    .order_by(Contribution.id)
)  # fmt: skip
_ARTICLES = (
    select(
        Article.id, Article.title, Article.summary, Article.product, Article.versions, Article.standard,
        Article.region, Article.renewed_at, Contribution.space_id, Contribution.label, Contribution.author_id,
        Contribution.byline, Contribution.language, Contribution.plain, Contribution.works_here, Space.audience,
        Revision.editor_id, Revision.organization_id,
    )
    .join(Contribution, Contribution.id == Article.id)
    .join(Space, Space.id == Contribution.space_id)
    .outerjoin(
        Revision, and_(Revision.contribution_id == Contribution.id, Revision.number == Contribution.version)
    )
    .where(Contribution.state == "visible", Article.listed, Article.retired_how != "merged")
    .order_by(Article.id)
)  # fmt: skip


def posts(keys: Collection[int]) -> Iterator[Document]:
    """Yield the posts among some contributions, under the stricter of their own and their topic's label."""
    rows = db.session.execute(_POSTS.where(Contribution.id.in_(keys))).all()
    filed = filed_under({row.root_id for row in rows})
    for row in rows:
        label = strictest(row.label, row.root_label)
        yield Document(
            ref=ref("post", row.id), kind="post", id=row.id, topic_id=row.root_id, space_id=row.space_id,
            label=found_as(label), language=row.language, title=row.title if row.id == row.root_id else "",
            text=row.plain, at=seconds(row.created_at), votes=votes_shown(row),
            own_keys=frozenset({
                *signature(row), *filed.get(row.root_id, ()), *status(row), key("year", row.created_at.year),
                *opened(label, row.audience),
            }),
        )  # fmt: skip


def articles(keys: Collection[int]) -> Iterator[Document]:
    """Yield the articles among some contributions.

    Retired ones too, which say so; a merged one is found as what it was merged into.
    """
    rows = db.session.execute(_ARTICLES.where(Article.id.in_(keys))).all()
    listed = [row.id for row in rows]
    known_as = names(ArticleAlias.article_id, ArticleAlias.title, listed)
    filed = filed_under(listed)
    for row in rows:
        about = (row.summary, row.product, row.versions, row.standard, row.region, row.plain)
        yield Document(
            ref=ref("article", row.id), kind="article", id=row.id, topic_id=row.id, space_id=row.space_id,
            label=found_as(row.label), language=row.language,
            title=" / ".join((row.title, *known_as.get(row.id, ()))), text="\n".join(filter(None, about)),
            at=seconds(row.renewed_at), votes=row.works_here,
            own_keys=frozenset({
                *_hands(row), *filed.get(row.id, ()), *product_keys(row.product, row.versions),
                key("year", row.renewed_at.year), *opened(row.label, row.audience),
            }),
        )  # fmt: skip


def _hands(row: AnyRow) -> Iterator[str]:
    """Who wrote it, who wrote its present text, and from where; nothing that its author's byline hides."""
    if row.byline != "sealed":
        yield key("author", row.author_id)
    by_author = row.editor_id in {None, row.author_id}
    if not by_author:
        yield key("author", row.editor_id)
    if row.organization_id is not None and (row.byline == "named" or not by_author):
        yield key("org", row.organization_id)


def signature(row: AnyRow) -> Iterator[str]:
    """Yield who signed a contribution and from where, as far as its byline says so."""
    if row.byline != "sealed":
        yield key("author", row.author_id)
    if row.byline == "named" and row.organization_id is not None:
        yield key("org", row.organization_id)


def status(row: AnyRow) -> Iterator[str]:
    """Yield whether a question is solved; what is no question has no status."""
    if row.kind == "question":
        yield key("status", "open" if row.accepted_id is None else "solved")


def opened(label: str, audience: str) -> Iterator[str]:
    """Yield the key of what guests may read, if it is so."""
    if label == "public" and audience == "public":
        yield OPEN


def votes_shown(row: AnyRow) -> int:
    """How many found a post helpful, as its page says: imported votes against it are not counted there."""
    return int(row.helpful + max(0, row.imported_score))


def found_as(label: str) -> Label:
    """Return who may find a sharing label: everybody or, of whatever reach, members."""
    return "public" if label == "public" else "members"


def seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def filed_under(root_ids: Collection[int]) -> dict[int, list[str]]:
    """Return the keys of the domains and tags that roots stand under, in two statements."""
    if not root_ids:
        return {}
    domains = names(ContributionDomain.contribution_id, ContributionDomain.domain_id, root_ids)
    tags = names(ContributionTag.contribution_id, ContributionTag.tag_id, root_ids)
    return {
        root: [*_keyed("domain", domains.get(root, ())), *_keyed("tag", tags.get(root, ()))]
        for root in root_ids
    }


def _keyed(name: str, values: Iterable[int]) -> Iterator[str]:
    return (key(name, value) for value in values)


def names(owner: Any, name: Any, keys: Collection[int]) -> dict[int, list[Any]]:
    """Return what stands in one column beside each key of another."""
    found: dict[int, list[Any]] = {}
    if keys:
        for owned_by, text in db.session.execute(select(owner, name).where(owner.in_(keys))):
            found.setdefault(owned_by, []).append(text)
    return found
