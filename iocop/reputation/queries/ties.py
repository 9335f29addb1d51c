"""How members stand to one another, read from the affiliations and relations they and administrators declared."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import select

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
    from collections.abc import Collection
    from datetime import datetime

    from iocop.reputation.book import Tie

_SPELLS = select(*(getattr(Affiliation, name) for name in Spell._fields)).where(
    Affiliation.superseded_at.is_(None)
)
_RELATIONS = select(*(getattr(OrganizationRelation, name) for name in Relation._fields))
_MERGED = select(Organization.id, Organization.merged_into_id).where(Organization.merged_into_id.is_not(None))


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


def _sells(employers: Collection[int], thing: Contribution) -> bool:
    if not employers:
        return False
    sold = db.session.scalars(select(Offer.name).where(Offer.organization_id.in_(employers))).all()
    return bool(sold) and _is_about_any(sold, thing.root_id or thing.id)


def _is_about_any(products: Collection[str], root_id: int) -> bool:
    titles = (
        select(Topic.title, Article.title, Article.product)
        .select_from(Contribution)
        .outerjoin(Topic, Topic.id == Contribution.id)
        .outerjoin(Article, Article.id == Contribution.id)
        .where(Contribution.id == root_id)
    )
    words = " ".join(filter(None, db.session.execute(titles).one()))
    tags = set(
        db.session.scalars(
            select(Tag.slug)
            .join(ContributionTag, ContributionTag.tag_id == Tag.id)
            .where(ContributionTag.contribution_id == root_id)
        )
    )
    return any(is_about(product, words, tags) for product in products)
