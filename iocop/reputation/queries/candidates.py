"""Members who have come to what level 3 asks for, and wait until two people have looked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import func, select, tuple_

from iocop.core import clock
from iocop.core.db import db
from iocop.domains.models import Domain
from iocop.members.models import Member
from iocop.reputation.ladder import LOOKED_AT
from iocop.reputation.models import Irregularity, IrregularityParty, LadderRule, LevelReview, LevelWord
from iocop.reputation.promotion import WAITED, median_wait
from iocop.reputation.queries.levels import Place

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime, timedelta

    from sqlalchemy import Row


def looked_at_since() -> datetime | None:
    """Return since when people look before level 3; None where they do not yet."""
    since = db.session.scalar(select(LadderRule.since).where(LadderRule.version == LOOKED_AT))
    return since if since is not None and since <= clock.now() else None


def latest_reviews(places: Collection[Place]) -> dict[Place, LevelReview]:
    """Return the last review of each member in each domain; who never had one is left out."""
    newest = (
        select(func.max(LevelReview.id))
        .where(tuple_(LevelReview.member_id, LevelReview.domain_id).in_(places))
        .group_by(LevelReview.member_id, LevelReview.domain_id)
    )
    rows = db.session.scalars(select(LevelReview).where(LevelReview.id.in_(newest)))
    return {Place(row.member_id, row.domain_id): row for row in rows}


class Candidate(NamedTuple):
    """A line of the queue."""

    review_id: int
    place: Place
    name: str
    domain: str
    opened_at: datetime
    words: Sequence[LevelWord]


def waiting() -> list[Candidate]:
    """Return who waits, the longest first; who left or is suspended is passed over."""
    rows = db.session.execute(
        select(
            LevelReview.id, LevelReview.member_id, LevelReview.domain_id, Member.name, Domain.name,
            LevelReview.opened_at,
        )
        .join(Member, Member.id == LevelReview.member_id)
        .join(Domain, Domain.id == LevelReview.domain_id)
        .where(LevelReview.state == "open", Member.state == "active")
        .order_by(LevelReview.opened_at, LevelReview.id)
    ).all()  # fmt: skip
    words = words_of([row[0] for row in rows])
    return [
        Candidate(row[0], Place(row[1], row[2]), row[3], row[4], row[5], words.get(row[0], ()))
        for row in rows
    ]


def words_of(review_ids: Collection[int]) -> dict[int, list[LevelWord]]:
    """Return what was said, by review, in the order it was said."""
    found: dict[int, list[LevelWord]] = {}
    if review_ids:
        rows = select(LevelWord).where(LevelWord.review_id.in_(review_ids)).order_by(LevelWord.at)
        for word in db.session.scalars(rows):
            found.setdefault(word.review_id, []).append(word)
    return found


def usual_wait() -> timedelta | None:
    """Return the median time from the beginning to the end of what was decided within a year."""
    rows = db.session.execute(
        select(LevelReview.opened_at, LevelReview.closed_at).where(
            LevelReview.closed_at > clock.now() - WAITED
        )
    )
    return median_wait([closed - opened for opened, closed in rows if closed is not None])


def told_irregularities(member_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return what looked irregular about a member and was told them, the latest first: kind, state and day."""
    return db.session.execute(
        select(Irregularity.kind, Irregularity.state, Irregularity.told_at)
        .join(IrregularityParty, IrregularityParty.irregularity_id == Irregularity.id)
        .where(IrregularityParty.member_id == member_id, Irregularity.told_at.is_not(None))
        .order_by(Irregularity.told_at.desc())
    ).all()
