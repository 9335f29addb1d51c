"""Articles written at once with their whole history, for imports and the demo: one act and one event a call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import current_app
from sqlalchemy import delete, select

from iocop.contributions.events import ContributionsLoaded
from iocop.contributions.models import Contribution, ContributionDomain, ContributionTag, Revision
from iocop.contributions.services.loading import new_ids, write_rows
from iocop.core import clock
from iocop.core.db import act
from iocop.core.events import emit
from iocop.core.versions import bump
from iocop.repertoire.links import things_linked
from iocop.repertoire.models import Article, ArticleAlias, Credit, Spell, TextLink, WikiLink
from iocop.repertoire.services.batch import BulkAlias, BulkArticle, BulkTurn
from iocop.repertoire.titles import key, linked_titles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from iocop.contributions.services.loading import BulkRevision

__all__ = ["BulkAlias", "BulkArticle", "BulkTurn", "add_turns", "write_aliases", "write_articles"]

LONGEST_TITLE = 200


def write_articles(articles: Sequence[BulkArticle]) -> list[int]:
    """Write articles in one act; return their ids, in order.

    Texts are rendered before. The time each is taken to hold begins now.

    Raises:
        IntegrityError: a member, space, domain or tag that does not exist, or a source id that stands already.
        ValueError: an article without a revision.
    """
    if not all(article.revisions for article in articles):
        raise ValueError("an article without a revision")
    if not articles:
        return []
    now = clock.now()
    with act() as session:
        ids = list(new_ids(session, len(articles)))
        placed = list(zip(ids, articles, strict=True))
        write_rows(session, Contribution, (_contribution(*each) for each in placed))
        write_rows(session, Revision, (row for key_, article in placed for row in _revisions(key_, article)))
        write_rows(session, Article, (_article(*each, now) for each in placed))
        write_rows(session, Spell, (_spell(*each, now) for each in placed))
        write_rows(session, WikiLink, (row for key_, article in placed for row in _links(key_, article.html)))
        write_rows(
            session, TextLink, (row for key_, article in placed for row in _addresses(key_, article.html))
        )
        write_rows(
            session, Credit, (row for key_, article in placed for row in _shares(key_, article.credits))
        )
        write_rows(session, ContributionDomain, (row for each in placed for row in _domains(*each)))
        write_rows(session, ContributionTag, (row for each in placed for row in _tags(*each)))
        _loaded(ids)
    return ids


def add_turns(turns: Sequence[BulkTurn]) -> None:
    """Write later revisions of articles that stand, in one act; the last of each becomes its text.

    Raises:
        IntegrityError: a member that does not exist.
        ValueError: a turn without a revision.
    """
    if not all(turn.revisions for turn in turns):
        raise ValueError("a turn without a revision")
    if not turns:
        return
    with act() as session:
        for turn in turns:
            _turn(session, turn)
        _loaded(list(dict.fromkeys(turn.article_id for turn in turns)))


def write_aliases(aliases: Iterable[BulkAlias]) -> int:
    """Let other titles lead to articles, where they lead nowhere yet; return how many do from now on."""
    wanted = {key(alias.title): alias for alias in reversed(list(aliases)) if key(alias.title)}
    with act() as session:
        for taken in (
            select(Article.title_key).where(Article.title_key.in_(wanted)),
            select(ArticleAlias.key).where(ArticleAlias.key.in_(wanted)),
        ):
            for word in session.scalars(taken).all():
                wanted.pop(word, None)
        write_rows(
            session,
            ArticleAlias,
            (
                {"key": word, "title": alias.title[:LONGEST_TITLE], "article_id": alias.article_id}
                for word, alias in wanted.items()
            ),
        )
        if wanted:
            _loaded(sorted({alias.article_id for alias in wanted.values()}))
    return len(wanted)


def _loaded(article_ids: Sequence[int]) -> None:
    bump("repertoire", "topics", *(f"topic:{article_id}" for article_id in article_ids))
    emit(ContributionsLoaded(actor_id=None, root_ids=tuple(article_ids)))


def _turn(session: Session, turn: BulkTurn) -> None:
    thing = session.get_one(Contribution, turn.article_id, with_for_update=True, populate_existing=True)
    article = session.get_one(Article, turn.article_id)
    last = turn.revisions[-1]
    write_rows(session, Revision, _numbered(thing.id, turn.revisions, thing.version + 1))
    thing.text, thing.html, thing.plain, thing.renderer = last.text, turn.html, turn.plain, turn.renderer
    thing.version, thing.edited_at = thing.version + len(turn.revisions), last.at
    article.published_at = last.at
    if last.title and last.title != article.title:
        article.title, article.title_key = last.title, key(last.title)
    for table in (WikiLink, TextLink):
        session.execute(delete(table).where(table.article_id == thing.id))
    session.flush()
    write_rows(session, WikiLink, _links(thing.id, turn.html))
    write_rows(session, TextLink, _addresses(thing.id, turn.html))
    if turn.credits:
        session.execute(delete(Credit).where(Credit.article_id == thing.id))
        write_rows(session, Credit, _shares(thing.id, turn.credits))


def _contribution(article_id: int, article: BulkArticle) -> dict[str, Any]:
    last = article.revisions[-1]
    return {
        "id": article_id,
        "kind": "article",
        "author_id": article.author_id,
        "byline": "named",
        "root_id": article_id,
        "position": 1,
        "space_id": article.space_id,
        "label": article.label,
        "language": article.language,
        "licence": article.licence,
        "version": len(article.revisions),
        "state": "visible",
        "submission_key": f"loaded-{article_id}",
        "source": article.source,
        "source_id": article.source_id,
        "attribution": article.attribution,
        "created_at": article.at,
        "edited_at": last.at if len(article.revisions) > 1 else None,
        "text": last.text,
        "html": article.html,
        "plain": article.plain,
        "renderer": article.renderer,
    }


def _revisions(article_id: int, article: BulkArticle) -> Iterator[dict[str, Any]]:
    return _numbered(article_id, article.revisions, 1)


def _numbered(article_id: int, revisions: Sequence[BulkRevision], first: int) -> Iterator[dict[str, Any]]:
    for number, revision in enumerate(revisions, first):
        yield {
            "contribution_id": article_id,
            "number": number,
            "editor_id": revision.editor_id,
            "organization_id": revision.organization_id,
            "at": revision.at,
            "reason": revision.reason,
            "title": revision.title,
            "text": revision.text,
        }


def _article(article_id: int, article: BulkArticle, now: datetime) -> dict[str, Any]:
    return {
        "id": article_id,
        "kind": article.kind,
        "title": article.title,
        "title_key": key(article.title),
        "summary": article.summary,
        "listed": True,
        "standing": article.standing,
        "owner_id": article.owner_id,
        "deputy_id": article.deputy_id,
        "product": article.product,
        "versions": article.versions,
        "standard": article.standard,
        "region": article.region,
        "published_at": article.revisions[-1].at,
        "renewed_at": now,
        "review_by": article.review_by,
    }


def _spell(article_id: int, article: BulkArticle, now: datetime) -> dict[str, Any]:
    began_by = "imported" if article.standing == "imported" else "published"
    return {"article_id": article_id, "began_at": now, "began_by": began_by, "due_at": article.review_by}


def _links(article_id: int, html: str) -> Iterator[dict[str, Any]]:
    for word, title in linked_titles(html).items():
        yield {"article_id": article_id, "key": word, "title": title}


def _addresses(article_id: int, html: str) -> Iterator[dict[str, Any]]:
    for kind, target in things_linked(html, current_app.extensions["settings"].base_url):
        yield {"article_id": article_id, "kind": kind, "target_id": target}


def _shares(article_id: int, credits_: Mapping[int, int]) -> Iterator[dict[str, Any]]:
    for member_id, share in sorted(credits_.items(), key=lambda each: (-each[1], each[0])):
        yield {"article_id": article_id, "member_id": member_id, "sealed": False, "share": share}


def _domains(article_id: int, article: BulkArticle) -> Iterator[dict[str, Any]]:
    for position, domain_id in enumerate(article.domain_ids):
        yield {"contribution_id": article_id, "domain_id": domain_id, "position": position}


def _tags(article_id: int, article: BulkArticle) -> Iterator[dict[str, Any]]:
    for tag_id in article.tag_ids:
        yield {"contribution_id": article_id, "tag_id": tag_id}
