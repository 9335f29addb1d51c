"""What is found, as it stands in the database now: only what may be read, whatever the index says."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, or_, select

from iocop.contributions.models import Attachment, Contribution, ContributionDomain
from iocop.core.db import alias_of, db, placed, places, read
from iocop.domains.models import Domain
from iocop.forums.models import Topic
from iocop.organizations.models import MemberCard, Organization
from iocop.repertoire.models import Article
from iocop.search import documents
from iocop.search.models import AttachmentText
from iocop.search.snippets import READ
from iocop.spaces.policy import readable

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import Select

    from iocop.search.documents import AnyRow
    from iocop.spaces.queries import Scope

AT_ONCE: Final = 20
"""Statements take a multiple of so many keys, so that they are few and none is written anew; the rest are repeated."""

_root = alias_of(Contribution)

_CHECKED = (
    select(Contribution.id, Contribution.root_id, Topic.title)
    .join(_root, _root.id == Contribution.root_id)
    .join(Topic, Topic.id == Contribution.root_id)
    .where(Contribution.state == "visible", _root.state == "visible", Topic.listed)
)
_CHECKED_ARTICLES = (
    select(Contribution.id, Contribution.id.label("root_id"), Article.title, Article.kind)
    .join(Article, Article.id == Contribution.id)
    .where(Contribution.state == "visible", Article.listed, Article.retired_how != "merged")
)
_FIRST_DOMAIN = (
    select(Domain.name)
    .join(ContributionDomain, ContributionDomain.domain_id == Domain.id)
    .where(ContributionDomain.contribution_id == Contribution.root_id)
    .order_by(ContributionDomain.position, Domain.id)
    .limit(1)
    .correlate(Contribution)
    .scalar_subquery()
)
_TEXT: Final = func.substr(Contribution.plain, 1, READ).label("text")
_POSTS = _CHECKED.add_columns(
    Contribution.position, _TEXT, Contribution.language, Contribution.created_at, Contribution.byline,
    Contribution.works_here, Topic.kind, Topic.answers, Topic.accepted_id, Topic.closed_at,
    MemberCard.name.label("author"), Organization.name.label("organization"), _FIRST_DOMAIN.label("domain"),
).outerjoin(MemberCard, MemberCard.member_id == Contribution.author_id).outerjoin(
    Organization, Organization.id == Contribution.organization_id
)  # fmt: skip
_ARTICLES = _CHECKED_ARTICLES.add_columns(
    _TEXT, Contribution.language, Contribution.works_here, Article.summary, Article.standing,
    Article.review_by, Article.renewed_at, Article.retired_how, _FIRST_DOMAIN.label("domain"),
)  # fmt: skip
_FILES = (
    select(
        Attachment.id, Attachment.name, Attachment.size, Attachment.created_at, Contribution.id.label("post_id"),
        Contribution.language, func.substr(AttachmentText.text, 1, READ).label("text"),
    )
    .join(Contribution, Contribution.id == Attachment.contribution_id)
    .outerjoin(AttachmentText, AttachmentText.attachment_id == Attachment.id)
    .where(Attachment.removed_at.is_(None), Contribution.state == "visible")
)  # fmt: skip
_SHOWING = (
    select(
        Contribution.id,
        func.coalesce(Topic.title, Article.title).label("title"),
        Article.id.label("article_id"),
    )
    .outerjoin(Topic, Topic.id == Contribution.id)
    .outerjoin(Article, Article.id == Contribution.id)
    .where(
        Contribution.state == "visible", or_(Topic.listed, Article.listed & (Article.retired_how != "merged"))
    )
)


def standing(kind: str, keys: Collection[int], scope: Scope) -> dict[int, AnyRow]:
    """Return id, root and title of the posts or articles among some keys that stand and may be read now."""
    return {row.id: row for row in _rows(kind, scope, keys, told=False)}


def posts(keys: Collection[int], scope: Scope) -> Sequence[AnyRow]:
    return _rows("post", scope, keys, told=True)


def articles(keys: Collection[int], scope: Scope) -> Sequence[AnyRow]:
    return _rows("article", scope, keys, told=True)


def files(roots: Mapping[int, int], scope: Scope) -> list[tuple[AnyRow, AnyRow]]:
    """Return files with what shows them, where both may be read; *roots* says which topic or article that is."""
    readable_here = readable(scope, Contribution.space_id, Contribution.label)
    rows = db.session.execute(_FILES.where(Attachment.id.in_(roots), readable_here)).all()
    showing = {
        row.id: row
        for row in db.session.execute(_SHOWING.where(Contribution.id.in_(set(roots.values())), readable_here))
    }
    return [(row, showing[roots[row.id]]) for row in rows if roots[row.id] in showing]


def spaces(keys: Collection[int], scope: Scope) -> Sequence[AnyRow]:
    return [row for row in documents.spaces(keys) if row.id in scope.spaces]


@lru_cache(maxsize=64)
def _of(kind: str, scope: Scope, number: int, *, told: bool) -> Select[*tuple[Any, ...]]:
    """Return the statement for so many keys, built once for all who read the same; *told*: all that a page tells."""
    if kind == "post":
        found = (_POSTS if told else _CHECKED).where(readable(scope, _root.space_id, _root.label))
    else:
        found = _ARTICLES if told else _CHECKED_ARTICLES
    within = found.where(readable(scope, Contribution.space_id, Contribution.label))
    return within.where(Contribution.id.in_(places(number)))


def _rows(kind: str, scope: Scope, keys: Collection[int], *, told: bool) -> Sequence[AnyRow]:
    if not keys:
        return []
    spare = -len(keys) % AT_ONCE
    asked = [*keys, *[next(iter(keys))] * spare]
    return read(_of(kind, scope, len(asked), told=told), placed(asked)).all()
