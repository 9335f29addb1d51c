"""The engine of last resort: titles and names straight from the database, while there is no index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, or_, select

from iocop.contributions.models import Contribution
from iocop.core.db import db
from iocop.forums.models import Topic
from iocop.members.models import Member
from iocop.organizations.models import Organization
from iocop.repertoire.models import Article
from iocop.search.analysis import without_stop_words
from iocop.search.documents import FOUND_STATES
from iocop.search.port import NOTHING, Found, Hit
from iocop.spaces.policy import readable
from iocop.spaces.queries import Scope

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select

    from iocop.search.port import Kind, Mask
    from iocop.search.query import SearchQuery


def search(query: SearchQuery, mask: Mask, kind: Kind, limit: int) -> Found:
    """Find what has every word in its title or name, newest first."""
    if query.is_empty or not mask.spaces:
        return NOTHING
    column, rows = _looked_at(mask, kind)
    wanted = and_(
        *(_holds(column, text) for text in (*query.terms, *query.phrases)),
        *(~_holds(column, text) for text in query.excluded),
    )
    return _found(rows.where(wanted), kind, limit)


def similar(text: str, mask: Mask, kind: Kind, limit: int) -> Found:
    """Find topics or articles whose title has one of the rarer words of a text."""
    telling = [word for word in without_stop_words(text.split()[:12], ["en"]) if len(word) > 3]
    if not telling or not mask.spaces:
        return NOTHING
    column, rows = _looked_at(mask, kind)
    return _found(rows.where(or_(*(_holds(column, word) for word in telling))), kind, limit)


def _looked_at(mask: Mask, kind: Kind) -> tuple[Any, Select[Any]]:
    if kind == "member":
        visible = and_(Member.state.in_(FOUND_STATES), Member.claimed_by_id.is_(None))
        return Member.name, select(Member.id).where(visible).order_by(Member.id.desc())
    if kind == "organization":
        unmerged = Organization.merged_into_id.is_(None)
        return Organization.name, select(Organization.id).where(unmerged).order_by(Organization.id.desc())
    scope = Scope(member=mask.member, spaces=mask.spaces)
    open_to_them = (
        Contribution.state == "visible", readable(scope, Contribution.space_id, Contribution.label)
    )  # fmt: skip
    if kind == "article":
        articles = select(Article.id).join(Contribution, Contribution.id == Article.id)
        listed = and_(Article.listed, Article.retired_how != "merged")
        return Article.title, articles.where(listed, *open_to_them).order_by(Article.renewed_at.desc())
    topics = select(Topic.id).join(Contribution, Contribution.id == Topic.id)
    return Topic.title, topics.where(Topic.listed, *open_to_them).order_by(Topic.last_post_at.desc())


def _holds(column: Any, text: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = func.lower(column).contains(text.lower(), autoescape=True)
    return found


def _found(rows: Select[Any], kind: Kind, limit: int) -> Found:
    keys = list(db.session.scalars(rows.limit(limit)))
    hits = [
        Hit(kind, key, key if kind in {"post", "article"} else 0, float(limit - place))
        for place, key in enumerate(keys)
    ]
    return Found(tuple(hits), len(hits), from_titles=True)
