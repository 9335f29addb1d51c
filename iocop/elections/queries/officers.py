"""Who of an election's officers still serves, why the others do not, and on how many frozen keys one can count."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select

from iocop.core.db import db, fixed
from iocop.elections.life import APPOINTING
from iocop.elections.models import ElectionAct, ElectionOfficer, Nomination
from iocop.elections.queries.elections import STANDING
from iocop.members.models import Member
from iocop.roles.queries import holders

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from iocop.elections.models import Election

OFFICE = "returning_officer"


class Post(NamedTuple):
    """One officer of an election.

    Attributes:
        hindrance: ``relieved``, ``left``, ``suspended``, ``ended`` (the office of returning officer) or ``stands``;
            empty: they serve.
    """

    row: ElectionOfficer
    name: str
    hindrance: str


class Keys(NamedTuple):
    """The frozen keys, in officers.

    Attributes:
        frozen: whose keys are in the freeze; needed: how many of them open the ballots.
        sure: who gave theirs, or serves still; given: who gave theirs.
    """

    frozen: int
    needed: int
    sure: int
    given: int


def relieved() -> ColumnElement[bool]:
    """Return the condition on `ElectionOfficer` that the last act about the officer relieved them."""
    last = (
        select(ElectionAct.verb)
        .where(
            ElectionAct.election_id == ElectionOfficer.election_id,
            ElectionAct.subject_id == ElectionOfficer.member_id,
            ElectionAct.verb.in_(fixed(sorted(APPOINTING))), ElectionAct.second_id.is_not(None),
        )
        .order_by(ElectionAct.second_at.desc(), ElectionAct.id.desc())
        .limit(1)
        .correlate(ElectionOfficer)
        .scalar_subquery()
    )  # fmt: skip
    return func.coalesce(last, "") == "relieve_officer"


def is_relieved(election_id: int, member_id: int) -> bool:
    """Say whether a member was an officer of an election, and is none any more by an act of two others."""
    own = ElectionOfficer.election_id == election_id, ElectionOfficer.member_id == member_id
    return bool(db.session.scalar(select(relieved()).select_from(ElectionOfficer).where(*own)))


def posts(election: Election, at: datetime) -> list[Post]:
    """Return the officers by number, those too who do not serve any more. Three statements."""
    rows = db.session.execute(
        select(ElectionOfficer, Member.name, Member.state, relieved())
        .join(Member, Member.id == ElectionOfficer.member_id)
        .where(ElectionOfficer.election_id == election.id)
        .order_by(ElectionOfficer.number)
    ).all()
    in_office = set(holders(OFFICE, at))
    standing = set(
        db.session.scalars(
            select(Nomination.member_id).where(
                Nomination.election_id == election.id, Nomination.state.in_(STANDING)
            )
        )
    )
    return [
        Post(row, name, _hindrance(state, gone, row.member_id in in_office, row.member_id in standing))
        for row, name, state, gone in rows
    ]


def _hindrance(state: str, gone: bool, in_office: bool, stands: bool) -> str:
    told = {
        "relieved": gone, "suspended": state == "suspended", "left": state not in {"active", "suspended"},
        "ended": not in_office, "stands": stands,
    }  # fmt: skip
    return next((name for name, holds in told.items() if holds), "")


def serving(election: Election, at: datetime) -> set[int]:
    """Return the members who serve as officers at a moment."""
    return {post.row.member_id for post in posts(election, at) if not post.hindrance}


def offered(election: Election, at: datetime) -> list[tuple[int, str]]:
    """Return who could be named an officer: active returning officers who neither serve here nor stand, by name."""
    standing = select(Nomination.member_id).where(
        Nomination.election_id == election.id, Nomination.state.in_(STANDING)
    )
    rows = db.session.execute(
        select(Member.id, Member.name)
        .where(Member.id.in_(holders(OFFICE, at)), Member.state == "active", Member.id.not_in(standing))
        .order_by(Member.name, Member.id)
    )
    taken = serving(election, at)
    return [(row.id, row.name) for row in rows if row.id not in taken]


def keys(election: Election, found: Iterable[Post]) -> Keys:
    """Return how the keys of a frozen election stand, of its officers as `posts` gives them."""
    holding = [post for post in found if post.row.encryption_key is not None]
    given = sum(post.row.private_key is not None for post in holding)
    sure = sum(post.row.private_key is not None or not post.hindrance for post in holding)
    return Keys(len(holding), election.needed, sure, given)
