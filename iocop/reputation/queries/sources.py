"""What stands of the acts that earn points: marks, acceptances, approvals, shares in a text."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select

from iocop.contributions.models import Contribution, Mark
from iocop.core.db import db
from iocop.forums.models import Topic
from iocop.members.models import Member
from iocop.moderation.models import Ruling
from iocop.repertoire.models import Article, Credit, Proposal, Review, Spell
from iocop.repertoire.quorum import NEEDED, Voice, organization
from iocop.reputation.models import LedgerRow
from iocop.spaces.queries import VERIFIED

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from iocop.reputation.chains import Key

ENDED = ("stale", "outdated")


def standing_mark(contribution_id: int, member_id: int, kind: str) -> Mark | None:
    """Return a member's mark of a kind while it is not withdrawn; a doubt is a *helpful* of value -1."""
    return db.session.scalar(
        select(Mark).where(
            Mark.contribution_id == contribution_id,
            Mark.member_id == member_id,
            Mark.kind == kind,
            Mark.withdrawn_at.is_(None),
        )
    )


def standing_marks(contribution_id: int) -> dict[tuple[int, str], int]:
    """Return the value of every mark that stands on a contribution, by member and kind."""
    rows = db.session.execute(
        select(Mark.member_id, Mark.kind, Mark.value).where(
            Mark.contribution_id == contribution_id, Mark.withdrawn_at.is_(None)
        )
    )
    return {(row.member_id, row.kind): row.value for row in rows}


def accepted_at(post_id: int) -> datetime | None:
    """Return since when an answer is its question's accepted one; None where it is not."""
    return db.session.scalar(select(Topic.accepted_at).where(Topic.accepted_id == post_id))


def joined_at(member_id: int) -> datetime:
    return db.session.scalars(select(Member.joined_at).where(Member.id == member_id)).one()


class Part(NamedTuple):
    """What somebody wrote of something, in ten-thousandths; *sealed*: without their name."""

    member_id: int
    share: int
    sealed: bool


def parts_of(article_id: int) -> list[Part]:
    """Return each person's share in an article's present text; who wrote with and without their name has two."""
    rows = db.session.execute(
        select(Credit.member_id, Credit.share, Credit.sealed)
        .where(Credit.article_id == article_id)
        .order_by(Credit.member_id, Credit.sealed)
    )
    return [Part(*row) for row in rows]


def approvers_of(proposal: Proposal) -> list[int]:
    """Return who approved a proposal's last round, the first of each organization, two at most."""
    rows = db.session.execute(
        select(Review.reviewer_id, Review.org_group_id, Review.org_evidence)
        .where(Review.proposal_id == proposal.id, Review.round == proposal.round, Review.verdict == "approve")
        .order_by(Review.id)
    )
    first: dict[int, int] = {}
    for row in rows:
        voice = Voice(row.reviewer_id, row.org_group_id, row.org_evidence in VERIFIED)
        first.setdefault(organization(voice), row.reviewer_id)
    return list(first.values())[:NEEDED]


def approved_otherwise(article_id: int, occasion: str) -> bool:
    """Say whether an article came into the repertoire on another occasion."""
    known = select(LedgerRow.id).where(
        LedgerRow.source_id == article_id,
        LedgerRow.rule == "article_approved",
        LedgerRow.occasion != occasion,
    )
    return db.session.scalar(known.limit(1)) is not None


def was_due(article_id: int, confirmed_at: datetime) -> bool:
    """Say whether the time an article was taken to hold had run out when it was confirmed at a moment."""
    spells = list(
        db.session.scalars(
            select(Spell)
            .where(Spell.article_id == article_id, Spell.began_at <= confirmed_at)
            .order_by(Spell.began_at.desc(), Spell.id.desc())
            .limit(2)
        )
    )
    if len(spells) < 2 or spells[0].began_at != confirmed_at:
        return False
    before = spells[1]
    return before.due_at <= confirmed_at or before.ended_by in ENDED


