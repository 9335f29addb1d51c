"""Everything that earns something and stands, read at once: for a community whose history is entered as a whole."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from iocop.contributions.models import Contribution, ContributionDomain, Mark
from iocop.core.db import alias_of, db, read
from iocop.forums.models import Topic
from iocop.repertoire.models import Article, Credit, Proposal, Review
from iocop.reputation.activity import Deed
from iocop.reputation.book import Act, Tie
from iocop.reputation.queries import sources
from iocop.reputation.queries.sources import Part
from iocop.reputation.queries.ties import Sellers, Ties
from iocop.reputation.weighing import WHOLE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

ENDORSED = {"answer": "answer_endorsed", "article": "article_endorsed", "question": "question_endorsed"}

_Root = alias_of(Contribution)


class Given(NamedTuple):
    """Something given for a contribution, before it is known who receives what of it.

    Attributes:
        receiver_id: whom alone it concerns; None: its author or, of an article, all whose words it holds.
        filed_as: whose domains count, where they are not its own.
    """

    at: datetime
    rule: str
    actor_id: int | None
    thing_id: int
    occasion: str = ""
    approvers: int = 1
    receiver_id: int | None = None
    filed_as: int | None = None


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
            ).where(Contribution.state == "visible", Contribution.kind.in_((*ENDORSED, "proposal")))
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
        self._sellers = Sellers()
        self._aside = {
            (row.reviewer_id, row.article_id)
            for row in read(
                select(Review.reviewer_id, Proposal.article_id)
                .join(Proposal, Proposal.id == Review.proposal_id)
                .where(Review.verdict == "recuse")
            )
        }

    def acts(self) -> list[Act]:
        """Return every act in the order of time, with its tie as it was then."""
        given = [*self._marked(), *_accepted(), *_approved(), *_confirmed()]
        given.sort(key=lambda each: (each.at, each.rule, each.thing_id, each.actor_id or 0))
        return [act for each in given if each.thing_id in self._things for act in self._received(each)]

    def _marked(self) -> Iterator[Given]:
        rows = read(
            select(Mark.at, Mark.member_id, Mark.contribution_id, Mark.value).where(
                Mark.kind == "helpful", Mark.withdrawn_at.is_(None)
            )
        )
        for row in rows:
            thing = self._things.get(row.contribution_id)
            if thing is not None and row.value > 0 and thing.kind in ENDORSED:
                yield Given(row.at, ENDORSED[thing.kind], row.member_id, thing.id)

    def _received(self, given: Given) -> Iterator[Act]:
        thing = self._things[given.thing_id]
        domain_ids = tuple(self._domains.get(given.filed_as or thing.root_id or thing.id, ()))
        receiver_id = given.receiver_id or thing.author_id
        own = [Part(receiver_id, WHOLE, sealed=thing.byline == "sealed" and receiver_id == thing.author_id)]
        parts = self._parts[thing.id] if thing.kind == "article" and given.receiver_id is None else own
        for member_id, share, sealed in sorted(parts) if domain_ids else ():
            if member_id != given.actor_id:
                tie = self._tie(given, thing, member_id)
                yield Act(
                    given.rule, member_id, domain_ids, thing.id, given.actor_id, tie, given.at, given.occasion,
                    share, given.approvers, sealed=sealed,
                )  # fmt: skip

    def _tie(self, given: Given, thing: Thing, receiver_id: int) -> Tie:
        actor_id = given.actor_id
        if actor_id is None:
            return Tie()
        conflict = (actor_id, thing.id) in self._aside or self._sellers.sell(
            self._ties.employers(actor_id, given.at), thing.root_id or thing.id
        )
        return self._ties.between(actor_id, receiver_id, given.at, conflict=conflict)


def _accepted() -> Iterator[Given]:
    rows = read(
        select(Topic.accepted_at, Topic.accepted_id, _Root.author_id)
        .join(_Root, _Root.id == Topic.id)
        .where(Topic.accepted_id.is_not(None))
    )
    for row in rows:
        yield Given(row.accepted_at, "answer_accepted", row.author_id, row.accepted_id)


def _approved() -> Iterator[Given]:
    """Yield what two approvals of each article in the repertoire brought, once, and of every change suggested to one."""
    published = (
        select(Proposal, Article.standing)
        .join(Article, Article.id == Proposal.article_id)
        .where(Proposal.status == "published", Proposal.act.in_(("new", "edit", "seal")))
        .order_by(Proposal.decided_at, Proposal.id)
    )
    entered: set[int] = set()
    for proposal, standing in db.session.execute(published):
        article_id, at, approvers = proposal.article_id, proposal.decided_at, sources.approvers_of(proposal)
        if article_id is None or at is None:
            continue
        enters = standing == "sealed" and len(approvers) > 1 and article_id not in entered
        for approver_id in approvers:
            occasion, many = f"proposal:{proposal.id}", len(approvers)
            if enters:
                entered.add(article_id)
                yield Given(at, "article_approved", approver_id, article_id, occasion, many)
            if proposal.act != "new":
                yield Given(at, "edit_approved", approver_id, proposal.id, "", many, filed_as=article_id)


def _confirmed() -> Iterator[Given]:
    """Yield what the first confirmation by each organization and year brought after an article's review date."""
    marked = (
        select(Mark.at, Mark.member_id, Mark.contribution_id, Mark.org_group_id)
        .join(Article, Article.id == Mark.contribution_id)
        .where(Mark.kind == "works_here", Mark.withdrawn_at.is_(None))
        .order_by(Mark.at, Mark.id)
    )
    entered: set[tuple[int, str]] = set()
    for row in read(marked):
        thing_id, occasion = row.contribution_id, f"{row.org_group_id}:{row.at.year}"
        if (thing_id, occasion) not in entered and sources.was_due(thing_id, row.at):
            entered.add((thing_id, occasion))
            yield Given(row.at, "article_confirmed", row.member_id, thing_id, occasion)
            yield Given(row.at, "confirmation_given", None, thing_id, occasion, receiver_id=row.member_id)


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
