"""What was asked of whom, what waits for a member's expertise, and which promises were kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, case, func, or_, select

from iocop.contributions.models import Contribution, ContributionDomain
from iocop.core import clock
from iocop.core.db import db
from iocop.core.errors import Missing
from iocop.core.pages import Page, offset
from iocop.domains.models import MemberDomain
from iocop.forums.models import Topic
from iocop.members.models import Member
from iocop.organizations.models import MemberCard
from iocop.repertoire.models import ArticleRequest
from iocop.reputation import ranking
from iocop.reputation.models import Availability, Balance, ExpertRequest
from iocop.reputation.promises import WRITE_WITHIN, Promises
from iocop.reputation.queries.asking import PER_WEEK, asked_lately, has_answered
from iocop.reputation.ranking import Asked
from iocop.spaces.models import Space
from iocop.spaces.policy import readable
from iocop.spaces.queries import READABLE_BY_MEMBER, asked_now, readable_by, scope_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row, SQLColumnExpression

    from iocop.core.login import Viewer

NEEDS_A_PAGE: Final = 20
WAITING: Final = ("open", "agreed")
"""States in which somebody is still asked."""

_STILL_OPEN: Final[tuple[SQLColumnExpression[bool], ...]] = (
    Topic.listed, Topic.kind == "question", Topic.closed_at.is_(None), Topic.accepted_id.is_(None),
)  # fmt: skip


def requests_of(topic_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return who was asked about a question, in the order they were asked, with what came of it."""
    return db.session.execute(
        select(
            ExpertRequest.id, ExpertRequest.expert_id, ExpertRequest.state, ExpertRequest.note,
            ExpertRequest.asked_at, ExpertRequest.agreed_at, ExpertRequest.settled_at,
            MemberCard.name, MemberCard.number, MemberCard.state.label("member_state"),
        )
        .outerjoin(MemberCard, MemberCard.member_id == ExpertRequest.expert_id)
        .where(ExpertRequest.topic_id == topic_id)
        .order_by(ExpertRequest.asked_at, ExpertRequest.id)
    ).all()  # fmt: skip


def asked_of(viewer: Viewer) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return what a member is asked for directly and can still answer, promised ones last, the oldest first."""
    return db.session.execute(
        select(
            ExpertRequest.id, ExpertRequest.topic_id, ExpertRequest.state, ExpertRequest.note,
            ExpertRequest.asked_at, ExpertRequest.agreed_at, Topic.title, Contribution.byline, MemberCard.name,
        )
        .join(Topic, Topic.id == ExpertRequest.topic_id)
        .join(Contribution, Contribution.id == Topic.id)
        .outerjoin(MemberCard, MemberCard.member_id == ExpertRequest.asker_id)
        .where(
            ExpertRequest.expert_id == viewer.id,
            ExpertRequest.state.in_(WAITING),
            *_still_open(viewer),
        )
        .order_by(ExpertRequest.state.desc(), ExpertRequest.asked_at, ExpertRequest.id)
    ).all()  # fmt: skip


def _still_open(viewer: Viewer) -> list[SQLColumnExpression[bool]]:
    return [*_STILL_OPEN, readable(scope_of(viewer), Contribution.space_id, Contribution.label)]


def needs(viewer: Viewer, number: int) -> Page[Any]:
    """Return a page of unanswered questions of the domains a member knows or chose, the longest waiting first.

    Raises:
        Missing: there is no such page.
    """
    known = select(Balance.domain_id).where(Balance.member_id == viewer.id, Balance.standing_mp > 0)
    chosen = select(MemberDomain.domain_id).where(MemberDomain.member_id == viewer.id)
    filed = select(ContributionDomain.contribution_id).where(
        or_(ContributionDomain.domain_id.in_(known), ContributionDomain.domain_id.in_(chosen))
    )
    first = (
        select(func.min(ContributionDomain.domain_id))
        .where(ContributionDomain.contribution_id == Topic.id, ContributionDomain.position == 0)
        .correlate(Topic)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(
            Topic.id, Topic.title, Topic.opened_at, Topic.posts, Contribution.byline,
            MemberCard.name, first.label("domain_id"), func.count().over().label("total"),
        )
        .join(Contribution, Contribution.id == Topic.id)
        .outerjoin(MemberCard, MemberCard.member_id == Contribution.author_id)
        .where(
            *_still_open(viewer),
            Topic.answers == 0,
            Contribution.author_id != viewer.id,
            Topic.id.in_(filed),
        )
        .order_by(Topic.opened_at, Topic.id)
        .limit(NEEDS_A_PAGE)
        .offset(offset(number, NEEDS_A_PAGE))
    ).all()  # fmt: skip
    if not rows and number > 1:
        raise Missing(_l("There is no such page."))
    return Page(rows, number, NEEDS_A_PAGE, rows[0].total if rows else 0)


def own_open_questions(viewer: Viewer, domain_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the viewer's latest questions in a domain that are neither solved nor closed."""
    filed = select(ContributionDomain.contribution_id).where(ContributionDomain.domain_id == domain_id)
    return db.session.execute(
        select(Topic.id, Topic.title)
        .join(Contribution, Contribution.id == Topic.id)
        .join(Space, Space.id == Contribution.space_id)
        .where(*_STILL_OPEN, READABLE_BY_MEMBER, Contribution.author_id == viewer.id, Topic.id.in_(filed))
        .order_by(Topic.opened_at.desc())
        .limit(ranking.SUGGESTED),
        {"member": viewer.id} | asked_now(),
    ).all()


