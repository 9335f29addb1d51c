"""What the repertoire is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, literal, select

from iocop.contributions.models import Contribution, ContributionDomain
from iocop.core.db import alias_of, db
from iocop.core.errors import Missing
from iocop.core.pages import Page, offset
from iocop.domains.models import Domain
from iocop.organizations.models import MemberCard, Organization
from iocop.repertoire.models import Article, ArticleRequest, Proposal, RequestVote
from iocop.spaces.policy import readable
from iocop.spaces.queries import scope_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Select

    from iocop.core.login import Viewer

REQUESTS_A_PAGE = 25

_taker = alias_of(MemberCard)


def _articles_for(viewer: Viewer) -> Select[int, str]:
    """The articles a viewer may read: no other is named beside a request."""
    return (
        select(Article.id, Article.title)
        .join(Contribution, Contribution.id == Article.id)
        .where(Article.listed, readable(scope_of(viewer), Contribution.space_id, Contribution.label))
    )


def _requests(viewer: Viewer) -> Select[*tuple[Any, ...]]:
    wanted = select(literal(1)).where(
        RequestVote.request_id == ArticleRequest.id, RequestVote.member_id == viewer.id
    )
    read = _articles_for(viewer)
    answer, about = read.alias("answer"), read.alias("about")
    return (
        select(
            ArticleRequest.id, ArticleRequest.title, ArticleRequest.status, ArticleRequest.votes,
            ArticleRequest.origin, ArticleRequest.closed_at, ArticleRequest.closed_reason,
            answer.c.id.label("article_id"), ArticleRequest.taken_by_id, ArticleRequest.taken_at,
            Contribution.author_id, Contribution.created_at,
            Contribution.html, Contribution.plain, Contribution.label, Contribution.space_id,
            MemberCard.name.label("author"), MemberCard.number.label("author_number"),
            Organization.name.label("organization"), Contribution.byline,
            _taker.name.label("taker"), _taker.number.label("taker_number"),
            answer.c.title.label("article"), about.c.id.label("about_id"), about.c.title.label("about"),
            wanted.exists().label("wanted"),
        )
        .join(Contribution, Contribution.id == ArticleRequest.id)
        .outerjoin(MemberCard, MemberCard.member_id == Contribution.author_id)
        .outerjoin(Organization, Organization.id == Contribution.organization_id)
        .outerjoin(_taker, _taker.member_id == ArticleRequest.taken_by_id)
        .outerjoin(answer, answer.c.id == ArticleRequest.article_id)
        .outerjoin(about, about.c.id == ArticleRequest.about_id)
        .where(
            Contribution.state == "visible",
            readable(scope_of(viewer), Contribution.space_id, Contribution.label),
        )
    )  # fmt: skip


def requests(viewer: Viewer, status: str, number: int, *, domain: str = "") -> Page[Any]:
    """Return a page of requests, the most wanted first; closed ones the latest first."""
    rows = _requests(viewer).where(ArticleRequest.status == status)
    if domain:
        filed = (
            select(ContributionDomain.contribution_id)
            .join(Domain, Domain.id == ContributionDomain.domain_id)
            .where(Domain.slug == domain)
        )
        rows = rows.where(ArticleRequest.id.in_(filed))
    closed = status in {"answered", "declined"}
    order = ArticleRequest.closed_at.desc() if closed else ArticleRequest.votes.desc()
    found = db.session.execute(
        rows.add_columns(func.count().over().label("total"))
        .order_by(order, ArticleRequest.id.desc())
        .limit(REQUESTS_A_PAGE)
        .offset(offset(number, REQUESTS_A_PAGE))
    ).all()
    if not found and number > 1:
        raise Missing(_l("There is no such page."))
    return Page(found, number, REQUESTS_A_PAGE, found[0].total if found else 0)


def counts(viewer: Viewer) -> dict[str, int]:
    """Return how many requests of each status the viewer may read."""
    rows = db.session.execute(
        select(ArticleRequest.status, func.count())
        .join(Contribution, Contribution.id == ArticleRequest.id)
        .where(
            Contribution.state == "visible",
            readable(scope_of(viewer), Contribution.space_id, Contribution.label),
        )
        .group_by(ArticleRequest.status)
    )
    return {row[0]: row[1] for row in rows}


def request_for(viewer: Viewer, request_id: int) -> Any:
    """Return one request the viewer may read.

    Raises:
        Missing: there is none, or it is not open to the viewer.
    """
    row = db.session.execute(_requests(viewer).where(ArticleRequest.id == request_id)).first()
    if row is None:
        raise Missing(_l("There is no such request, or it is not open to you."))
    return row


def being_written(viewer: Viewer, request_id: int) -> Sequence[Any]:
    """Return the suggestions that would close a request, as far as the viewer may read them."""
    waiting = (
        select(Proposal.id, Proposal.title, Proposal.status)
        .join(Contribution, Contribution.id == Proposal.id)
        .where(
            Contribution.state == "visible",
            readable(scope_of(viewer), Contribution.space_id, Contribution.label),
            Proposal.status.in_(("draft", "waiting", "changes")),
            Proposal.fields["request_id"].as_integer() == request_id,
        )
        .order_by(Proposal.id)
    )
    return db.session.execute(waiting).all()


def wanted_by(request_id: int) -> list[int]:
    """Return the members who want what a request asks for."""
    found = select(RequestVote.member_id).where(RequestVote.request_id == request_id).order_by(RequestVote.at)
    return list(db.session.scalars(found))