def confirmed_by_another(article_id: int, occasion: str, member_id: int) -> bool:
    """Say whether somebody else's confirmation of an article stands for an organization and year."""
    chains = (
        select(LedgerRow.member_id)
        .where(
            LedgerRow.source_id == article_id, LedgerRow.rule == "article_confirmed", LedgerRow.occasion == occasion,
            LedgerRow.actor_id != member_id,
        )
        .group_by(LedgerRow.member_id, LedgerRow.domain_id, LedgerRow.actor_id)
        .having(func.count() % 2 == 1)  # a row, what undid it, what restored it, …: an odd number stands
    )  # fmt: skip
    return db.session.execute(chains.limit(1)).first() is not None


def undone_because(
    contribution_id: int, rule: str, actor_id: int | None, occasion: str, member_ids: Collection[int]
) -> str:
    """Return why the newest row of an act was entered: empty where it is the act's own, or there is none."""
    newest = (
        select(LedgerRow.because)
        .where(
            LedgerRow.source_id == contribution_id, LedgerRow.rule == rule, LedgerRow.occasion == occasion,
            LedgerRow.actor_id.is_not_distinct_from(actor_id), LedgerRow.member_id.in_(member_ids),
        )
        .order_by(LedgerRow.id.desc())
        .limit(1)
    )  # fmt: skip
    return db.session.scalar(newest) or ""


def removed_by_ruling(thing: Contribution) -> bool:
    """Say whether a moderator's ruling removed a contribution, and that stands."""
    if thing.state != "removed":
        return False
    newest = db.session.execute(
        select(Ruling.kind, Ruling.moderator_id)
        .where(Ruling.contribution_id == thing.id)
        .order_by(Ruling.id.desc())
        .limit(1)
    ).first()
    return newest is not None and (newest.kind, newest.moderator_id) == ("remove", thing.state_by_id)


def taken_home_at(contribution_id: int, occasion: str) -> datetime | None:
    """Return when it was confirmed that something was taken home on an occasion."""
    return db.session.scalar(
        select(LedgerRow.at)
        .where(
            LedgerRow.source_id == contribution_id,
            LedgerRow.rule == "home_taken",
            LedgerRow.occasion == occasion,
        )
        .order_by(LedgerRow.id)
        .limit(1)
    )


class Earned(NamedTuple):
    """What a member earned by one act and has still."""

    rule: str
    source_id: int
    actor_id: int | None
    occasion: str
    at: datetime
    domain_ids: tuple[int, ...]
    share: int | None
    approvers: int
    sealed: bool


def earned_by(member_id: int) -> list[Earned]:
    """Return all that stands in a member's ledger, by act, in the order it was entered."""
    chains: dict[tuple[Key, int], list[LedgerRow]] = {}
    rows = select(LedgerRow).where(LedgerRow.member_id == member_id).order_by(LedgerRow.id)
    for row in db.session.scalars(rows):
        key = (row.rule, row.source_id, row.actor_id, row.occasion, "sealed" in row.factors)
        chains.setdefault((key, row.domain_id), []).append(row)
    acts: dict[Key, list[LedgerRow]] = {}
    for (key, _domain_id), chain in chains.items():
        if len(chain) % 2:
            acts.setdefault(key, []).append(chain[0])
    return [
        Earned(
            *key[:4], firsts[0].at, tuple(row.domain_id for row in firsts), firsts[0].factors.get("share"),
            firsts[0].factors.get("approvers", 1), key[4],
        )
        for key, firsts in acts.items()
    ]  # fmt: skip


def article_of(proposal_id: int) -> tuple[Proposal, Article]:
    """Return a proposal that was carried out, with its article."""
    proposal = db.session.get_one(Proposal, proposal_id)
    return proposal, db.session.get_one(Article, proposal.article_id)
