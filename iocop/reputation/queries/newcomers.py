"""Newcomers who wait for a greeting or a first reply, and who may greet them."""

from __future__ import annotations

from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, case, func, or_, select

from iocop.contributions.models import Contribution
from iocop.core import clock
from iocop.core.db import alias_of, db
from iocop.core.errors import Missing
from iocop.core.pages import Page, offset
from iocop.forums.models import Topic
from iocop.members.models import Member
from iocop.organizations.models import MemberCard
from iocop.reputation.models import Greeting, Rung
from iocop.reputation.queries.bench import serving
from iocop.reputation.rules import NEWCOMER_DAYS
from iocop.roles.models import RoleGrant
from iocop.roles.queries import in_force
from iocop.spaces.policy import readable
from iocop.spaces.queries import scope_of

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from iocop.core.login import Viewer

NEWCOMERS_A_PAGE: Final = 20
GREETERS: Final = ("facilitator", "moderator")
PRACTITIONER: Final = 2
FEWEST: Final = 5
"""Below so many first topics a median says little."""

_Reply = alias_of(Contribution)
_Root = alias_of(Contribution)
_Greeter = alias_of(MemberCard)


class Duties(NamedTuple):
    """What a member is asked to look after.

    Attributes:
        greets: newcomers: from level 2 in some domain on, and as facilitator or moderator.
        looks: members who have come to what level 3 asks for.
    """

    greets: bool
    looks: bool


def duties(member_id: int) -> Duties:
    """Return both in one statement."""
    practises = select(Rung.member_id).where(Rung.member_id == member_id, Rung.level >= PRACTITIONER)
    serves = select(RoleGrant.id).where(
        RoleGrant.member_id == member_id, RoleGrant.role.in_(GREETERS), in_force(clock.now())
    )
    both = select(or_(practises.exists(), serves.exists()), serving(member_id).exists())
    greeting, looking = db.session.execute(both).one()
    return Duties(bool(greeting), bool(looking))


def greets(member_id: int) -> bool:
    return duties(member_id).greets


def is_newcomer(joined_at: datetime) -> bool:
    """Say whether somebody joined less than 30 days ago."""
    return clock.now() - joined_at < timedelta(days=NEWCOMER_DAYS)


def joined_lately(member_id: int) -> bool:
    """Say of a member whether they are a newcomer."""
    joined = db.session.scalar(select(Member.joined_at).where(Member.id == member_id))
    return joined is not None and is_newcomer(joined)


def newcomers(viewer: Viewer, number: int) -> Page[Any]:
    """Return a page of newcomers who wait: their first topic for a reply, the longest first, then they for a greeting.

    Raises:
        Missing: there is no such page.
    """
    first, replied = _first_topic(viewer), _first_reply()
    waits = and_(first.c.topic_id.is_not(None), replied.is_(None))
    rows = db.session.execute(
        select(
            MemberCard.member_id, MemberCard.number, MemberCard.name, MemberCard.photo_key,
            MemberCard.organization_name, Member.joined_at, Greeting.greeter_id, Greeting.at.label("greeted_at"),
            _Greeter.name.label("greeter"), first.c.topic_id, Topic.title, Topic.opened_at,
            replied.label("replied_at"), func.count().over().label("total"),
        )
        .join(Member, Member.id == MemberCard.member_id)
        .outerjoin(Greeting, Greeting.member_id == Member.id)
        .outerjoin(_Greeter, _Greeter.member_id == Greeting.greeter_id)
        .outerjoin(first, first.c.member_id == Member.id)
        .outerjoin(Topic, Topic.id == first.c.topic_id)
        .where(
            Member.state == "active",
            Member.joined_at > clock.now() - timedelta(days=NEWCOMER_DAYS),
            Member.id != viewer.id,
            or_(Greeting.member_id.is_(None), waits),
        )
        .order_by(~waits, case((waits, Topic.opened_at), else_=Member.joined_at), Member.id)
        .limit(NEWCOMERS_A_PAGE)
        .offset(offset(number, NEWCOMERS_A_PAGE))
    ).all()  # fmt: skip
    if not rows and number > 1:
        raise Missing(_l("There is no such page."))
    return Page(rows, number, NEWCOMERS_A_PAGE, rows[0].total if rows else 0)


def _first_topic(viewer: Viewer) -> Any:
    """The first topic that each newcomer opened under their name, as far as the viewer may read it."""
    return (
        select(_Root.author_id.label("member_id"), func.min(_Root.id).label("topic_id"))
        .join(Topic, Topic.id == _Root.id)
        .join(Member, Member.id == _Root.author_id)
        .where(
            Member.joined_at > clock.now() - timedelta(days=NEWCOMER_DAYS),
            Topic.listed,
            Topic.closed_at.is_(None),
            _Root.byline != "sealed",
            readable(scope_of(viewer), _Root.space_id, _Root.label),
        )
        .group_by(_Root.author_id)
        .subquery()
    )


def _first_reply() -> ColumnElement[Any]:
    """When somebody else first wrote in it."""
    return (
        select(func.min(_Reply.created_at))
        .where(
            _Reply.root_id == Topic.id,
            _Reply.author_id != Member.id,
            _Reply.state == "visible",
        )
        .correlate(Topic, Member)
        .scalar_subquery()
    )


def hours(asked: datetime, replied: datetime) -> int:
    """Return how many hours lie between, at least one."""
    return max(1, round((replied - asked).total_seconds() / 3600))


def first_replies(viewer: Viewer) -> tuple[int, int] | None:
    """Return the median of hours until a newcomer's first topic was replied to, and of how many; None below five."""
    first, replied = _first_topic(viewer), _first_reply()
    rows = db.session.execute(
        select(Topic.opened_at, replied.label("replied_at"))
        .join(first, first.c.topic_id == Topic.id)
        .join(Member, Member.id == first.c.member_id)
        .where(replied.is_not(None))
    ).all()
    waited = [hours(row.opened_at, row.replied_at) for row in rows]
    return (round(median(waited)), len(waited)) if len(waited) >= FEWEST else None
