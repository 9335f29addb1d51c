"""Who may be where, as queries see it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from flask import g, has_request_context
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Text, and_, bindparam, cast, func, or_, select

from iocop.core import clock
from iocop.core.db import db, fixed, read
from iocop.core.errors import Missing
from iocop.core.login import along
from iocop.core.policy import provides
from iocop.members.models import Member
from iocop.members.queries import read_along
from iocop.organizations.models import Affiliation
from iocop.spaces.models import Space, SpaceGrant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iocop.core.login import Viewer

VERIFIED = ("email", "sso", "dns_admin", "peer")


@dataclass(frozen=True)
class Scope:
    """What a viewer may be among: whether they are a member, and the ids of the spaces they may read."""

    member: bool
    spaces: frozenset[int]


def _holds_now(member: ColumnElement[int]) -> ColumnElement[bool]:
    """A verified affiliation of a member as it is recorded and valid on :today."""
    return and_(
        Affiliation.member_id == member,
        Affiliation.superseded_at.is_(None),
        Affiliation.valid_from <= bindparam("today"),
        or_(Affiliation.valid_to.is_(None), Affiliation.valid_to > bindparam("today")),
        Affiliation.evidence.in_(fixed(VERIFIED)),
        or_(Affiliation.expires_at.is_(None), Affiliation.expires_at > bindparam("now")),
    )


def readable_by(member: ColumnElement[int]) -> ColumnElement[bool]:
    """Return a member's reading rule beside a row of `space`; the member may be a column, `asked_now` gives the time."""
    employers = select(Affiliation.organization_id).where(_holds_now(member)).correlate_except(Affiliation)
    granted = select(SpaceGrant.id).where(
        SpaceGrant.space_id == Space.id,
        SpaceGrant.ended_at.is_(None),
        or_(SpaceGrant.member_id == member, SpaceGrant.organization_id.in_(employers)),
    )
    return or_(
        Space.audience.in_(fixed(("public", "members"))),
        and_(Space.audience == "verified", employers.exists()),
        and_(Space.audience == "named", granted.correlate_except(SpaceGrant).exists()),
    )


_READABLE_IDS = func.coalesce(func.aggregate_strings(cast(Space.id, Text), ","), "")
read_along(
    "spaces",
    select(_READABLE_IDS).where(readable_by(Member.__table__.c.id)).correlate(Member).scalar_subquery(),
)

READABLE_BY_MEMBER: ColumnElement[bool] = readable_by(bindparam("member"))
"""A member's reading rule beside a row of `space`; its parameters are *member* and those of `asked_now`."""

_READABLE_BY_MEMBER = select(Space.id).where(READABLE_BY_MEMBER)
_READABLE_BY_GUEST = select(Space.id).where(Space.audience == "public")


def scope_of(viewer: Viewer) -> Scope:
    """Return the spaces a viewer may read; a request asks once, at best along with the viewer."""
    if not has_request_context():
        return _scope_of(viewer)
    kept: dict[int, Scope] = g.setdefault("scopes", {})
    if viewer.id not in kept:
        told = along(viewer, "spaces", lambda _viewer: None)
        kept[viewer.id] = _scope_of(viewer) if told is None else _scope_told(told)
    return kept[viewer.id]


@lru_cache(1000)
def _scope_told(ids: str) -> Scope:
    """Return a member's scope as the statement that reads the session tells it, such as ``1,4``."""
    return Scope(member=True, spaces=frozenset(map(int, filter(None, ids.split(",")))))


def _scope_of(viewer: Viewer) -> Scope:
    if not viewer.is_authenticated:
        return Scope(member=False, spaces=frozenset(db.session.scalars(_READABLE_BY_GUEST)))
    asked = {"member": viewer.id} | asked_now()
    return Scope(member=True, spaces=frozenset(read(_READABLE_BY_MEMBER, asked).scalars()))


def asked_now() -> dict[str, Any]:
    """Return the parameters that place `READABLE_BY_MEMBER` in time."""
    now = clock.now()
    return {"today": now.date(), "now": now}


def readers_among(member_ids: Sequence[int], space_id: int) -> set[int]:
    """Return which members may read a space, for notices that go to many."""
    reader = select(Space.id).where(Space.id == space_id, READABLE_BY_MEMBER)
    asked = asked_now()
    return {
        member for member in member_ids if db.session.scalar(reader, asked | {"member": member}) is not None
    }


@provides("space_name")
def space_name(space_id: int) -> str:
    """Return a space's name; empty where there is no such space."""
    return db.session.scalar(select(Space.name).where(Space.id == space_id)) or ""


def default_space() -> Space:
    """Return the first space: where topics go unless their author says otherwise.

    Raises:
        Missing: the site has no space yet.
    """
    space = db.session.scalar(select(Space).where(Space.archived_at.is_(None)).order_by(Space.id).limit(1))
    if space is None:
        raise Missing(_l("This site has no space yet: an administrator opens the first."))
    return space


def spaces_of(scope: Scope) -> Sequence[Space]:
    """Return the open spaces within a scope, by name."""
    return db.session.scalars(
        select(Space).where(Space.id.in_(scope.spaces), Space.archived_at.is_(None)).order_by(Space.name)
    ).all()


def space_by_slug(slug: str, scope: Scope) -> Space:
    """Return a space the viewer may know of.

    Raises:
        Missing: no such space, or none the viewer may be in.
    """
    space = db.session.scalar(select(Space).where(Space.slug == slug, Space.id.in_(scope.spaces)))
    if space is None:
        raise Missing(_l("There is no such space, or it is not open to you."))
    return space
