"""What policies ask: who wrote, who approved, whose organization sells what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from iocop.contributions.models import Contribution, ContributionDomain, Revision
from iocop.core import clock
from iocop.core.db import db
from iocop.domains.products import is_about
from iocop.domains.slugs import tag_slug
from iocop.members.models import Member
from iocop.organizations.models import Affiliation, Offer
from iocop.organizations.queries import group_of, groups_of, holding, organization_ids
from iocop.repertoire.fields import Fields
from iocop.repertoire.models import Article, Credit, Passage, Proposal, Review
from iocop.repertoire.quorum import Voice
from iocop.roles.models import RoleGrant
from iocop.roles.queries import in_force
from iocop.spaces.queries import VERIFIED

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


def domain_ids_of(contribution_id: int) -> frozenset[int]:
    """Return the domains a proposal or an article stands in."""
    filed = select(ContributionDomain.domain_id).where(ContributionDomain.contribution_id == contribution_id)
    return frozenset(db.session.scalars(filed))


def filed_in(contribution_id: int) -> tuple[int, ...]:
    """Return the same in their order, as filing takes them."""
    filed = (
        select(ContributionDomain.domain_id)
        .where(ContributionDomain.contribution_id == contribution_id)
        .order_by(ContributionDomain.position)
    )
    return tuple(db.session.scalars(filed))


def approving_domains(member_id: int, at: datetime) -> frozenset[int]:
    """Return the domains in which a member is curator or steward."""
    found = db.session.scalars(
        select(RoleGrant.scope_id).where(
            RoleGrant.member_id == member_id,
            RoleGrant.role.in_(("curator", "domain_steward")),
            RoleGrant.scope_kind == "domain",
            in_force(at),
        )
    )
    return frozenset(domain for domain in found if domain is not None)


def authors_of(proposal_id: int) -> frozenset[int]:
    """Return whose words a proposal holds: the editors of its saves, and the authors of the posts distilled into it.

    One that would seal an article's text as it stands holds that text: its author's, and theirs whose words are left;
    of an import, whose history is not weighed word by word, everybody's who saved it.
    """
    editors = select(Revision.editor_id).where(Revision.contribution_id == proposal_id)
    distilled = (
        select(Contribution.author_id)
        .join(Passage, Passage.post_id == Contribution.id)
        .where(Passage.contribution_id == proposal_id)
    )
    sealed = select(Proposal.article_id).where(Proposal.id == proposal_id, Proposal.act == "seal")
    wrote = select(Contribution.author_id).where(Contribution.id.in_(sealed))
    left = select(Credit.member_id).where(Credit.article_id.in_(sealed))
    imported = select(Article.id).where(Article.id.in_(sealed), Article.standing == "imported")
    saved = select(Revision.editor_id).where(Revision.contribution_id.in_(imported))
    return frozenset(db.session.scalars(editors.union(distilled, wrote, left, saved)))


def voices(proposal_id: int, round_: int) -> list[Voice]:
    """Return the approvals of one round; organizations that have become one since speak as one."""
    rows = db.session.execute(
        select(Review.reviewer_id, Review.org_group_id, Review.org_evidence)
        .where(Review.proposal_id == proposal_id, Review.round == round_, Review.verdict == "approve")
        .order_by(Review.id)
    ).all()
    now = groups_of({row.org_group_id for row in rows} - {None}, clock.now().date())
    return [Voice(row.reviewer_id, now.get(row.org_group_id), row.org_evidence in VERIFIED) for row in rows]


def active_groups(at: datetime) -> int:
    """Count the organization groups of which an active member has a proved affiliation, up to two."""
    proved = (
        select(Affiliation.organization_id)
        .join(Member, Member.id == Affiliation.member_id)
        .where(
            Member.state == "active",
            holding(at),
            Affiliation.evidence.in_(VERIFIED),
            or_(Affiliation.expires_at.is_(None), Affiliation.expires_at > at),
        )
        .group_by(Affiliation.organization_id)
        .order_by(func.count().desc(), Affiliation.organization_id)
    )
    groups: set[int] = set()
    for organization_id in db.session.scalars(proved):
        groups.add(group_of(organization_id, at.date()))
        if len(groups) > 1:
            break
    return len(groups)


def sold_by(member_id: int) -> list[str]:
    """Return what a member's organizations sell."""
    employers = organization_ids(member_id, clock.now())
    if not employers:
        return []
    sold = select(Offer.name).where(Offer.organization_id.in_(employers)).order_by(Offer.id)
    return list(db.session.scalars(sold))


def conflict_of(member_id: int, proposal: Proposal) -> str:
    """Return the product a proposal is about that one of a member's organizations sells; nothing where there is none."""
    sold = sold_by(member_id)
    if not sold:
        return ""
    target = db.session.get(Article, proposal.article_id) if proposal.article_id else None
    return conflicting(sold, Fields.read(proposal.fields), proposal.title, target.product if target else "")


def conflicting(sold: Iterable[str], fields: Fields, title: str, product: str = "") -> str:
    """Return the first product that a proposal names or is filed under; nothing where there is none.

    Args:
        product: of the article it would change.
    """
    about = {tag_slug(fields.product), tag_slug(product), *(tag_slug(word) for word in fields.tags)}
    words = " ".join((title, fields.product, fields.summary))
    return next((name for name in sold if is_about(name, words, about)), "")
