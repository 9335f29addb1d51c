"""What waits, for whom and since when: inside what the viewer may read, in a constant number of statements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, Text, and_, cast, exists, false, func, or_, select, true
from sqlalchemy.orm import aliased

from iocop.contributions.models import Contribution, ContributionDomain, Revision
from iocop.core import clock
from iocop.core.db import db
from iocop.core.pages import Page, offset
from iocop.organizations.models import MemberCard, Offer, Organization
from iocop.organizations.queries import groups_of
from iocop.repertoire.deciding import part
from iocop.repertoire.fields import Fields
from iocop.repertoire.models import Article, Credit, Passage, Proposal, Review
from iocop.repertoire.queries.reviewers import reviewer_of
from iocop.repertoire.queries.standing import conflicting
from iocop.repertoire.queries.waiting import days_since, open_to
from iocop.repertoire.quorum import Voice, organization
from iocop.spaces.queries import VERIFIED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Row, Select

    from iocop.core.login import Viewer
    from iocop.repertoire.deciding import Part
    from iocop.repertoire.queries.reviewers import Reviewer

ROWS: Final = 25

_DOMAIN_IDS = (
    select(func.aggregate_strings(cast(ContributionDomain.domain_id, Text), ","))
    .where(ContributionDomain.contribution_id == Proposal.id)
    .correlate(Proposal)
    .scalar_subquery()
)
_ROWS = (
    select(
        Proposal.id, Proposal.act, Proposal.title, Proposal.round, Proposal.fields, Proposal.submitted_at,
        Proposal.widened_at, Contribution.author_id, Contribution.organization_id, Contribution.byline, MemberCard.name,
        Organization.name.label("organization"), Article.product, Article.title.label("article"),
        _DOMAIN_IDS.label("domain_ids"),
    )
    .join(Contribution, Contribution.id == Proposal.id)
    .outerjoin(MemberCard, MemberCard.member_id == Contribution.author_id)
    .outerjoin(Organization, Organization.id == Contribution.organization_id)
    .outerjoin(Article, Article.id == Proposal.article_id)
)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """What the queue is narrowed to.

    Attributes:
        status: ``waiting`` or ``changes``.
        mine: only what the viewer can decide.
        newest: what came last first; else what waits longest.
    """

    status: str = "waiting"
    domain_id: int | None = None
    act: str = ""
    mine: bool = False
    newest: bool = False


@dataclass(frozen=True)
class Item:
    """One proposal as the queue shows it.

    Attributes:
        days: it waits, whole ones.
        approved_by: names of the organizations that approved this round; empty for all without a proved one.
        part: what the viewer can do about it; None for a guest.
        product: that the viewer's organization sells and this is about.
        author_sells: the same for its author's organization, so that reviewers see it.
    """

    row: Any
    domain_ids: frozenset[int]
    days: int
    approved_by: tuple[str, ...]
    part: Part | None
    product: str
    author_sells: str


def items(viewer: Viewer, wanted: Wanted, number: int) -> Page[Item]:
    """Return one page of what waits, longest first unless asked otherwise."""
    by = reviewer_of(viewer)
    conditions = _conditions(viewer, wanted, by)
    order = (
        [Proposal.submitted_at.desc(), Proposal.id.desc()]
        if wanted.newest
        else [Proposal.submitted_at, Proposal.id]
    )
    statement = (
        _ROWS.add_columns(_wrote(by.id).label("wrote"), _said(by.id).label("said"))
        .where(*conditions)
        .order_by(*order)
        .limit(ROWS)
        .offset(offset(number, ROWS))
    )
    rows = db.session.execute(statement).all()
    total = _counted(conditions) if len(rows) == ROWS or number > 1 else len(rows)
    return Page(_read(rows, by, viewer), number, ROWS, total)


def _counted(conditions: Sequence[ColumnElement[bool]]) -> int:
    statement = select(func.count()).select_from(Proposal).join(Contribution, Contribution.id == Proposal.id)
    return db.session.scalar(statement.where(*conditions)) or 0


def _conditions(viewer: Viewer, wanted: Wanted, by: Reviewer) -> list[ColumnElement[bool]]:
    found = [Proposal.status == wanted.status, open_to(viewer)]
    if wanted.domain_id is not None:
        found.append(Proposal.id.in_(_filed_in([wanted.domain_id])))
    if wanted.act:
        found.append(Proposal.act == wanted.act)
    if wanted.mine:
        found += _mine(by)
    return found


def _filed_in(domain_ids: Sequence[int]) -> Select[int]:
    return select(ContributionDomain.contribution_id).where(ContributionDomain.domain_id.in_(domain_ids))


def _mine(by: Reviewer) -> list[ColumnElement[bool]]:
    """Return the conditions that a reviewer can decide on a waiting proposal."""
    if not (by.everywhere or by.domains):
        return [false()]
    reach = true() if by.everywhere else or_(
        Proposal.id.in_(_filed_in(sorted(by.domains))), Proposal.id.in_(_offered_to(by))
    )  # fmt: skip
    return [
        reach,
        ~_wrote(by.id),
        ~_said(by.id),
        ~_spoken(by.organization, _groups_now()),
        Proposal.id.not_in(_conflicts(by)),
    ]


def _offered_to(by: Reviewer) -> list[int]:
    """Return what waits so long that it was offered to a reviewer's domains."""
    offered = select(Proposal.id, _DOMAIN_IDS).where(
        Proposal.status == "waiting", Proposal.widened_at.is_not(None)
    )
    return [key for key, listed in db.session.execute(offered) if by.decides_in(_ids(listed), widened=True)]


