"""How members stand to one another, read from the affiliations and relations they and administrators declared."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from iocop.contributions.models import Contribution, ContributionTag
from iocop.core.db import db
from iocop.domains.models import Tag
from iocop.domains.products import is_about
from iocop.forums.models import Topic
from iocop.organizations.models import Affiliation, Offer, Organization, OrganizationRelation
from iocop.repertoire.models import Article, Proposal, Review
from iocop.reputation import ties
from iocop.reputation.ties import Network, Relation, Spell

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from iocop.reputation.book import Tie

_SPELLS = select(*(getattr(Affiliation, name) for name in Spell._fields)).where(
    Affiliation.superseded_at.is_(None)
)
_RELATIONS = select(*(getattr(OrganizationRelation, name) for name in Relation._fields))
_MERGED = select(Organization.id, Organization.merged_into_id).where(Organization.merged_into_id.is_not(None))

_ABOUT = (
    select(Contribution.id, Topic.title, Article.title, Article.product)
    .select_from(Contribution)
    .outerjoin(Topic, Topic.id == Contribution.id)
    .outerjoin(Article, Article.id == Contribution.id)
    .where(func.coalesce(Contribution.root_id, Contribution.id) == Contribution.id)
)
_TAGGED = select(ContributionTag.contribution_id, Tag.slug).join(Tag, Tag.id == ContributionTag.tag_id)


class Ties:
    """The affiliations of some members and all relations, in three statements however many ties are asked for.

    Args:
        member_ids: whose; None for everybody's, where a whole history is valued at once.
    """

    def __init__(self, member_ids: Collection[int] | None = None) -> None:
        rows = _SPELLS if member_ids is None else _SPELLS.where(Affiliation.member_id.in_(member_ids))
        self._spells: dict[int, list[Spell]] = defaultdict(list)
        for row in db.session.execute(rows):
            spell = Spell(*row)
            self._spells[spell.member_id].append(spell)
        relations = (Relation(*row) for row in db.session.execute(_RELATIONS))
        merged = {row.id: row.merged_into_id for row in db.session.execute(_MERGED)}
        self._network = Network(relations, merged)

    def between(self, giver_id: int, receiver_id: int, at: datetime, *, conflict: bool = False) -> Tie:
        """Return how a giver stands to a receiver at a moment (`ties.tie`)."""
        spells = self._spells
        return ties.tie(
            spells.get(giver_id, ()), spells.get(receiver_id, ()), self._network, at, conflict=conflict
        )

    def employers(self, member_id: int, at: datetime) -> frozenset[int]:
        """Return the organizations a member belongs to at a moment, proved or not."""
        return frozenset(row.organization_id for row in ties.held(self._spells.get(member_id, ()), at.date()))


def declared_conflict(giver_id: int, employers: Collection[int], thing: Contribution) -> bool:
    """Say whether a giver has an interest in a thing by their own word or their employers'.

    They stepped aside from deciding about the article, or an organization of theirs sells what the thread or the
    article is about: the same that puts the chip beside what they write there.
    """
    return (thing.kind == "article" and _stepped_aside(giver_id, thing.id)) or _sells(employers, thing)


def _stepped_aside(member_id: int, article_id: int) -> bool:
    recused = (
        select(Review.id)
        .join(Proposal, Proposal.id == Review.proposal_id)
        .where(Review.reviewer_id == member_id, Review.verdict == "recuse", Proposal.article_id == article_id)
    )
    return db.session.scalar(recused.limit(1)) is not None


class Sellers:
    """What organizations sell, and what every thread and article is about: for many conflicts, read at once."""

    def __init__(self) -> None:
        self._sold: dict[int, list[str]] = defaultdict(list)
        for offer in db.session.execute(select(Offer.organization_id, Offer.name)):
            self._sold[offer.organization_id].append(offer.name)
        self._words = {row.id: " ".join(filter(None, row[1:])) for row in db.session.execute(_ABOUT)}
        self._tags: dict[int, set[str]] = defaultdict(set)
        for row in db.session.execute(_TAGGED):
            self._tags[row.contribution_id].add(row.slug)

    def sell(self, employers: Iterable[int], root_id: int) -> bool:
        """Say whether one of some organizations sells what a thread or an article is about."""
        words, tags = self._words.get(root_id, ""), self._tags.get(root_id, set())
        sold = (product for key in employers for product in self._sold.get(key, ()))
        return any(is_about(product, words, tags) for product in sold)


def _sells(employers: Collection[int], thing: Contribution) -> bool:
    if not employers:
        return False
    sold = db.session.scalars(select(Offer.name).where(Offer.organization_id.in_(employers))).all()
    return bool(sold) and _is_about_any(sold, thing.root_id or thing.id)


def _is_about_any(products: Collection[str], root_id: int) -> bool:
    titles = db.session.execute(_ABOUT.where(Contribution.id == root_id)).one()
    words = " ".join(filter(None, titles[1:]))
    tagged = db.session.execute(_TAGGED.where(ContributionTag.contribution_id == root_id))
    tags = {row.slug for row in tagged}
    return any(is_about(product, words, tags) for product in products)
