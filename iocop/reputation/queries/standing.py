"""What the page of one's own standing is made of: four statements, whatever the ledger holds."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, and_, bindparam, case, exists, extract, func, select

from iocop.contributions.models import Contribution
from iocop.core import clock
from iocop.core.db import alias_of, read
from iocop.core.pages import offset
from iocop.forums.models import Topic
from iocop.members.models import Member
from iocop.moderation.models import Ruling
from iocop.organizations.models import Organization
from iocop.repertoire.models import Article, Proposal
from iocop.reputation.models import (
    Balance,
    CommunityDay,
    DayBalance,
    ExpertRequest,
    Greeting,
    LedgerRow,
    LevelReview,
    Rung,
    Settlement,
)
from iocop.reputation.queries.chips import is_steward
from iocop.reputation.queries.rows import is_sealed
from iocop.reputation.rules import CAP_DAYS
from iocop.reputation.selecting import Tally
from iocop.roles.models import RoleGrant
from iocop.spaces.models import Space
from iocop.spaces.queries import READABLE_BY_MEMBER, asked_now

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row, ScalarSelect, Select

    from iocop.reputation.selecting import Wanted

ROWS_A_PAGE: Final = 40

_MEMBER: Final[Any] = bindparam("member")
_undoing = alias_of(LedgerRow)


def _latest(column: Any) -> ScalarSelect[Any]:
    return select(column).order_by(CommunityDay.day.desc()).limit(1).scalar_subquery()


def _count(model: Any, *conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count()).select_from(model).where(*conditions).scalar_subquery()


def _newest_review() -> ScalarSelect[Any]:
    """Return which review of a balance's member is the last there."""
    other = alias_of(LevelReview)
    there = other.member_id == Balance.member_id, other.domain_id == Balance.domain_id
    return select(func.max(other.id)).where(*there).correlate(Balance).scalar_subquery()


_LADDERS = (
    select(
        Balance.domain_id, Balance.earned_mp, Balance.settled_mp, Balance.organizations, Balance.participation,
        Balance.accepted, Balance.contested, Rung.level, Rung.highest, Rung.since, Rung.noticed_at,
        is_steward(_MEMBER, Balance.domain_id).label("steward"),
        _latest(CommunityDay.organizations).label("active_organizations"),
        _latest(CommunityDay.people).label("active_people"),
        LevelReview.id.label("review_id"), LevelReview.state.label("review_state"),
        _count(Greeting, Greeting.greeter_id == _MEMBER).label("greeted"),
        _count(ExpertRequest, ExpertRequest.expert_id == _MEMBER, ExpertRequest.state == "answered").label("answered"),
        _count(RoleGrant, RoleGrant.member_id == _MEMBER).label("offices"),
        _count(Ruling, Ruling.moderator_id == _MEMBER).label("rulings"),
    )
    .select_from(Member)
    .outerjoin(Balance, Balance.member_id == Member.id)
    .outerjoin(Rung, and_(Rung.member_id == Member.id, Rung.domain_id == Balance.domain_id))
    .outerjoin(LevelReview, LevelReview.id == _newest_review())
    .where(Member.id == _MEMBER)
    .order_by(Balance.settled_mp.desc(), Balance.domain_id)
)  # fmt: skip


