"""A page of results: the engine asked inside the viewer's scope, its hits checked again in the database, and read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from sqlalchemy import select

from iocop.contributions.models import Contribution, ContributionDomain
from iocop.core.db import alias_of, db
from iocop.core.pages import Page, offset
from iocop.domains.models import Domain
from iocop.forums.models import Topic
from iocop.organizations.models import MemberCard, Organization
from iocop.repertoire.models import Article
from iocop.repertoire.queries.glossary import words_for
from iocop.repertoire.titles import key
from iocop.search import documents, titles
from iocop.search.folding import favour_titles, fold
from iocop.search.indexer import engine
from iocop.search.port import EVERYWHERE, NOTHING, EngineDown, Found, Mask
from iocop.search.query import LAST_PAGE
from iocop.search.synonyms import meanings
from iocop.spaces.policy import readable
from iocop.spaces.queries import scope_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from iocop.core.login import Viewer
    from iocop.search.documents import AnyRow
    from iocop.search.folding import TopicHit
    from iocop.search.port import Hit, Kind
    from iocop.search.query import SearchQuery
    from iocop.spaces.queries import Scope

Tab: TypeAlias = Literal["topics", "articles", "members", "organizations"]
TABS: Final[dict[Tab, Kind]] = {
    "topics": "post",
    "articles": "article",
    "members": "member",
    "organizations": "organization",
}
GIVEN: Final = frozenset({"post", "article"})
"""Kinds that stand in a space under a label."""

ROWS_A_PAGE: Final = 20
MOST_HITS: Final = ROWS_A_PAGE * LAST_PAGE
SIMILAR: Final = 5

_root = alias_of(Contribution)
_CHECKED = (
    select(Contribution.id, Contribution.root_id, Contribution.created_at, Contribution.helpful, Topic.title)
    .join(_root, _root.id == Contribution.root_id)
    .join(Topic, Topic.id == Contribution.root_id)
    .where(Contribution.state == "visible", _root.state == "visible", Topic.listed)
)
_CHECKED_ARTICLES = (
    select(
        Contribution.id, Contribution.root_id, Article.renewed_at.label("created_at"),
        Contribution.works_here.label("helpful"), Article.title,
    )
    .join(Article, Article.id == Contribution.id)
    .where(Contribution.state == "visible", Article.listed, Article.retired_how != "merged")
)  # fmt: skip
_FIRST_DOMAIN = (
    select(Domain.name)
    .join(ContributionDomain, ContributionDomain.domain_id == Domain.id)
    .where(ContributionDomain.contribution_id == Contribution.root_id)
    .order_by(ContributionDomain.position, Domain.id)
    .limit(1)
    .correlate(Contribution)
)
_SHOWN = (
    select(
        Contribution.id, Contribution.position, Contribution.plain, Contribution.language, Contribution.created_at,
        Contribution.byline, Contribution.label, Topic.id.label("topic_id"), Topic.title, Topic.kind, Topic.answers,
        Topic.accepted_id, Topic.closed_at, MemberCard.name.label("author"), MemberCard.number.label("author_number"),
        Organization.name.label("organization"), _FIRST_DOMAIN.scalar_subquery().label("domain"),
    )
    .join(Topic, Topic.id == Contribution.root_id)
    .outerjoin(MemberCard, MemberCard.member_id == Contribution.author_id)
    .outerjoin(Organization, Organization.id == Contribution.organization_id)
)  # fmt: skip
_SHOWN_ARTICLES = (
    select(
        Article.id, Article.title, Article.kind, Article.summary, Article.standing, Article.review_by,
        Article.renewed_at, Article.retired_how, Contribution.plain, Contribution.language,
        _FIRST_DOMAIN.scalar_subquery().label("domain"),
    )
    .join(Contribution, Contribution.id == Article.id)
)  # fmt: skip


@dataclass(frozen=True)
class Results:
    """What a search page shows.

    Attributes:
        counts: how much each tab holds, inside the viewer's scope.
        more: there is more than the pages reach.
        from_titles: the index is away; only titles and names were searched.
        query: what was looked for, with what the glossary added.
    """

    tab: Tab
    page: Page[AnyRow]
    counts: Mapping[Tab, int]
    more: bool = False
    from_titles: bool = False
    query: SearchQuery | None = None


def find(viewer: Viewer, query: SearchQuery, tab: Tab) -> Results:
    """Return one page of what the viewer may find."""
    scope = scope_of(viewer)
    query = replace(query, also=meanings(query.terms, words_for(viewer).together, key))
    found = {name: _ask(query, _mask(scope, kind), kind) for name, kind in TABS.items()}
    counts = {name: len({hit.topic_id or hit.id for hit in one.hits}) for name, one in found.items()}
    asked = found[tab]
    given = TABS[tab] in GIVEN
    keys = _root_keys(asked, query, scope, TABS[tab]) if given else [hit.id for hit in asked.hits]
    counts[tab] = len(keys)
    number = min(query.page, max(1, -(-len(keys) // ROWS_A_PAGE)))
    here = keys[offset(number, ROWS_A_PAGE) :][:ROWS_A_PAGE]
    page = Page(_rows(tab, here), number, ROWS_A_PAGE, min(len(keys), MOST_HITS))
    return Results(tab, page, counts, asked.total > len(asked.hits), asked.from_titles, query)


def similar(viewer: Viewer, text: str, tab: Tab = "topics") -> Sequence[AnyRow]:
    """Return the few topics, or articles, that share most with a title that is being typed."""
    scope, kind = scope_of(viewer), TABS[tab]
    mask = _mask(scope, kind)
    if not mask.spaces:
        return ()
    try:
        found = engine().similar(text, mask, kind, SIMILAR * 4)
    except EngineDown:
        found = titles.similar(text, mask, kind, SIMILAR)
    topics = fold(_still_readable(found.hits, scope, kind)[0])[:SIMILAR]
    return _rows(tab, [topic.posts[0] for topic in topics])


def _mask(scope: Scope, kind: Kind) -> Mask:
    return Mask(scope.spaces if kind in GIVEN else frozenset({EVERYWHERE}), scope.member)


def _ask(query: SearchQuery, mask: Mask, kind: Kind) -> Found:
    """Ask the engine; nothing is asked for who may read nothing, and titles stand in for an index that is away."""
    if not mask.spaces or query.is_empty:
        return NOTHING
    try:
        return engine().search(query, mask, kind, MOST_HITS)
    except EngineDown:
        return titles.search(query, mask, kind, MOST_HITS)


def _root_keys(found: Found, query: SearchQuery, scope: Scope, kind: Kind) -> list[int]:
    """Return the best post of each topic, or each article, best first, after every hit was checked again."""
    hits, rows = _still_readable(found.hits, scope, kind)
    by_topic = {row.root_id: row.title for row in rows.values()}
    topics = favour_titles(fold(hits), by_topic, " ".join(query.terms))
    return [topic.posts[0] for topic in _in_order(topics, rows, query.order)]


def _still_readable(hits: Collection[Hit], scope: Scope, kind: Kind) -> tuple[list[Hit], dict[int, AnyRow]]:
    """Keep the posts or articles that stand and may be read now, under the root they stand in now."""
    if not hits:
        return [], {}
    checked = (
        _CHECKED.where(readable(scope, _root.space_id, _root.label)) if kind == "post" else _CHECKED_ARTICLES
    )
    allowed = checked.where(
        Contribution.id.in_([hit.id for hit in hits]),
        readable(scope, Contribution.space_id, Contribution.label),
    )
    rows = {row.id: row for row in db.session.execute(allowed)}
    return [replace(hit, topic_id=rows[hit.id].root_id) for hit in hits if hit.id in rows], rows


def _in_order(topics: list[TopicHit], rows: Mapping[int, AnyRow], order: str) -> list[TopicHit]:
    if order == "best":
        return topics
    column = "created_at" if order == "latest" else "helpful"
    return sorted(
        topics, key=lambda topic: max(getattr(rows[post], column) for post in topic.posts), reverse=True
    )


def _rows(tab: Tab, keys: Sequence[int]) -> list[AnyRow]:
    """Read what the page shows, in the order of the keys."""
    if not keys:
        return []
    read = {
        "topics": _shown,
        "articles": _shown_articles,
        "members": documents.members,
        "organizations": documents.organizations,
    }[tab]
    by_key = {row.id: row for row in read(keys)}
    return [by_key[key] for key in keys if key in by_key]


def _shown(keys: Collection[int]) -> Sequence[AnyRow]:
    return db.session.execute(_SHOWN.where(Contribution.id.in_(keys))).all()


def _shown_articles(keys: Collection[int]) -> Sequence[AnyRow]:
    return db.session.execute(_SHOWN_ARTICLES.where(Article.id.in_(keys))).all()