def _conflicts(by: Reviewer) -> list[int]:
    if not by.sold:
        return []
    waits = (
        select(Proposal.id, Proposal.title, Proposal.fields, Article.product)
        .outerjoin(Article, Article.id == Proposal.article_id)
        .where(Proposal.status == "waiting")
    )
    return [row.id for row in db.session.execute(waits) if _conflict(by.sold, row)]


def _conflict(sold: Sequence[str], row: Any) -> str:
    return conflicting(sold, Fields.read(row.fields), row.title, row.product or "") if sold else ""


def _wrote(member_id: int) -> ColumnElement[bool]:
    distilled = (
        select(Passage.id)
        .join(Contribution, Contribution.id == Passage.post_id)
        .where(Passage.contribution_id == Proposal.id, Contribution.author_id == member_id)
        .correlate(Proposal)
        .exists()
    )
    saved = exists().where(Revision.contribution_id == Proposal.id, Revision.editor_id == member_id)
    sealed = or_(_wrote_article(member_id), _has_words(member_id), _saved_import(member_id))
    return or_(saved, distilled, and_(Proposal.act == "seal", sealed))


def _wrote_article(member_id: int) -> ColumnElement[bool]:
    article = aliased(Contribution)
    return exists().where(article.id == Proposal.article_id, article.author_id == member_id)


def _has_words(member_id: int) -> ColumnElement[bool]:
    return exists().where(Credit.article_id == Proposal.article_id, Credit.member_id == member_id)


def _saved_import(member_id: int) -> ColumnElement[bool]:
    article = aliased(Article)
    return exists().where(
        article.id == Proposal.article_id, article.standing == "imported",
        Revision.contribution_id == article.id, Revision.editor_id == member_id,
    )  # fmt: skip


def _said(member_id: int) -> ColumnElement[bool]:
    return exists().where(
        Review.proposal_id == Proposal.id, Review.round == Proposal.round, Review.reviewer_id == member_id
    )


def _groups_now() -> dict[int, int]:
    """Return what the organizations that approved something waiting have become part of since, by what was stamped."""
    stamped = (
        select(Review.org_group_id)
        .join(Proposal, and_(Proposal.id == Review.proposal_id, Proposal.round == Review.round))
        .where(Proposal.status == "waiting", Review.verdict == "approve", Review.org_group_id.is_not(None))
        .distinct()
    )
    return groups_of(set(db.session.scalars(stamped)), clock.now().date())


def _spoken(voice: int, now: Mapping[int, int]) -> ColumnElement[bool]:
    """The organization a voice counts as has approved this round; those that have become one since are one."""
    proved = and_(Review.org_group_id.is_not(None), func.coalesce(Review.org_evidence, "").in_(VERIFIED))
    same = [stamped for stamped, group in now.items() if group == voice]
    theirs = and_(proved, Review.org_group_id.in_(same)) if voice else ~proved
    return exists().where(
        Review.proposal_id == Proposal.id, Review.round == Proposal.round, Review.verdict == "approve", theirs
    )


def _ids(listed: str | None) -> frozenset[int]:
    return frozenset(int(key) for key in (listed or "").split(",") if key)


def _read(rows: Sequence[Row[*tuple[Any, ...]]], by: Reviewer, viewer: Viewer) -> list[Item]:
    approvals = _approvals([row.id for row in rows])
    sold = _sold_by_authors(rows)
    return [_item(row, by, viewer, approvals.get(row.id, {}), sold) for row in rows]


def _item(
    row: Any, by: Reviewer, viewer: Viewer, approved: Mapping[int, str], sold: Mapping[int, list[str]]
) -> Item:
    domain_ids = _ids(row.domain_ids)
    product = _conflict(by.sold, row)
    found = part(
        wrote=bool(row.wrote), right=by.decides_in(domain_ids, row.widened_at is not None), conflict=bool(product),
        said=bool(row.said), spoken=by.organization in approved,
    )  # fmt: skip
    return Item(
        row, domain_ids, days_since(row.submitted_at), tuple(approved.values()),
        found if viewer.is_authenticated else None, product, _conflict(sold.get(row.organization_id, []), row),
    )  # fmt: skip


def _approvals(proposal_ids: Sequence[int]) -> dict[int, dict[int, str]]:
    """Return by proposal what approvals of its round count as, each with the organization's name."""
    rows = db.session.execute(
        select(
            Review.proposal_id,
            Review.reviewer_id,
            Review.org_group_id,
            Review.org_evidence,
            Organization.name,
        )
        .join(Proposal, and_(Proposal.id == Review.proposal_id, Proposal.round == Review.round))
        .outerjoin(Organization, Organization.id == Review.organization_id)
        .where(Review.proposal_id.in_(proposal_ids), Review.verdict == "approve")
        .order_by(Review.id)
    ).all()
    now = groups_of({row.org_group_id for row in rows} - {None}, clock.now().date())
    found: dict[int, dict[int, str]] = {}
    for row in rows:
        voice = organization(Voice(row.reviewer_id, now.get(row.org_group_id), row.org_evidence in VERIFIED))
        found.setdefault(row.proposal_id, {})[voice] = row.name or "" if voice else ""
    return found


def _sold_by_authors(rows: Sequence[Any]) -> dict[int, list[str]]:
    """Return what the organizations sell for which the named authors wrote, in one statement."""
    wrote_for = {row.organization_id for row in rows if row.byline == "named"} - {None}
    found: dict[int, list[str]] = {}
    offers = select(Offer.organization_id, Offer.name).where(Offer.organization_id.in_(wrote_for))
    for organization_id, name in db.session.execute(offers.order_by(Offer.id)):
        found.setdefault(organization_id, []).append(name)
    return found
