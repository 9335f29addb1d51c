"""Whom to ask: the few who know a domain and can be asked now, in as many statements for thirty members as for 30,000."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import and_, func, or_, select, union

from iocop.contributions.models import Contribution
from iocop.core import clock
from iocop.core.db import db
from iocop.members.models import Member
from iocop.organizations.models import MemberCard
from iocop.reputation import ranking
from iocop.reputation.models import Availability, Balance, ExpertRequest
from iocop.reputation.queries.groups import Groups, groups_now
from iocop.spaces.models import Space
from iocop.spaces.queries import asked_now, readable_by

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import ColumnElement, Row, Select

    from iocop.core.login import Viewer

POOL: Final = 200
"""So many of the highest standing in a domain are ranked: below them hardly anybody is that much more reliable."""

PER_WEEK = func.coalesce(Availability.per_week, ranking.USUAL_PER_WEEK)


class Suggested(NamedTuple):
    """Somebody to ask, with why.

    Attributes:
        domain_id: where they gave most, of those asked about.
        answers: whether it was by answers that were accepted.
        where: ``elsewhere``, ``here`` (the asker's own organization or group), or nothing where either is not known.
        time_zone, note: when and how they like to be reached; empty where they said nothing.
    """

    member_id: int
    number: int
    name: str
    photo_key: str
    organization: str
    domain_id: int
    answers: bool
    where: str
    time_zone: str
    note: str


def suggestions(
    viewer: Viewer, domain_ids: Collection[int], *, topic_id: int | None = None
) -> list[Suggested]:
    """Return at most five people to ask, those of other organizations first, in at most three statements.

    Args:
        topic_id: who is asked there, has answered under their name or may not read it is left out.
    """
    rows = db.session.execute(_standing(viewer.id, sorted(domain_ids), topic_id), asked_now()).all()
    by_member: dict[int, list[Row[*tuple[Any, ...]]]] = defaultdict(list)
    for row in rows:
        by_member[row.member_id].append(row)
    groups = groups_now([*by_member, viewer.id]) if by_member else Groups({}, {})
    own = groups.of_member.get(viewer.id, frozenset())
    wanted = frozenset(domain_ids)
    candidates = [
        _candidate(
            member_id, held, wanted, colleague=bool(own & groups.of_member.get(member_id, frozenset()))
        )
        for member_id, held in by_member.items()
    ]
    return [
        _suggested(by_member[one.member_id], wanted, own, groups.of_organization)
        for one in ranking.ranked(candidates)
    ]


def _standing(member_id: int, domain_ids: Sequence[int], topic_id: int | None) -> Select[*tuple[Any, ...]]:
    """Every balance of those who come into question, beside how they are called and reached."""
    pool = union(*(_pool(member_id, domain_id, topic_id) for domain_id in domain_ids)).subquery()
    return (
        select(
            Balance.member_id, Balance.domain_id, Balance.standing_mp, Balance.accepted, Balance.contested,
            MemberCard.number, MemberCard.name, MemberCard.photo_key, MemberCard.organization_id,
            MemberCard.organization_name, Availability.time_zone, Availability.note,
        )
        .join(MemberCard, MemberCard.member_id == Balance.member_id)
        .outerjoin(Availability, Availability.member_id == Balance.member_id)
        .where(Balance.member_id.in_(select(pool.c.member_id)))
        .order_by(Balance.member_id, Balance.domain_id)
    )  # fmt: skip


def _pool(member_id: int, domain_id: int, topic_id: int | None) -> Select[int]:
    """The members of highest standing in a domain who can be asked now, read in the index's order until enough."""
    best = (
        select(Balance.member_id)
        .join(Member, Member.id == Balance.member_id)
        .outerjoin(Availability, Availability.member_id == Balance.member_id)
        .where(
            Balance.domain_id == domain_id,
            Balance.standing_mp > 0,
            Balance.member_id != member_id,
            Member.state == "active",
            _can_be_asked(),
            *(_fits(topic_id) if topic_id is not None else ()),
        )
        .order_by(Balance.standing_mp.desc(), Balance.member_id)
        .limit(POOL)
        .subquery()
    )
    return select(best.c.member_id)


def asked_lately(member: ColumnElement[int] | int) -> Any:
    """Return how many requests a member, who may be a column, was made in the last seven days, as a subquery."""
    since = clock.now() - timedelta(days=ranking.WEEK_DAYS)
    return (
        select(func.count())
        .where(ExpertRequest.expert_id == member, ExpertRequest.asked_at > since)
        .correlate_except(ExpertRequest)
        .scalar_subquery()
    )


def _can_be_asked() -> ColumnElement[bool]:
    """Neither away, nor asked as often this week as they are glad to be."""
    today = clock.now().date()
    return and_(
        or_(Availability.away_until.is_(None), Availability.away_until <= today),
        asked_lately(Balance.__table__.c.member_id) < PER_WEEK,
    )


def _fits(topic_id: int) -> list[ColumnElement[bool]]:
    """Who reads the topic, was not asked there and has not answered; a sealed answer must not show by who is missing."""
    member = Balance.__table__.c.member_id
    reads = (
        select(Space.id)
        .join(Contribution, Contribution.space_id == Space.id)
        .where(Contribution.id == topic_id, readable_by(member))
    )
    asked = select(ExpertRequest.id).where(
        ExpertRequest.topic_id == topic_id, ExpertRequest.expert_id == member
    )
    answered = has_answered(topic_id, member)
    return [
        reads.correlate(Balance).exists(),
        ~asked.correlate_except(ExpertRequest).exists(),
        ~answered.correlate_except(Contribution).exists(),
    ]


def has_answered(topic_id: int, member: ColumnElement[int] | int) -> Select[int]:
    """Return the answers of a member, who may be a column, that stand under a question with their name."""
    return select(Contribution.id).where(
        Contribution.root_id == topic_id,
        Contribution.author_id == member,
        Contribution.kind == "answer",
        Contribution.byline != "sealed",
        Contribution.state == "visible",
    )


def _candidate(
    member_id: int, rows: Sequence[Row[*tuple[Any, ...]]], wanted: frozenset[int], *, colleague: bool
) -> ranking.Candidate:
    here = [row for row in rows if row.domain_id in wanted]
    return ranking.Candidate(
        member_id, sum(row.standing_mp for row in here), sum(row.standing_mp for row in rows),
        sum(row.accepted for row in here), sum(row.contested for row in here), colleague,
    )  # fmt: skip


def _suggested(
    rows: Sequence[Row[*tuple[Any, ...]]], wanted: frozenset[int], own: frozenset[int], groups: Mapping[int, int]
) -> Suggested:  # fmt: skip
    """Say of somebody what the asker reads; an organization that the member does not show is not hinted at."""
    best = max((row for row in rows if row.domain_id in wanted), key=lambda row: row.standing_mp)
    known = own and best.organization_id is not None
    where = "" if not known else "here" if groups.get(best.organization_id) in own else "elsewhere"
    return Suggested(
        best.member_id, best.number, best.name, best.photo_key, best.organization_name, best.domain_id,
        best.accepted > 0, where, best.time_zone or "", best.note or "",
    )  # fmt: skip
