"""Who confirms in practice what an article says, as far as they let it be known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import select

from iocop.contributions.marks import COUNTED_ONLY
from iocop.contributions.models import Contribution, Mark, Revision
from iocop.core import clock
from iocop.core.db import db
from iocop.core.policy import provides
from iocop.organizations.models import MemberCard, Organization
from iocop.organizations.queries import group_of, organization_ids
from iocop.repertoire.confirming import Confirmation, confirmed, counts
from iocop.repertoire.models import Proposal
from iocop.spaces.queries import VERIFIED

if TYPE_CHECKING:
    from datetime import datetime

    from iocop.repertoire.confirming import Confirmed
    from iocop.repertoire.models import Article


def wrote(article_id: int) -> dict[int, datetime]:
    """Return the organization groups that have a part in an article's text, each with the moment of its first."""
    saved = select(Revision.organization_id, Revision.at).where(Revision.contribution_id == article_id)
    unnamed = (
        select(Contribution.organization_id, Contribution.created_at)
        .join(Proposal, Proposal.id == Contribution.id)
        .where(
            Proposal.article_id == article_id, Proposal.status == "published", Proposal.act == "edit",
            Contribution.byline != "named",
        )
    )  # fmt: skip
    saves = db.session.execute(saved.union_all(unnamed).order_by(Revision.at)).all()
    first: dict[int, datetime] = {}
    for organization_id, at in saves:
        if organization_id is not None:
            first.setdefault(organization_id, at)
    found: dict[int, datetime] = {}
    for organization_id, at in first.items():
        group = group_of(organization_id, at.date())
        found[group] = min(at, found.get(group, at))
    author = db.session.execute(
        select(Contribution.org_group_id, Contribution.created_at).where(Contribution.id == article_id)
    ).one()
    return found if author.org_group_id is None else found | {author.org_group_id: author.created_at}


def groups_of_owner(article: Article) -> frozenset[int]:
    """Return the organization groups an article's owner belongs to now."""
    now = clock.now()
    employers = organization_ids(article.owner_id, now) if article.owner_id is not None else ()
    return frozenset(group_of(organization_id, now.date()) for organization_id in employers)


def from_outside(given: Mark, article: Article) -> bool:
    """Say whether a mark speaks for a verified organization other than those of the authors and of the owner."""
    return counts(_read(given), wrote(article.id)) and given.org_group_id not in groups_of_owner(article)


def _read(given: Any) -> Confirmation:
    counted_only = given.context.get("shown") == COUNTED_ONLY
    return Confirmation(given.org_group_id, given.org_evidence in VERIFIED, counted_only, given.at)


def _live(article_id: int) -> Any:
    return select(Mark).where(
        Mark.contribution_id == article_id, Mark.kind == "works_here", Mark.withdrawn_at.is_(None)
    )


def confirmed_at(article_id: int) -> Confirmed:
    """Return at how many organizations an article is confirmed in practice."""
    return confirmed(map(_read, db.session.scalars(_live(article_id))), wrote(article_id))


@provides("confirmed_at")
def shown_count(thing: Contribution) -> int:
    """Return the number of organizations that stands beside a contribution; an article has a rule of its own."""
    return confirmed_at(thing.id).organizations if thing.kind == "article" else thing.works_here


class Named(NamedTuple):
    """A confirmation with its name and what was said; one that is only counted is never read."""

    name: str
    number: int
    organization: str | None
    verified: bool
    counts: bool
    context: dict[str, str]
    at: datetime


def named_confirmations(article_id: int) -> list[Named]:
    """Return the confirmations of an article whose givers are named, newest first."""
    rows = db.session.execute(
        _live(article_id)
        .add_columns(MemberCard.name, MemberCard.number, Organization.name.label("organization"))
        .join(MemberCard, MemberCard.member_id == Mark.member_id)
        .outerjoin(Organization, Organization.id == Mark.organization_id)
        .order_by(Mark.at.desc(), Mark.id.desc())
    ).all()
    parts = wrote(article_id)
    read = [(row, _read(row.Mark)) for row in rows]
    return [
        Named(
            row.name,
            row.number,
            row.organization,
            given.verified,
            counts(given, parts),
            row.Mark.context,
            given.at,
        )
        for row, given in read
        if not given.counted_only
    ]
