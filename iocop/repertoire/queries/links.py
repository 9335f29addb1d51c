"""What links to an article, and which links of published texts lead nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import String, and_, case, cast, func, literal, or_, select, union_all

from iocop.contributions.models import Attachment, Contribution, Link
from iocop.core.db import alias_of, db
from iocop.forums.models import Topic
from iocop.repertoire.models import Article, ArticleAlias, Proposal, TextLink, WikiLink
from iocop.spaces.policy import readable
from iocop.spaces.queries import scope_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Select

    from iocop.core.login import Viewer

PER_PAGE = 50

_Root = alias_of(Contribution)
_Target = alias_of(Contribution)
_TargetArticle = alias_of(Article)


class Referring(NamedTuple):
    """Something that links to an article.

    Attributes:
        kind: ``article``, ``topic`` or ``proposal``.
        how: ``linked``, ``quoted`` or ``duplicate``.
    """

    id: int
    title: str
    kind: str
    how: str


def what_links_here(viewer: Viewer, article: Article) -> list[Referring]:
    """Return what links to an article, by title or by address, as far as the viewer may read it; each once."""
    found: dict[int, Referring] = {}
    for row in (*_by_title(viewer, article), *_by_address(viewer, article.id)):
        found.setdefault(row.id, row)
    return sorted(found.values(), key=lambda each: (each.kind, each.title.casefold(), each.id))


def _by_title(viewer: Viewer, article: Article) -> list[Referring]:
    others = select(ArticleAlias.key).where(ArticleAlias.article_id == article.id)
    rows = db.session.execute(
        select(Article.id, Article.title)
        .join(WikiLink, WikiLink.article_id == Article.id)
        .join(Contribution, Contribution.id == Article.id)
        .where(
            or_(WikiLink.key == article.title_key, WikiLink.key.in_(others)),
            Article.id != article.id,
            Article.listed,
            readable(scope_of(viewer), Contribution.space_id, Contribution.label),
        )
        .distinct()
    )
    return [Referring(row.id, row.title, "article", "linked") for row in rows]


def _by_address(viewer: Viewer, article_id: int) -> list[Referring]:
    """Return what links to it by address: posts count as their topic; a thread noted as asking the same is no link."""
    rows = db.session.execute(
        select(
            Contribution.root_id, Link.kind, Article.title.label("article"), Topic.title.label("topic"),
            Proposal.title.label("proposal"),
        )
        .join(Contribution, Contribution.id == Link.from_id)
        .join(_Root, _Root.id == Contribution.root_id)
        .outerjoin(Article, Article.id == Contribution.root_id)
        .outerjoin(Topic, Topic.id == Contribution.root_id)
        .outerjoin(Proposal, and_(Proposal.id == Contribution.root_id, Proposal.status != "published"))
        .where(
            Link.to_id == article_id,
            Contribution.root_id != article_id,
            Contribution.state == "visible",
            _Root.state == "visible",
            readable(scope_of(viewer), Contribution.space_id, Contribution.label),
        )
        .order_by(Link.kind, Contribution.root_id)
    )  # fmt: skip
    return [
        Referring(row.root_id, row.article or row.topic or row.proposal, _kind(row), row.kind)
        for row in rows
        if row.article or row.proposal or (row.topic and row.kind != "duplicate")
    ]


def _kind(row: object) -> str:
    return next(kind for kind in ("article", "topic", "proposal") if getattr(row, kind))


class Broken(NamedTuple):
    """A link of a published text that leads nowhere.

    Attributes:
        words: the title in double brackets, or the address.
        why: ``unwritten`` (no article has this title), ``gone`` (it was removed) or ``never`` (there was none).
    """

    article_id: int
    title: str
    words: str
    why: str


class Report(NamedTuple):
    """One page of the links that lead nowhere, by article.

    Attributes:
        articles: how many articles have any.
        unwritten, gone: how many links lead to titles nobody has written, and to what is not there.
    """

    rows: Sequence[Broken]
    articles: int
    unwritten: int
    gone: int


def broken(viewer: Viewer, number: int) -> Report:
    """Return the links that lead nowhere, of articles the viewer may read, in a constant number of statements."""
    may = and_(
        Article.listed,
        Article.retired_how == "",
        readable(scope_of(viewer), Contribution.space_id, Contribution.label),
    )
    every = union_all(_unwritten(may), _gone(may)).subquery()
    counts = {
        row[0]: row[1] for row in db.session.execute(select(every.c.why, func.count()).group_by(every.c.why))
    }
    articles = db.session.scalar(select(func.count(every.c.article_id.distinct()))) or 0
    rows = db.session.execute(
        select(every)
        .order_by(every.c.title, every.c.article_id, every.c.words)
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
    )
    shown = [Broken(row.article_id, row.title, row.words, row.why) for row in rows]
    unwritten = counts.get("unwritten", 0)
    return Report(shown, articles, unwritten, sum(counts.values()) - unwritten)


def _unwritten(may: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Links in double brackets to titles that no article has, nor ever had."""
    written = select(_TargetArticle.id).where(_TargetArticle.title_key == WikiLink.key, _TargetArticle.listed)
    called = select(ArticleAlias.id).where(ArticleAlias.key == WikiLink.key)
    return (
        select(
            Article.id.label("article_id"), Article.title, WikiLink.title.label("words"),
            literal("unwritten").label("why"),
        )
        .join(WikiLink, WikiLink.article_id == Article.id)
        .join(Contribution, Contribution.id == Article.id)
        .where(may, ~written.exists(), ~called.exists())
    )  # fmt: skip


def _gone(may: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Links by address to what was removed, or never was."""
    missing = or_(
        and_(TextLink.kind != "attachments", or_(_Target.id.is_(None), _Target.state == "removed")),
        and_(
            TextLink.kind == "attachments", or_(Attachment.id.is_(None), Attachment.removed_at.is_not(None))
        ),
    )
    known = or_(_Target.id.is_not(None), Attachment.id.is_not(None))
    return (
        select(
            Article.id.label("article_id"), Article.title,
            (literal("/") + TextLink.kind + literal("/") + cast(TextLink.target_id, String)).label("words"),
            case((known, "gone"), else_="never").label("why"),
        )
        .join(TextLink, TextLink.article_id == Article.id)
        .join(Contribution, Contribution.id == Article.id)
        .outerjoin(_Target, and_(_Target.id == TextLink.target_id, TextLink.kind != "attachments"))
        .outerjoin(Attachment, and_(Attachment.id == TextLink.target_id, TextLink.kind == "attachments"))
        .where(may, missing)
    )  # fmt: skip
