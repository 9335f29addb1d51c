"""How long an article was taken to hold: spells begin and end here, and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from iocop.core import clock
from iocop.core.db import act
from iocop.repertoire.models import Reminder, Spell

if TYPE_CHECKING:
    from datetime import datetime

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


def end_spell(article_id: int, by: str, at: datetime | None = None) -> bool:
    """End the spell that runs, as ``stale``, ``outdated``, ``retired`` or ``renewed``; say whether one ran.

    Args:
        at: when it ended, where that is not now.
    """
    with act() as session:
        running = session.scalar(
            select(Spell).where(Spell.article_id == article_id, Spell.ended_at.is_(None)).with_for_update()
        )
        if running is None:
            return False
        running.ended_at, running.ended_by = at or clock.now(), by
        session.flush()
    return True


def spells_of(article_id: int) -> list[Spell]:
    """Return an article's spells, the newest first."""
    with act() as session:
        rows = select(Spell).where(Spell.article_id == article_id).order_by(Spell.id.desc())
        return list(session.scalars(rows.with_for_update()))


def forget_spell(spell: Spell) -> None:
    """Take a spell back that rested on a confirmation which was withdrawn."""
    with act() as session:
        session.execute(delete(Reminder).where(Reminder.spell_id == spell.id))
        session.delete(spell)
        session.flush()