def whether_asked(topic_id: int, member_id: int) -> tuple[Asked, int]:
    """Return what decides whether a member can be asked about a question, and how many are waited for there.

    Raises:
        Missing: there is no such member.
    """
    filed = select(ContributionDomain.domain_id).where(ContributionDomain.contribution_id == topic_id)
    known = select(Balance.domain_id).where(
        Balance.member_id == member_id, Balance.standing_mp > 0, Balance.domain_id.in_(filed)
    )
    reads = (
        select(Space.id)
        .join(Contribution, Contribution.space_id == Space.id)
        .where(Contribution.id == topic_id, readable_by(Member.__table__.c.id))
        .correlate(Member)
    )
    here = select(func.count()).where(ExpertRequest.topic_id == topic_id)
    row = db.session.execute(
        select(
            Member.name, Member.state, Availability.away_until, PER_WEEK.label("per_week"),
            known.exists().label("known"), reads.exists().label("reads"),
            has_answered(topic_id, member_id).exists().label("has_answered"),
            here.where(ExpertRequest.expert_id == member_id).scalar_subquery().label("was_asked"),
            here.where(ExpertRequest.state.in_(WAITING)).scalar_subquery().label("waiting"),
            asked_lately(member_id).label("this_week"),
        )
        .outerjoin(Availability, Availability.member_id == Member.id)
        .where(Member.id == member_id),
        asked_now(),
    ).first()  # fmt: skip
    if row is None:
        raise Missing(_l("There is no such member."))
    asked = Asked(
        row.name, row.state, row.known, row.reads, row.has_answered, row.was_asked > 0, row.this_week,
        row.per_week, row.away_until,
    )  # fmt: skip
    return asked, row.waiting


def availability_of(member_id: int) -> Availability | None:
    return db.session.get(Availability, member_id)


def promises_of(member_id: int) -> Promises:
    """Return the promises of a member that fell due, and those kept: answers promised, articles taken over."""
    return _answers(member_id).and_also(_articles(member_id))


def _answers(member_id: int) -> Promises:
    """An answer promised is due at once, as it is settled; one that came to nothing because the question was is none."""
    needless = or_(
        and_(Topic.accepted_at.is_not(None), Topic.accepted_at <= ExpertRequest.settled_at),
        and_(Topic.closed_at.is_not(None), Topic.closed_at <= ExpertRequest.settled_at),
        ~Topic.listed,
    )
    kept = ExpertRequest.state == "answered"
    row = db.session.execute(
        select(func.count(), func.coalesce(func.sum(case((kept, 1), else_=0)), 0))
        .select_from(ExpertRequest)
        .join(Topic, Topic.id == ExpertRequest.topic_id)
        .where(
            ExpertRequest.expert_id == member_id,
            ExpertRequest.agreed_at.is_not(None),
            ExpertRequest.settled_at.is_not(None),
            or_(kept, ~needless),
        )
    ).one()
    return Promises(*row)


def _articles(member_id: int) -> Promises:
    """An article taken over is kept once it closed its request, and due after two months."""
    kept = ArticleRequest.status == "answered"
    overdue = and_(ArticleRequest.status == "taken", ArticleRequest.taken_at <= clock.now() - WRITE_WITHIN)
    row = db.session.execute(
        select(func.count(), func.coalesce(func.sum(case((kept, 1), else_=0)), 0)).where(
            ArticleRequest.taken_by_id == member_id, or_(kept, overdue)
        )
    ).one()
    return Promises(*row)
