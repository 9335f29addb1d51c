"""How many of a member's answers were accepted, of those that could have been: read from the forum, kept by domain."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import and_, case, func, select

from iocop.contributions.models import Contribution, ContributionDomain
from iocop.core import clock
from iocop.core.db import alias_of, db
from iocop.core.events import emit
from iocop.forums.models import Topic
from iocop.reputation.events import StandingChanged
from iocop.reputation.models import Balance
from iocop.reputation.queries.levels import Place
from iocop.reputation.services.ledger import writing

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.orm import Session

_Answer = alias_of(Contribution)
_Asked = alias_of(Contribution)
_Accepted = alias_of(Contribution)


class Count(NamedTuple):
    """Answers to questions that have an accepted answer, and how many of them are it."""

    accepted: int = 0
    contested: int = 0


_COUNTED = (
    select(
        _Answer.author_id, ContributionDomain.domain_id,
        func.sum(case((Topic.accepted_id == _Answer.id, 1), else_=0)).label("accepted"),
        func.count().label("contested"),
    )
    .join(Topic, Topic.id == _Answer.root_id)
    .join(_Asked, _Asked.id == Topic.id)
    .join(_Accepted, and_(_Accepted.id == Topic.accepted_id, _Accepted.author_id != _Asked.author_id))
    .join(ContributionDomain, ContributionDomain.contribution_id == Topic.id)
    .where(
        _Answer.kind == "answer",
        _Answer.state == "visible",
        _Answer.byline != "sealed",
        _Answer.author_id != _Asked.author_id,
    )
    .group_by(_Answer.author_id, ContributionDomain.domain_id)
)  # fmt: skip
"""Who accepts an own answer settles nothing between others. An answer without a name counts for nobody: the counts
are shown to others, and would tell whose it is."""


def count_answers(topic_id: int) -> None:
    """Count anew for everybody who answered a question, whatever became of the answer."""
    wrote = select(Contribution.author_id).where(
        Contribution.root_id == topic_id, Contribution.kind == "answer"
    )
    count_answers_of(set(db.session.scalars(wrote)))


def count_answers_of(member_ids: Collection[int] | None) -> None:
    """Count some members' answers anew in every domain, or everybody's where *member_ids* is None.

    Whose numbers changed is told of: they are a part of their standing.
    """
    with writing():
        moved: dict[int, list[int]] = {}
        for member_id, domain_id in recount(member_ids):
            moved.setdefault(member_id, []).append(domain_id)
        for member_id, domain_ids in moved.items():
            emit(StandingChanged(None, member_id=member_id, domain_ids=tuple(domain_ids)))


def recount(member_ids: Collection[int] | None) -> list[Place]:
    """Count anew and tell nobody; return where a number changed, in the order of members and domains."""
    if member_ids is not None and not member_ids:
        return []
    with writing() as ledger:
        counts, kept = _counts(ledger.session, member_ids), _kept(ledger.session, member_ids)
        moved = [
            Place(*place)
            for place in sorted(counts.keys() | kept.keys())
            if _keep(ledger.session, kept.get(place), *place, counts)
        ]
        ledger.session.flush()
        return moved


def _counts(session: Session, member_ids: Collection[int] | None) -> dict[tuple[int, int], Count]:
    counted = _COUNTED if member_ids is None else _COUNTED.where(_Answer.author_id.in_(member_ids))
    rows = session.execute(counted)
    return {(row.author_id, row.domain_id): Count(int(row.accepted), row.contested) for row in rows}


def _kept(session: Session, member_ids: Collection[int] | None) -> dict[tuple[int, int], Balance]:
    balances = select(Balance)
    if member_ids is not None:
        balances = balances.where(Balance.member_id.in_(member_ids))
    rows = session.scalars(balances.with_for_update().execution_options(populate_existing=True))
    return {(row.member_id, row.domain_id): row for row in rows}


def _keep(
    session: Session,
    kept: Balance | None,
    member_id: int,
    domain_id: int,
    counts: dict[tuple[int, int], Count],
) -> bool:
    """Write a count where it is another than before; say whether it is."""
    new = counts.get((member_id, domain_id), Count())
    if new == (Count(kept.accepted, kept.contested) if kept else Count()):
        return False
    if kept is None:
        kept = Balance(member_id=member_id, domain_id=domain_id, standing_on=clock.now().date())
        session.add(kept)
    kept.accepted, kept.contested = new
    return True
