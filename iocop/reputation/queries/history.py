"""Everything that earns something and stands, read at once: for a community whose history is entered as a whole."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from iocop.contributions.models import Contribution, ContributionDomain, Mark
from iocop.core.db import alias_of, db, read
from iocop.forums.models import Topic
from iocop.organizations.models import Offer
from iocop.repertoire.models import Article, Credit, Proposal, Review
from iocop.reputation.activity import Deed
from iocop.reputation.book import Act
from iocop.reputation.queries import sources
from iocop.reputation.queries.sources import Part
from iocop.reputation.queries.ties import Ties, declared_conflict
from iocop.reputation.weighing import WHOLE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

ENDORSED = {"answer": "answer_endorsed", "article": "article_endorsed", "question": "question_endorsed"}

_Root = alias_of(Contribution)


class Given(NamedTuple):
    """Something given for a contribution, before it is known who receives what of it."""

    at: datetime
    rule: str
    actor_id: int
    thing_id: int
    occasion: str = ""
    approvers: int = 1


class Thing(NamedTuple):
    id: int
    kind: str
    author_id: int
    root_id: int | None
    byline: str


class History:
    """What stands of marks, acceptances and approvals, and what it takes to weigh them."""

    def __init__(self) -> None:
        rows = read(
            select(
                Contribution.id, Contribution.kind, Contribution.author_id, Contribution.root_id, Contribution.byline
            ).where(Contribution.state == "visible", Contribution.kind.in_(ENDORSED))
        )  # fmt: skip
        self._things = {row.id: Thing._make(row) for row in rows}
        self._domains: dict[int, list[int]] = defaultdict(list)
        for row in read(
            select(ContributionDomain.contribution_id, ContributionDomain.domain_id).order_by(
                ContributionDomain.contribution_id, ContributionDomain.position
            )
        ):
            self._domains[row.contribution_id].append(row.domain_id)
        self._parts: dict[int, list[Part]] = defaultdict(list)
        for row in read(select(Credit.article_id, Credit.member_id, Credit.share, Credit.sealed)):
            self._parts[row.article_id].append(Part(row.member_id, row.share, row.sealed))
        self._ties = Ties()
        self._sellers = set(db.session.scalars(select(Offer.organization_id)))
        self._aside = {
            (row.reviewer_id, row.article_id)
            for row in read(
                select(Review.reviewer_id, Proposal.article_id)
                .join(Proposal, Proposal.id == Review.proposal_id)
                .where(Review.verdict == "recuse")
            )
        }
        self._conflicts: dict[tuple[frozenset[int], int], bool] = {}

    def acts(self) -> list[Act]:
        """Return every act in the order of time, with its tie as it was then."""
        given = sorted([*self._marked(), *_accepted(), *_approved()])
        return [act for each in given if each.thing_id in self._things for act in self._received(each)]

    def _marked(self) -> Iterator[Given]:
        rows = read(
            select(Mark.at, Mark.member_id, Mark.contribution_id, Mark.value).where(
                Mark.kind == "helpful", Mark.withdrawn_at.is_(None)
            )
        )
        for row in rows:
            thing = self._things.get(row.contribution_id)
            if thing is not None and row.value > 0:
                yield Given(row.at, ENDORSED[thing.kind], row.member_id, thing.id)

    def _received(self, given: Given) -> Iterator[Act]:
        thing = self._things[given.thing_id]
        domain_ids = tuple(self._domains.get(thing.root_id or thing.id, ()))
        own = [Part(thing.author_id, WHOLE, sealed=thing.byline == "sealed")]
        parts = self._parts[thing.id] if thing.kind == "article" else own
        for member_id, share, sealed in sorted(parts) if domain_ids else ():
            if member_id != given.actor_id:
                conflict = self._conflict(given.actor_id, thing, given.at)
                tie = self._ties.between(given.actor_id, member_id, given.at, conflict=conflict)
                yield Act(
                    given.rule, member_id, domain_ids, thing.id, given.actor_id, tie, given.at, given.occasion,
                    share, given.approvers, sealed=sealed,
                )  # fmt: skip

    def _conflict(self, actor_id: int, thing: Thing, at: datetime) -> bool:
        """Say whether the giver has an interest in it; what is sold is looked up only for those who sell."""
        selling = self._ties.employers(actor_id, at) & self._sellers
        if (actor_id, thing.id) in self._aside:
            return True
        key = selling, thing.root_id or thing.id
        if selling and key not in self._conflicts:
            row = db.session.get_one(Contribution, thing.id)
            self._conflicts[key] = declared_conflict(0, selling, row)
        return bool(selling) and self._conflicts[key]


def _accepted() -> Iterator[Given]:
    rows = read(
        select(Topic.accepted_at, Topic.accepted_id, _Root.author_id)
        .join(_Root, _Root.id == Topic.id)
        .where(Topic.accepted_id.is_not(None))
    )
    for row in rows:
        yield Given(row.accepted_at, "answer_accepted", row.author_id, row.accepted_id)


def _approved() -> Iterator[Given]:
    """Yield what two approvals of each article in the repertoire brought, once."""
    published = (
        select(Proposal, Article.standing)
        .join(Article, Article.id == Proposal.article_id)
        .where(Proposal.status == "published", Proposal.act.in_(("new", "edit", "seal")))
        .order_by(Proposal.decided_at, Proposal.id)
    )
    entered: set[int] = set()
    for proposal, standing in db.session.execute(published):
        article_id, at, approvers = proposal.article_id, proposal.decided_at, sources.approvers_of(proposal)
        if article_id is None or at is None or standing != "sealed" or len(approvers) < 2:
            continue
        if article_id not in entered:
            entered.add(article_id)
            for approver_id in approvers:
                occasion = f"proposal:{proposal.id}"
                yield Given(at, "article_approved", approver_id, article_id, occasion, len(approvers))


def deeds() -> Iterator[Deed]:
    """Yield who gave or marked something, and when."""
    for row in read(
        select(
            Contribution.created_at,
            Contribution.author_id,
            Contribution.org_group_id,
            Contribution.org_evidence,
        )
    ):
        yield Deed(row.created_at.date(), row.author_id, _proved(row.org_group_id, row.org_evidence))
    for row in read(select(Mark.at, Mark.member_id, Mark.org_group_id, Mark.org_evidence)):
        yield Deed(row.at.date(), row.member_id, _proved(row.org_group_id, row.org_evidence))


def _proved(group_id: int | None, evidence: str | None) -> int | None:
    return None if evidence == "self" else group_id
