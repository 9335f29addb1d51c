"""What a member gave to the repertoire, in the member's own export; texts stand among their contributions."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, or_, select

from iocop.contributions.models import Contribution
from iocop.core.db import db
from iocop.members.export import exports
from iocop.repertoire.models import Article, ArticleRequest, Credit, Proposal, RequestVote, Review, TermName


@exports("suggestions")
def suggestions(member_id: int) -> list[dict[str, Any]]:
    """Give what was asked for besides the texts."""
    return _rows(
        select(
            Proposal.id, Proposal.act, Proposal.article_id, Proposal.title, Proposal.fields, Proposal.status,
            Proposal.round, Proposal.submitted_at, Proposal.decided_at,
        )
        .join(Contribution, Contribution.id == Proposal.id)
        .where(Contribution.author_id == member_id)
        .order_by(Proposal.id)
    )  # fmt: skip


@exports("reviews")
def reviews(member_id: int) -> list[dict[str, Any]]:
    return _rows(
        select(
            Review.proposal_id, Review.round, Review.verdict, Review.power, Review.reason, Review.organization_id,
            Review.org_evidence, Review.at,
        )
        .where(Review.reviewer_id == member_id)
        .order_by(Review.id)
    )  # fmt: skip


@exports("articles_kept")
def articles_kept(member_id: int) -> list[dict[str, Any]]:
    kept = or_(Article.owner_id == member_id, Article.deputy_id == member_id)
    return _rows(
        select(Article.id, Article.title, Article.owner_id, Article.deputy_id, Article.review_by)
        .where(kept)
        .order_by(Article.id)
    )


@exports("credits")
def credits_(member_id: int) -> list[dict[str, Any]]:
    """Give shares in ten-thousandths."""
    return _rows(
        select(Credit.article_id, Credit.share, Credit.sealed, Credit.organization_id)
        .where(Credit.member_id == member_id)
        .order_by(Credit.article_id)
    )


@exports("requests")
def requests(member_id: int) -> list[dict[str, Any]]:
    """Give what was asked for, taken, or wanted too."""
    wanted = select(RequestVote.request_id).where(RequestVote.member_id == member_id)
    theirs = or_(
        Contribution.author_id == member_id,
        ArticleRequest.taken_by_id == member_id,
        ArticleRequest.id.in_(wanted),
    )
    return _rows(
        select(ArticleRequest.id, ArticleRequest.title, ArticleRequest.status, ArticleRequest.taken_at)
        .join(Contribution, Contribution.id == ArticleRequest.id)
        .where(theirs)
        .order_by(ArticleRequest.id)
    )


@exports("words")
def words(member_id: int) -> list[dict[str, Any]]:
    return _rows(
        select(
            TermName.article_id, TermName.word, TermName.language, TermName.sector, TermName.organization_id, TermName.at
        )
        .where(TermName.added_by_id == member_id)
        .order_by(TermName.id)
    )  # fmt: skip


def _rows(statement: Select[*tuple[Any, ...]]) -> list[dict[str, Any]]:
    return [dict(row) for row in db.session.execute(statement).mappings()]
