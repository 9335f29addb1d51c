"""One election: its dates, rules, officers, acts and documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from sqlalchemy import exists, func, select

from iocop.core.db import db
from iocop.core.errors import Missing
from iocop.elections import life
from iocop.elections.models import (
    Election,
    ElectionAct,
    ElectionComplaint,
    ElectionDocument,
    ElectionOfficer,
    Nomination,
)
from iocop.elections.rules import Rules

if TYPE_CHECKING:
    from collections.abc import Iterable

STANDING = ("proposed", "accepted", "admitted")
"""The states of a nomination that makes somebody a candidate, or may yet."""


def election(election_id: int) -> Election:
    """Return an election.

    Raises:
        Missing: there is none.
    """
    return _existing(db.session.get(Election, election_id))


def locked(election_id: int) -> Election:
    """Return an election whose row nobody else changes until the act ends.

    Raises:
        Missing: there is none.
    """
    return _existing(db.session.get(Election, election_id, with_for_update=True, populate_existing=True))


def _existing(found: Election | None) -> Election:
    if found is None:
        raise Missing(_l("There is no such election."))
    return found


def rules_of(election: Election) -> Rules:
    return Rules.from_data(election.rules)


def dates_of(election: Election) -> life.Dates:
    return life.Dates(*(getattr(election, name) for name in life.Dates._fields))


def document(election_id: int, name: str) -> ElectionDocument | None:
    """Return a document of the archive; None before it was made."""
    return db.session.get(ElectionDocument, (election_id, name))


def is_frozen(election_id: int) -> bool:
    """Say whether the freeze stands."""
    frozen = exists().where(
        ElectionDocument.election_id == election_id, ElectionDocument.name == "freeze.json"
    )
    return bool(db.session.scalar(select(frozen)))


def officers(election_id: int) -> list[ElectionOfficer]:
    """Return an election's officers by number."""
    rows = select(ElectionOfficer).where(ElectionOfficer.election_id == election_id)
    return list(db.session.scalars(rows.order_by(ElectionOfficer.number)))


def officer_of(election_id: int, member_id: int) -> ElectionOfficer | None:
    return db.session.scalar(
        select(ElectionOfficer).where(
            ElectionOfficer.election_id == election_id, ElectionOfficer.member_id == member_id
        )
    )


def candidates(election_id: int, states: Iterable[str] = STANDING) -> list[Nomination]:
    """Return the nominations in some states: by number once frozen, before that in the order they came."""
    rows = select(Nomination).where(Nomination.election_id == election_id, Nomination.state.in_(states))
    return list(db.session.scalars(rows.order_by(Nomination.number, Nomination.id)))


def is_candidate(election_id: int, member_id: int) -> bool:
    """Say whether a member stands, or was proposed and has not declined."""
    standing = exists().where(
        Nomination.election_id == election_id,
        Nomination.member_id == member_id,
        Nomination.state.in_(STANDING),
    )
    return bool(db.session.scalar(select(standing)))


def act_of(act_id: int) -> ElectionAct:
    """Return an act.

    Raises:
        Missing: there is none.
    """
    found = db.session.get(ElectionAct, act_id)
    if found is None:
        raise Missing(_l("There is no such act."))
    return found


def acts(election_id: int) -> list[ElectionAct]:
    """Return what an election's officers did, in the order they began it."""
    rows = select(ElectionAct).where(ElectionAct.election_id == election_id)
    return list(db.session.scalars(rows.order_by(ElectionAct.id)))


def waiting_acts(election_id: int) -> list[ElectionAct]:
    """Return the acts that wait for a second officer."""
    return [row for row in acts(election_id) if row.second_id is None and row.taken_back_at is None]


def complaints(election_id: int, *, answered: bool | None = None) -> list[ElectionComplaint]:
    """Return an election's complaints in the order they came; with *answered* only those that are, or are not."""
    rows = select(ElectionComplaint).where(ElectionComplaint.election_id == election_id)
    if answered is not None:
        told = ElectionComplaint.answered_at.is_not(None)
        rows = rows.where(told if answered else ~told)
    return list(db.session.scalars(rows.order_by(ElectionComplaint.id)))


def open_complaints(election_id: int) -> int:
    """Return how many complaints wait for an answer."""
    asked = select(func.count()).where(
        ElectionComplaint.election_id == election_id, ElectionComplaint.answered_at.is_(None)
    )
    return db.session.scalar(asked) or 0
