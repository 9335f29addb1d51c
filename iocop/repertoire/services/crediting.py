"""Whose words an article's present text is: kept beside it whenever it is published."""

from __future__ import annotations

from sqlalchemy import delete, select

from iocop.contributions.models import Contribution, Revision
from iocop.core.db import act
from iocop.repertoire.models import Credit


def write_credits(article_id: int) -> None:
    """Compute an article's credit shares anew and keep them, inside the publishing act."""
    with act() as session:
        session.execute(delete(Credit).where(Credit.article_id == article_id))
        thing = session.get_one(Contribution, article_id)
        editor = session.scalars(
            select(Revision).where(Revision.contribution_id == article_id, Revision.number == thing.version)
        ).one()
        session.add(
            Credit(
                article_id=article_id,
                member_id=editor.editor_id,
                organization_id=editor.organization_id,
                share=10_000,
            )
        )
        session.flush()
