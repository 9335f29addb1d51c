"""Nominations: who may stand, what a candidate's page shows, who seconds whom."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from flask_babel import lazy_gettext as _l
from sqlalchemy import exists, func, select

from iocop.core.db import db
from iocop.core.errors import Missing
from iocop.elections import candidacy
from iocop.elections.candidacy import Contender
from iocop.elections.models import Election, Nomination, Seconding
from iocop.elections.queries import elections, groups, seats
from iocop.members.models import Member
from iocop.roles.models import RoleGrant
from iocop.roles.terms import Term, year_after

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime


class Shown(NamedTuple):
    """A candidate as lists and pages show one."""

    nomination: Nomination
    member: Member
    seconders: int


def nomination(election_id: int, nomination_id: int) -> Nomination:
    """Return a nomination of an election.

    Raises:
        Missing: there is none.
    """
    found = db.session.get(Nomination, nomination_id)
    if found is None or found.election_id != election_id:
        raise Missing(_l("There is no such nomination in this election."))
    return found


def of_member(election_id: int, member_id: int) -> Nomination | None:
    """Return a member's nomination in an election."""
    return db.session.scalar(
        select(Nomination).where(Nomination.election_id == election_id, Nomination.member_id == member_id)
    )


def shown(election_id: int, states: Collection[str]) -> list[Shown]:
    """Return candidates with their names and how many second them: by number once frozen, before by name."""
    seconders = (
        select(func.count())
        .where(Seconding.nomination_id == Nomination.id)
        .correlate(Nomination)
        .scalar_subquery()
    )
    rows = (
        select(Nomination, Member, seconders)
        .join(Member, Member.id == Nomination.member_id)
        .where(Nomination.election_id == election_id, Nomination.state.in_(states))
        .order_by(Nomination.number, Member.name, Nomination.id)
    )
    return [Shown(*row) for row in db.session.execute(rows)]


def seconders(nomination_id: int) -> list[Member]:
    """Return who seconds a candidate, in the order they did."""
    rows = select(Member).join(Seconding, Seconding.member_id == Member.id)
    return list(
        db.session.scalars(rows.where(Seconding.nomination_id == nomination_id).order_by(Seconding.id))
    )


def lacking_seconders(election: Election, nomination_id: int) -> int:
    """Return how many seconders a candidate still lacks by the rules."""
    have = select(func.count()).select_from(Seconding).where(Seconding.nomination_id == nomination_id)
    return max(0, elections.rules_of(election).seconders - (db.session.scalar(have) or 0))


def is_seconded_by(nomination_id: int, member_id: int) -> bool:
    found = exists().where(Seconding.nomination_id == nomination_id, Seconding.member_id == member_id)
    return bool(db.session.scalar(select(found)))


def term_of(election: Election) -> Term:
    """Return the term of office an election is for."""
    start = seats.first_moment(election.term_starts_on)
    if election.term_ends_on is not None:
        return Term(start, seats.first_moment(election.term_ends_on))
    return Term(start, start + timedelta(days=round(elections.rules_of(election).term_months * 365.25 / 12)))


def why_not(election: Election, member_id: int, at: datetime) -> str:
    """Return why a member may not stand (`candidacy.HINDRANCES`); empty: they may."""
    member = db.session.get(Member, member_id)
    if member is None:
        return "not_a_member"
    rules = elections.rules_of(election)
    return candidacy.hindrance(_contender(election, member, at), rules, term_of(election), at)


def _contender(election: Election, member: Member, at: datetime) -> Contender:
    own = groups.all_groups([member.id], at).get(member.id, frozenset())
    main = groups.main_groups([member.id], at).get(member.id)
    return Contender(
        state=member.state,
        real_name=member.name_mode == "real",
        joined_at=member.joined_at,
        country=member.country,
        affiliated=bool(own),
        officiates=elections.officer_of(election.id, member.id) is not None,
        stays=member.id in seats.staying(election.office, election.term_starts_on),
        terms=_terms(member.id, election.office),
        full=main is not None and main in seats.full_groups(election),
    )


def _terms(member_id: int, office: str) -> tuple[Term, ...]:
    rows = select(RoleGrant.valid_from, RoleGrant.valid_to).where(
        RoleGrant.member_id == member_id, RoleGrant.role == office, RoleGrant.scope_kind == "site"
    )
    return tuple(Term(start, end or year_after(start)) for start, end in db.session.execute(rows))
