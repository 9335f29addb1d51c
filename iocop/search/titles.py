"""The engine of last resort: titles and names straight from the database, while there is no index."""

from __future__ import annotations

from datetime import MAXYEAR, UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import and_, false, func, or_, select, true

from iocop.contributions.models import Attachment, Contribution, ContributionDomain, ContributionTag
from iocop.core.db import alias_of, db
from iocop.forums.models import Topic
from iocop.members.models import Member
from iocop.organizations.models import Organization
from iocop.repertoire.models import Article
from iocop.search.analysis import without_stop_words
from iocop.search.documents import FOUND_STATES
from iocop.search.matches import NOTHING, Listed, Row
from iocop.spaces.models import Space
from iocop.spaces.policy import readable
from iocop.spaces.queries import Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sqlalchemy import ColumnElement, Select

    from iocop.search.plan import Bounds
    from iocop.search.port import Kind, Mask, Matches
    from iocop.search.query import SearchQuery

MOST: Final = 1000
"""Of each kind."""
_TELLING: Final = 4
"""Letters of a word that says what a title is about."""

_root = alias_of(Contribution)


class _Looked(NamedTuple):
    """How one kind is looked through: the column that words stand in, and the rows with id, topic, when and votes."""

    kind: Kind
    column: Any
    rows: Select[*tuple[Any, ...]]


def search(query: SearchQuery, bounds: Bounds, mask: Mask) -> Matches:
    """Find what has every word in its title or name, newest first; filters count as far as the database knows them."""
    if query.is_empty or not mask.spaces:
        return NOTHING
    found: list[Row] = []
    for looked in _kinds(mask):
        wanted = and_(
            *(_holds(looked.column, text) for text in (*query.terms, *query.phrases)),
            *(~_holds(looked.column, text) for text in query.excluded),
            *_within(looked.kind, bounds),
        )
        found += _found(looked, wanted)
    return Listed(found, from_titles=True)


def similar(text: str, mask: Mask) -> Matches:
    """Find topics and articles whose title has one of the rarer words of a text."""
    words = without_stop_words(text.split()[:12], ["en"])
    telling = [word for word in words if len(word) >= _TELLING]
    if not telling or not mask.spaces:
        return NOTHING
    given = [looked for looked in _kinds(mask) if looked.kind in {"post", "article"}]
    wanted = [or_(*(_holds(looked.column, word) for word in telling)) for looked in given]
    rows = [row for looked, condition in zip(given, wanted, strict=True) for row in _found(looked, condition)]
    return Listed(rows, from_titles=True)


def beginning(words: Iterable[str], mask: Mask, limit: int) -> list[tuple[Kind, int]]:
    """Find what has all words in its title or name, for suggestions: kinds and ids."""
    rows = [
        row for looked in _kinds(mask) if looked.kind != "file"
        for row in _found(looked, and_(*(_holds(looked.column, word) for word in words)), limit)
    ]  # fmt: skip
    return [(row.kind, row.id) for row in rows]


def _kinds(mask: Mask) -> list[_Looked]:
    scope = Scope(member=mask.member, spaces=mask.spaces)
    open_to_them = (
        Contribution.state == "visible",
        readable(scope, Contribution.space_id, Contribution.label),
    )
    topics = select(Topic.id, Topic.id, Contribution.created_at, Contribution.helpful)
    articles = select(Article.id, Article.id, Article.renewed_at, Contribution.works_here)
    files = select(Attachment.id, Contribution.root_id, Attachment.created_at, Contribution.helpful)
    return [
        _Looked("post", Topic.title, topics.join(Contribution, Contribution.id == Topic.id)
                .where(Topic.listed, *open_to_them).order_by(Topic.last_post_at.desc())),
        _Looked("article", Article.title, articles.join(Contribution, Contribution.id == Article.id)
                .where(Article.listed, Article.retired_how != "merged", *open_to_them)
                .order_by(Article.renewed_at.desc())),
        _Looked("member", Member.name, select(Member.id)
                .where(Member.state.in_(FOUND_STATES), Member.claimed_by_id.is_(None)).order_by(Member.id.desc())),
        _Looked("organization", Organization.name, select(Organization.id)
                .where(Organization.merged_into_id.is_(None)).order_by(Organization.id.desc())),
        _Looked("file", Attachment.name, files.join(Contribution, Contribution.id == Attachment.contribution_id)
                .join(_root, _root.id == Contribution.root_id)
                .where(Attachment.removed_at.is_(None), _root.state == "visible",
                       readable(scope, _root.space_id, _root.label), *open_to_them)
                .order_by(Attachment.id.desc())),
        _Looked("space", Space.name, select(Space.id).where(Space.id.in_(mask.spaces)).order_by(Space.id.desc())),
    ]  # fmt: skip


