"""How long an article was taken to hold: spells begin and end here, and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from iocop.core import clock
from iocop.core.db import act
from iocop.repertoire.models import Spell

if TYPE_CHECKING:
    from iocop.repertoire.models import Article


def begin_spell(article: Article, by: str) -> Spell:
    """Begin a spell that lasts until the article's review date; one that still runs is cut off as ``renewed``.

    Args:
        by: ``published``, ``confirmed`` or ``imported``.
    """
    with act() as session:
        end_spell(article.id, "renewed")
        spell = Spell(
            article_id=article.id, began_at=article.renewed_at, began_by=by, due_at=article.review_by
        )
        session.add(spell)
        session.flush()
    return spell


def end_spell(article_id: int, by: str) -> bool:
    """End the spell that runs, as ``stale``, ``outdated``, ``retired`` or ``renewed``; say whether one ran."""
    with act() as session:
        running = session.scalar(
            select(Spell).where(Spell.article_id == article_id, Spell.ended_at.is_(None)).with_for_update()
        )
        if running is None:
            return False
        running.ended_at, running.ended_by = clock.now(), by
        session.flush()
    return True