def ladders(member_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return a member's balances with their rungs, the greatest first, each beside counts of acts without points.

    Where there is no balance yet, one row with those counts alone (its *domain_id* is None).
    """
    return read(_LADDERS, {"member": member_id, "now": clock.now()}).all()


_SETTLED = (
    select(
        Settlement.ledger_id,
        func.sum(Settlement.amount_mp).label("settled"),
        func.sum(case((Settlement.day > bindparam("cut"), Settlement.amount_mp), else_=0)).label("recent"),
    )
    .where(Settlement.member_id == _MEMBER)
    .group_by(Settlement.ledger_id)
    .subquery()
)
_YEAR: Any = extract("year", LedgerRow.at)
_TALLY = (
    select(
        LedgerRow.domain_id, LedgerRow.rule, _YEAR.label("year"), LedgerRow.actor_id, LedgerRow.actor_group_id,
        Organization.name.label("organization"), func.count().label("rows"), func.min(LedgerRow.id).label("first"),
        func.sum(LedgerRow.amount_mp).label("earned"), func.coalesce(func.sum(_SETTLED.c.settled), 0).label("settled"),
        func.coalesce(func.sum(_SETTLED.c.recent), 0).label("recent"), is_sealed(LedgerRow).label("sealed"),
    )
    .outerjoin(_SETTLED, _SETTLED.c.ledger_id == LedgerRow.id)
    .outerjoin(Organization, Organization.id == LedgerRow.actor_group_id)
    .where(LedgerRow.member_id == _MEMBER)
    .group_by(
        LedgerRow.domain_id, LedgerRow.rule, _YEAR, LedgerRow.actor_id, LedgerRow.actor_group_id, Organization.name,
        "sealed",  # by its label: what is bound in it is bound once
    )
)  # fmt: skip


def tally(member_id: int) -> list[Tally]:
    """Return a member's whole ledger, added up as finely as any figure of the page needs."""
    cut = clock.now().date() - timedelta(days=CAP_DAYS)
    found = map(Tally._make, read(_TALLY, {"member": member_id, "cut": cut}))
    return [
        row._replace(
            year=int(row.year),
            earned=int(row.earned),
            settled=int(row.settled),
            recent=int(row.recent),
            sealed=bool(row.sealed),
        )
        for row in found
    ]  # PostgreSQL adds whole numbers up to decimal ones


def _settled_of_chain() -> ScalarSelect[int]:
    """Return what settled of the act that a row tells of: settlements stand at the first row of its chain."""
    first = alias_of(LedgerRow)
    same = (
        getattr(first, name).is_not_distinct_from(getattr(LedgerRow, name))
        for name in ("source_id", "rule", "member_id", "domain_id", "actor_id", "occasion")
    )
    return (
        select(func.coalesce(func.sum(Settlement.amount_mp), 0))
        .join(first, first.id == Settlement.ledger_id)
        .where(*same, is_sealed(first) == is_sealed(LedgerRow))
        .correlate(LedgerRow)
        .scalar_subquery()
    )


_ROOT = func.coalesce(Contribution.root_id, Contribution.id)
_ENTRIES = (
    select(
        LedgerRow.id, LedgerRow.at, LedgerRow.domain_id, LedgerRow.rule, LedgerRow.rule_version, LedgerRow.base_mp,
        LedgerRow.factors, LedgerRow.amount_mp, LedgerRow.source_id, LedgerRow.because, LedgerRow.reverses_id,
        _settled_of_chain().label("settled"),
        exists().where(_undoing.reverses_id == LedgerRow.id).label("undone"),
        func.coalesce(Topic.title, Article.title, Proposal.title, "").label("title"),
        READABLE_BY_MEMBER.label("readable"), Contribution.state, Contribution.kind,
    )
    .join(Contribution, Contribution.id == LedgerRow.source_id)
    .join(Space, Space.id == Contribution.space_id)
    .outerjoin(Topic, Topic.id == _ROOT)
    .outerjoin(Article, Article.id == _ROOT)
    .outerjoin(Proposal, Proposal.id == _ROOT)
    .where(LedgerRow.member_id == _MEMBER)
    .order_by(LedgerRow.id.desc())
)  # fmt: skip


def entries(member_id: int, wanted: Wanted, number: int | None = None) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return a page of a member's events, the latest first; all of them where no page is named."""
    found: Select[Any] = _ENTRIES.where(*_conditions(wanted))
    if number is not None:
        found = found.limit(ROWS_A_PAGE).offset(offset(number, ROWS_A_PAGE))
    return read(found, {"member": member_id} | asked_now()).all()


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.domain_id is not None:
        found.append(LedgerRow.domain_id == wanted.domain_id)
    if wanted.year is not None:
        found.append(wanted.year == _YEAR)
    if wanted.rules is not None:
        found.append(LedgerRow.rule.in_(sorted(wanted.rules)))
    return found


_DAYS = (
    select(DayBalance.domain_id, DayBalance.day, DayBalance.settled_mp)
    .where(DayBalance.member_id == _MEMBER)
    .order_by(DayBalance.day)
)


def days(member_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return what settled on which day, by domain, the first day first."""
    return read(_DAYS, {"member": member_id}).all()
