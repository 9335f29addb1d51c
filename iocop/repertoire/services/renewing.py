"""An article's time runs out, is renewed by another organization, or is called into question by one."""

from __future__ import annotations

from sqlalchemy import select

from iocop.contributions.models import Mark
from iocop.core import clock
from iocop.core.db import act
from iocop.core.events import emit
from iocop.core.versions import bump
from iocop.repertoire.events import ArticleRenewed, ArticleStale
from iocop.repertoire.models import Article, Spell
from iocop.repertoire.queries.confirmations import from_outside
from iocop.repertoire.renewal import review_date
from iocop.repertoire.services.spells import begin_spell, end_spell, forget_spell, spells_of

AT_ONCE = 200
"""Articles whose time ran out that one act ends."""


def weigh_mark(actor_id: int, article_id: int, kind: str) -> None:
    """Let a mark just given renew an article or end its time, inside the marking act.

    Only the voice of a verified organization other than the authors' and the owner's does either.
    """
    with act() as session:
        article, given = _standing(article_id), _newest(actor_id, article_id, kind)
        if article is None or given is None or not from_outside(given, article):
            return
        if kind == "works_here":
            article.renewed_at, article.review_by = given.at, review_date(article.kind, given.at)
            begin_spell(article, "confirmed")
            emit(ArticleRenewed(actor_id, article_id))
        elif end_spell(article_id, "outdated", given.at):
            article.review_by = given.at
            emit(ArticleStale(actor_id, article_id))
        session.flush()
        bump("repertoire", f"topic:{article_id}")


def weigh_withdrawal(article_id: int, kind: str) -> None:
    """Undo what a mark that was taken back did to an article's time, inside the withdrawing act."""
    with act() as session:
        article = _standing(article_id)
        if article is None:
            return
        left = _without_withdrawn(spells_of(article_id), article_id)
        if not left:
            return
        if _holds_again(left[0], kind, article):
            _run_on(article, left[0])
        elif left[0].ended_at is not None and article.review_by > left[0].ended_at:
            article.renewed_at, article.review_by = left[0].began_at, left[0].ended_at
        session.flush()
        bump("repertoire", f"topic:{article_id}")


def _run_on(article: Article, spell: Spell) -> None:
    """Have a spell that ended run on; it may be over by now."""
    spell.ended_at, spell.ended_by = None, ""
    article.renewed_at, article.review_by = spell.began_at, spell.due_at
    with act() as session:
        session.flush()
        if spell.due_at <= clock.now():
            end_spell(article.id, "stale", spell.due_at)
            emit(ArticleStale(None, article.id))


def _standing(article_id: int) -> Article | None:
    with act() as session:
        article = session.get(Article, article_id, with_for_update=True, populate_existing=True)
    return article if article is not None and article.retired_at is None else None


def _newest(member_id: int, article_id: int, kind: str) -> Mark | None:
    with act() as session:
        return session.scalar(
            select(Mark)
            .where(
                Mark.member_id == member_id,
                Mark.contribution_id == article_id,
                Mark.kind == kind,
                Mark.withdrawn_at.is_(None),
            )
            .order_by(Mark.id.desc())
            .limit(1)
        )


def _without_withdrawn(spells: list[Spell], article_id: int) -> list[Spell]:
    """Take the newest spells back whose confirmations do not stand any more; return what is left."""
    with act() as session:
        left = list(spells)
        while left and left[0].began_by == "confirmed":
            stands = select(Mark.id).where(
                Mark.contribution_id == article_id, Mark.kind == "works_here", Mark.at == left[0].began_at,
                Mark.withdrawn_at.is_(None),
            )  # fmt: skip
            if session.scalar(stands.limit(1)) is not None:
                break
            forget_spell(left.pop(0))
        return left


def _holds_again(spell: Spell, kind: str, article: Article) -> bool:
    """Say whether a spell that ended runs on: it was cut off by what is gone now, or is questioned by nobody else."""
    if kind == "works_here":
        return spell.ended_by == "renewed"
    with act() as session:
        doubts = session.scalars(
            select(Mark).where(
                Mark.contribution_id == article.id,
                Mark.kind == "outdated",
                Mark.withdrawn_at.is_(None),
                Mark.at >= spell.began_at,
            )
        )
        return spell.ended_by == "outdated" and not any(from_outside(doubt, article) for doubt in doubts)


def end_due() -> int:
    """End the spells whose day has come; return how many, at most `AT_ONCE`."""
    with act() as session:
        due = session.execute(
            select(Spell, Article)
            .join(Article, Article.id == Spell.article_id)
            .where(Spell.ended_at.is_(None), Spell.due_at <= clock.now())
            .order_by(Spell.due_at, Spell.id)
            .limit(AT_ONCE)
            .with_for_update()
        ).all()
        for spell, article in due:
            spell.ended_at, spell.ended_by = spell.due_at, "stale"
            session.flush()
            emit(ArticleStale(None, article.id))
        if due:
            bump("repertoire", *(f"topic:{article.id}" for _, article in due))
    return len(due)
