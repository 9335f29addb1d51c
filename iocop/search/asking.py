"""A saved search asked anew: by the same parser and planner as the page, within what its member may read now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from sqlalchemy import and_, func, or_, select

from iocop.contributions.models import Attachment, Contribution
from iocop.core.db import alias_of, db
from iocop.forums.models import Topic
from iocop.organizations.models import MemberCard, Organization
from iocop.repertoire.models import Article
from iocop.repertoire.queries.glossary import words_for
from iocop.repertoire.titles import key
from iocop.search.indexer import engine
from iocop.search.plan import Bounds, Plan
from iocop.search.planning import plan_of
from iocop.search.port import EVERYWHERE, KINDS, Mask
from iocop.search.query import parse
from iocop.search.resolving import resolve
from iocop.search.synonyms import meanings
from iocop.spaces.policy import readable
from iocop.spaces.queries import scope_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import ColumnElement, Row, Select

    from iocop.core.login import Viewer
    from iocop.search.port import Kind

KIND_OF: Final[dict[str, Kind]] = {"topics": "post", "articles": "article", "files": "file"}
"""What documents a tab shows, of those a member can be told of."""

ROOT = alias_of(Contribution)
STANDS: Final[ColumnElement[bool]] = and_(
    Contribution.state == "visible",
    ROOT.state == "visible",
    or_(Topic.listed, and_(Article.listed, Article.retired_how != "merged")),
)
"""Of what can be found: posts, articles, and what shows a file."""
_ENTRIES: Final[Select[*tuple[Any, ...]]] = (
    select(
        Contribution.id, Contribution.root_id, Contribution.created_at, Contribution.label, Contribution.plain,
        Contribution.byline, ROOT.label.label("root_label"), MemberCard.name.label("author"),
        Organization.name.label("organization"), func.coalesce(Topic.title, Article.title).label("title"),
        Article.renewed_at, Article.id.label("article_id"),
    )
    .join(ROOT, ROOT.id == Contribution.root_id)
    .outerjoin(Topic, Topic.id == ROOT.id)
    .outerjoin(Article, Article.id == ROOT.id)
    .outerjoin(MemberCard, MemberCard.member_id == Contribution.author_id)
    .outerjoin(Organization, Organization.id == Contribution.organization_id)
    .where(STANDS)
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What a member looks for, and where.

    Attributes:
        plan: every word is needed: some of them are no news.
    """

    plan: Plan
    mask: Mask


def asked(viewer: Viewer, text: str) -> Asked:
    """Return what a text looks for when this member asks for it at this moment."""
    scope = scope_of(viewer)
    query = parse(text)
    query = replace(query, also=meanings(query.terms, words_for(viewer).together, key))
    plan = plan_of(query, resolve(viewer, scope, query).bounds, engine().languages())
    return Asked(replace(plan, needs="all"), Mask(scope.spaces | {EVERYWHERE}, scope.member))


@lru_cache(maxsize=5_000)
def words_alone(text: str, languages: frozenset[str]) -> Plan:
    """Return the plan of a text without its filters and without synonyms."""
    return replace(plan_of(parse(text), Bounds(), languages), needs="all")


def newest(viewer: Viewer, text: str, tab: str, limit: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the newest of what a member's search finds, each topic once, read from the database.

    Raises:
        EngineDown: there is no index at this moment.
    """
    wanted = asked(viewer, text)
    if wanted.plan.is_empty:
        return ()
    matches = engine().search(wanted.plan, wanted.mask)
    rows = np.flatnonzero(matches.whole & (matches.kinds == KINDS.index(KIND_OF[tab])))
    rows = rows[np.lexsort((-matches.ids[rows], -matches.at[rows]))]
    if tab == "topics":
        rows = rows[np.sort(np.unique(matches.topics[rows], return_index=True)[1])]
    keys = [int(key) for key in matches.ids[rows[: limit * 2]]]
    return entries(viewer, tab, keys)[:limit]


def entries(viewer: Viewer, tab: str, keys: Collection[int]) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return what may be read now of some documents of a tab, in their order."""
    scope = scope_of(viewer)
    found = _ENTRIES.where(
        readable(scope, Contribution.space_id, Contribution.label), readable(scope, ROOT.space_id, ROOT.label)
    )
    if tab == "files":
        found = found.add_columns(Attachment.id.label("found_id"), Attachment.name.label("file"))
        found = found.join(Attachment, Attachment.contribution_id == Contribution.id)
        found = found.where(Attachment.id.in_(keys), Attachment.removed_at.is_(None))
    else:
        found = found.add_columns(Contribution.id.label("found_id")).where(Contribution.id.in_(keys))
    rows = {row.found_id: row for row in db.session.execute(found)} if keys else {}
    return [rows[key] for key in keys if key in rows]
