"""Reads of members that deserve a name."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, case, func, select

from iocop.core import clock
from iocop.core.db import db, fixed, read
from iocop.core.login import Viewer, along
from iocop.core.models import Version
from iocop.members.models import Application, Claim, EmployerPush, Member, MemberSession
from iocop.members.numbers import shown
from iocop.members.photos import photo_address
from iocop.members.tokens import hashed

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement, Label, Row, Select

IDLE = timedelta(days=14)
"""A session nobody used for so long has ended."""

SIGNING_IN = ("active", "suspended")
"""States whose sessions live; who is suspended may read."""


def _version_of(key: str) -> Label[int]:
    known = select(Version.value).where(Version.key == key).scalar_subquery()
    return func.coalesce(known, 0).label(f"{key}_version")


_VIEWER = select(
    Member.id, Member.number, Member.name, Member.photo_key, Member.locale, Member.time_zone, Member.theme,
    Member.state, Member.suspended_until, Member.roles, Member.seen_week, *map(_version_of, ("site", "people", "topics")),
).where(Member.state.in_(fixed(SIGNING_IN)))  # fmt: skip
_along: dict[str, ColumnElement[Any]] = {}
_PROFILE = select(
    Member.id, Member.number, Member.name, Member.name_mode, Member.photo_key, Member.state, Member.joined_at,
    Member.about_html, Member.languages, Member.country, Member.time_zone, Member.links, Member.visibility,
    Member.source, Member.claimed_by_id,
).where(Member.number == bindparam("number"))  # fmt: skip
_BY_NUMBER = select(Member).where(Member.number == bindparam("number"))
_BY_ID = _VIEWER.where(Member.id == bindparam("member_id"))


def read_along(name: str, column: ColumnElement[Any]) -> None:
    """Have a column read in the statement that reads a session, for what nearly every page asks about its viewer.

    Args:
        name: under which `core.login.along` returns it.
        column: a scalar sub-select beside a row of `member`; it may use the parameters *today* and *now*.
    """
    _along[name] = column.label(name)


@cache
def _by_token() -> Select[*tuple[Any, ...]]:
    """Return the statement, made once, when every feature has said what it wants read along."""
    return (
        _VIEWER.add_columns(MemberSession.id.label("session_id"), MemberSession.touched_at, *_along.values())
        .join(MemberSession, MemberSession.member_id == Member.id)
        .where(
            MemberSession.token_hash == bindparam("token_hash"),
            MemberSession.expires_at > bindparam("now"),
            MemberSession.touched_at > bindparam("idle"),
        )
    )


def session_row(token: str) -> Row[*tuple[Any, ...]] | None:
    """Return a live session with its member, versions, and what features read along, in one statement."""
    now = clock.now()
    asked = {"token_hash": hashed(token), "now": now, "today": now.date(), "idle": now - IDLE}
    return read(_by_token(), asked).first()


def viewer_by_token(token: str) -> Viewer | None:
    """Return who holds a live session, in one statement."""
    row = session_row(token)
    return as_viewer(row, session_id=row.session_id, token=token) if row else None


def viewer_of(member_id: int) -> Viewer | None:
    """Return a member who may sign in, as services take them; None for every other."""
    row = read(_BY_ID, {"member_id": member_id}).first()
    return as_viewer(row) if row else None


def as_viewer(row: Row[*tuple[Any, ...]], session_id: int = 0, token: str = "") -> Viewer:
    """Make a viewer of a row of the statements above."""
    until = row.suspended_until
    suspended = row.state == "suspended" and (until is None or until > clock.now())
    return Viewer(
        id=row.id, session_id=session_id, number=shown(row.number), name=row.name,
        photo=photo_address(row.number, row.photo_key), locale=row.locale, time_zone=row.time_zone, theme=row.theme,
        suspended=suspended, roles=frozenset(() if suspended else row.roles), token=token,
        site_version=row.site_version, people_version=row.people_version, topics_version=row.topics_version,
        along=dict(zip(_along, row[-len(_along) :], strict=True)) if session_id else {},
    )  # fmt: skip


def members_by_handles(handles: Collection[str]) -> dict[str, Member]:
    """Return the members mentioned by these handles, whatever their case; those who left or were erased are left out."""
    wanted = {handle.lower() for handle in handles}
    if not wanted:
        return {}
    rows = db.session.scalars(select(Member).where(Member.handle.in_(wanted), Member.state.in_(SIGNING_IN)))
    return {member.handle: member for member in rows}


def member_by_number(number: int | None) -> Member | None:
    """Return a member, tombstone or imported author by public number."""
    return db.session.scalar(_BY_NUMBER, {"number": number}) if number else None


def profile_row(number: int | None) -> Row[*tuple[Any, ...]] | None:
    """Return what a profile shows, by public number."""
    return read(_PROFILE, {"number": number}).first() if number else None


def number_of(member_id: int) -> int:
    """Return a member's number."""
    return db.session.execute(select(Member.number).where(Member.id == member_id)).scalar_one()


def member_by_email(email: str) -> Member | None:
    """Return the member with this address, whatever its case."""
    return db.session.scalar(select(Member).where(Member.email == email.strip().lower()))


def live_sessions(member_id: int) -> list[MemberSession]:
    """Return a member's live sessions, the one used last first."""
    now = clock.now()
    return list(
        db.session.scalars(
            select(MemberSession)
            .where(
                MemberSession.member_id == member_id,
                MemberSession.expires_at > now,
                MemberSession.touched_at > now - IDLE,
            )
            .order_by(MemberSession.touched_at.desc(), MemberSession.id.desc())
        )
    )


REVIEW_EVERY = timedelta(days=365)
_REVIEWED_AT = case((Member.state == "active", Member.reviewed_at))
_REVIEWED = select(_REVIEWED_AT).where(Member.id == bindparam("member"))
read_along("reviewed_at", _REVIEWED_AT)


def review_is_due(looking: Viewer) -> bool:
    """Say whether a member last said "still right" more than a year ago."""
    reviewed_at: datetime | None = along(looking, "reviewed_at", _reviewed_at)
    return reviewed_at is not None and reviewed_at < clock.now() - REVIEW_EVERY


def _reviewed_at(looking: Viewer) -> datetime | None:
    found: datetime | None = read(_REVIEWED, {"member": looking.id}).scalar()
    return found


def lacks_authenticator(member_id: int) -> bool:
    """Say whether a member signs in by password alone."""
    return (
        db.session.scalar(select(Member.id).where(Member.id == member_id, Member.totp_secret == ""))
        is not None
    )


def waiting_applications() -> list[Application]:
    """Return who waits to be let in, longest first."""
    return list(
        db.session.scalars(
            select(Application).where(Application.state == "waiting").order_by(Application.created_at)
        )
    )


def waiting_claims() -> list[Claim]:
    """Return the claims an administrator has not decided, oldest first."""
    return list(db.session.scalars(select(Claim).where(Claim.state == "waiting").order_by(Claim.created_at)))


def employer_push() -> tuple[int, int] | None:
    """Return how many newcomers were asked to join by their employer, and of how many; None below twenty answers."""
    asked, answered = db.session.execute(
        select(func.sum(EmployerPush.shown_asked), func.sum(EmployerPush.shown_answered))
    ).one()
    return (asked, answered) if answered else None