def _found(looked: _Looked, wanted: ColumnElement[bool], limit: int = MOST) -> list[Row]:
    rows = db.session.execute(looked.rows.where(wanted).limit(limit)).all()
    return [_row(looked.kind, found, len(rows) - place) for place, found in enumerate(rows)]


def _row(kind: Kind, found: Any, score: float) -> Row:
    if len(found) == 1:
        return Row(kind, found[0], 0, score)
    key, topic_id, at, votes = found
    return Row(kind, key, topic_id, score, at=int(at.timestamp()), votes=votes)


def _holds(column: Any, text: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = func.lower(column).contains(text.lower(), autoescape=True)
    return found


def _within(kind: Kind, bounds: Bounds) -> list[ColumnElement[bool]]:
    """Return the bounds as conditions; a key that the database does not tell of a kind is one that nothing has."""
    found = [or_(false(), *(_has(kind, key) for key in keys)) for keys in bounds.all_of]
    found += [~_has(kind, key) for key in bounds.none_of]
    dated = kind in {"post", "article", "file"}
    for limit, at_least in ((bounds.after, True), (bounds.before, False)):
        if limit is not None and dated:
            moment = datetime.fromtimestamp(limit, UTC)
            found.append(Contribution.created_at >= moment if at_least else Contribution.created_at < moment)
        elif limit is not None:
            found.append(false())
    return found


def _has(kind: Kind, key: str) -> ColumnElement[bool]:
    name, _equals, value = key.partition("=")
    if name == "kind":
        return true() if value == kind else false()
    own = {
        ("member", "author"): Member.id,
        ("organization", "org"): Organization.id,
        ("space", "space"): Space.id,
    }
    if (kind, name) in own:
        return own[kind, name] == int(value)
    if kind == "post" and name == "status":
        return and_(Topic.kind == "question", Topic.accepted_id.is_not(None) == (value == "solved"))
    if kind not in {"post", "article", "file"} or name not in _CONDITIONS:
        return false()
    return _CONDITIONS[name](value)


def _in_year(year: int) -> ColumnElement[bool]:
    since: ColumnElement[bool] = Contribution.created_at >= datetime(year, 1, 1, tzinfo=UTC)
    if year == MAXYEAR:  # with which the calendar ends
        return since
    return and_(since, Contribution.created_at < datetime(year + 1, 1, 1, tzinfo=UTC))


_CONDITIONS: Final[dict[str, Callable[[str], ColumnElement[bool]]]] = {
    "space": lambda value: Contribution.space_id == int(value),
    "lang": lambda value: Contribution.language.startswith(value, autoescape=True),
    "author": lambda value: and_(Contribution.author_id == int(value), Contribution.byline != "sealed"),
    "org": lambda value: and_(
        Contribution.organization_id.is_not_distinct_from(int(value)), Contribution.byline == "named"
    ),
    "domain": lambda value: Contribution.root_id.in_(
        select(ContributionDomain.contribution_id).where(ContributionDomain.domain_id == int(value))
    ),
    "tag": lambda value: Contribution.root_id.in_(
        select(ContributionTag.contribution_id).where(ContributionTag.tag_id == int(value))
    ),
    "year": lambda value: _in_year(int(value)),
}
