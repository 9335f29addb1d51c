"""The rows that decide, read anew and locked inside the act."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from iocop.core.db import act
from iocop.core.errors import Missing
from iocop.repertoire.models import Article, Proposal


def proposal_row(proposal_id: int) -> Proposal:
    """Return a proposal's row, locked until the act ends.

    Raises:
        Missing: there is none.
    """
    with act() as session:
        row = session.get(Proposal, proposal_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Missing(_l("There is no such suggestion, or it is not open to you."))
    return row


def article_row(article_id: int | None) -> Article:
    """Return an article's row, locked until the act ends.

    Raises:
        Missing: there is none.
    """
    with act() as session:
        row = (
            session.get(Article, article_id, with_for_update=True, populate_existing=True)
            if article_id is not None
            else None
        )
    if row is None:
        raise Missing(_l("There is no such article, or it is not open to you."))
    return row
