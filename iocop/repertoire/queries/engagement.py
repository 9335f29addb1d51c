"""Who keeps the repertoire: articles one person looks after alone, and those several organizations wrote."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import func, select, union

from iocop.contributions.models import Contribution, Mark, Revision
from iocop.core import clock
from iocop.core.db import db
from iocop.repertoire.models import Article, Proposal, Review
from iocop.repertoire.queries.freshness import standing_to
from iocop.repertoire.renewal import FEWEST

if TYPE_CHECKING:
    from sqlalchemy import CompoundSelect

    from iocop.core.login import Viewer

YEAR: Final = timedelta(days=365)
TOGETHER: Final = 2


class Engagement(NamedTuple):
    """How many of some articles fewer than two people worked with in a year, and two organizations wrote.

    Attributes:
        articles: that stand.
        lone: None where there are too few articles to tell.
        together: of them, whose revisions were saved for at least two organizations, as they were at that time.
    """

    articles: int
    lone: int | None
    together: int | None


def engagement(viewer: Viewer) -> Engagement:
    """Return it for the articles a viewer may read."""
    standing = (
        select(Article.id).join(Contribution, Contribution.id == Article.id).where(standing_to(viewer))
    ).subquery()
    total = db.session.scalar(select(func.count()).select_from(standing)) or 0
    if total < FEWEST:
        return Engagement(total, None, None)
    people = _people().subquery()
    engaged = (
        select(people.c.article)
        .where(people.c.article.in_(select(standing.c.id)))
        .group_by(people.c.article)
        .having(func.count(people.c.member.distinct()) >= TOGETHER)
        .subquery()
    )
    wrote = (
        select(Revision.contribution_id)
        .where(Revision.contribution_id.in_(select(standing.c.id)))
        .group_by(Revision.contribution_id)
        .having(func.count(Revision.organization_id.distinct()) >= TOGETHER)
        .subquery()
    )
    with_others = db.session.scalar(select(func.count()).select_from(engaged)) or 0
    return Engagement(
        total, total - with_others, db.session.scalar(select(func.count()).select_from(wrote)) or 0
    )


def _people() -> CompoundSelect[Any]:
    """Whoever wrote, reviewed, confirmed or discussed an article within a year; reading is not watched."""
    since = clock.now() - YEAR
    return union(
        select(Revision.contribution_id.label("article"), Revision.editor_id.label("member"))
        .join(Article, Article.id == Revision.contribution_id)
        .where(Revision.at > since),
        select(Proposal.article_id, Review.reviewer_id)
        .join(Proposal, Proposal.id == Review.proposal_id)
        .where(Review.at > since, Proposal.article_id.is_not(None)),
        select(Proposal.article_id, Contribution.author_id)
        .join(Proposal, Proposal.id == Contribution.id)
        .where(Contribution.created_at > since, Proposal.article_id.is_not(None)),
        select(Mark.contribution_id, Mark.member_id)
        .join(Article, Article.id == Mark.contribution_id)
        .where(Mark.at > since, Mark.withdrawn_at.is_(None), Mark.kind != "helpful"),
        select(Contribution.root_id, Contribution.author_id)
        .join(Article, Article.id == Contribution.root_id)
        .where(Contribution.created_at > since, Contribution.id != Contribution.root_id),
    )
