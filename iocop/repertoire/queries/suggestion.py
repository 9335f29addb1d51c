"""What one suggestion's page needs, in a constant number of statements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from iocop.contributions.models import Contribution, Follow, Revision
from iocop.contributions.queries import contribution_for
from iocop.core.db import db
from iocop.core.errors import Missing
from iocop.members.models import Member
from iocop.organizations.models import Organization
from iocop.repertoire.fields import Fields
from iocop.repertoire.models import Article, Proposal, Review
from iocop.repertoire.queries.drafting import base_text
from iocop.spaces.policy import readable
from iocop.spaces.queries import scope_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iocop.core.login import Viewer

OPEN = ("waiting", "changes", "draft")


class Reviewed(NamedTuple):
    """What somebody said of one round, from where they were then."""

    author_id: int
    byline: str
    organization_id: int | None
    organization_name: str | None
    org_evidence: str | None
    verdict: str
    reason: str
    round: int
    at: Any


@dataclass(frozen=True)
class Suggestion:
    """A proposal with all that hangs on it.

    Attributes:
        old: the article's text it started from; None for a new article, or one that changes no text.
        organization_name: the author's, at that time.
        muted: how the viewer follows it: None: not.
    """

    proposal: Proposal
    thing: Contribution
    article: Article | None
    organization_name: str | None
    fields: Fields
    old: str | None
    saves: Sequence[Any]
    reviews: list[Reviewed]
    muted: bool | None


def suggestion_for(viewer: Viewer, proposal_id: int) -> tuple[Proposal, Contribution]:
    """Return a proposal the viewer may read, with its contribution.

    Raises:
        Missing: there is none, or it is not open to the viewer.
    """
    proposal = db.session.get(Proposal, proposal_id)
    if proposal is None:
        raise Missing(_l("There is no such suggestion, or it is not open to you."))
    return proposal, contribution_for(viewer, proposal_id)


def suggestion(viewer: Viewer, proposal_id: int) -> Suggestion:
    """Return what a proposal's page shows.

    Raises:
        Missing: there is none, or it is not open to the viewer.
    """
    proposal, thing = suggestion_for(viewer, proposal_id)
    article = db.session.get(Article, proposal.article_id) if proposal.article_id else None
    old = base_text(article.id, proposal.base_version or 0) if article and proposal.act == "edit" else None
    employer = db.session.get(Organization, thing.organization_id) if thing.organization_id else None
    muted = select(Follow.muted).where(Follow.root_id == proposal_id, Follow.member_id == viewer.id)
    return Suggestion(
        proposal, thing, article, employer.name if employer else None, Fields.read(proposal.fields), old,
        _saves(proposal_id), _reviews(proposal_id), db.session.scalar(muted),
    )  # fmt: skip


def _saves(proposal_id: int) -> Sequence[Any]:
    return db.session.execute(
        select(Revision.number, Revision.at, Revision.reason, Revision.editor_id)
        .where(Revision.contribution_id == proposal_id)
        .order_by(Revision.number.desc())
    ).all()


def _reviews(proposal_id: int) -> list[Reviewed]:
    rows = db.session.execute(
        select(
            Review.reviewer_id, Review.organization_id, Organization.name, Review.org_evidence, Review.verdict,
            Review.reason, Review.round, Review.at,
        )
        .outerjoin(Organization, Organization.id == Review.organization_id)
        .where(Review.proposal_id == proposal_id)
        .order_by(Review.id)
    )  # fmt: skip
    return [Reviewed(row[0], "named", *row[1:]) for row in rows]


def suggestions_about(viewer: Viewer, article_id: int) -> Sequence[Any]:
    """Return the open suggestions about an article the viewer may read, those that wait longest first."""
    return db.session.execute(
        select(Proposal.id, Proposal.act, Proposal.title, Proposal.status, Proposal.submitted_at, Contribution.created_at)
        .join(Contribution, Contribution.id == Proposal.id)
        .where(
            Proposal.article_id == article_id, Proposal.status.in_(OPEN), Contribution.state == "visible",
            readable(scope_of(viewer), Contribution.space_id, Contribution.label),
        )
        .order_by(Proposal.submitted_at.is_(None), Proposal.submitted_at, Proposal.id)
    ).all()  # fmt: skip


def names_of(member_ids: set[int]) -> dict[int, str]:
    """Return members' names by id, for what a suggestion changes about who keeps an article."""
    if not member_ids:
        return {}
    rows = db.session.execute(select(Member.id, Member.name).where(Member.id.in_(member_ids)))
    return {row.id: row.name for row in rows}
