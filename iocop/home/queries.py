"""What the front pages and the directory show."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Text, and_, bindparam, cast, func, or_, select

from iocop.contributions.models import Contribution, ContributionDomain, Follow, ReadMark
from iocop.core.db import db, placed, places, read
from iocop.core.pages import Page, offset
from iocop.domains.models import MemberDomain
from iocop.forums.models import Topic
from iocop.members.models import Member
from iocop.organizations.models import MemberCard, Organization
from iocop.spaces.policy import readable
from iocop.spaces.queries import scope_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import BindParameter, Select, SQLColumnExpression

    from iocop.core.login import Viewer

MEMBERS_A_PAGE = 40
FEW = 6
FEWEST_COUNTED = 5
"""Statistics about fewer people are not shown."""


class Numbers(NamedTuple):
    """Three numbers that are true now; None where fewer than five people stand behind one."""

    members: int | None
    organizations: int | None
    solved: int


class Waiting(NamedTuple):
    """A topic that waits for somebody."""

    id: int
    title: str
    at: datetime


def numbers() -> Numbers:
    members = db.session.scalar(select(func.count()).where(Member.state == "active")) or 0
    employed, organizations = db.session.execute(
        select(func.count(), func.count(func.distinct(MemberCard.organization_id))).where(
            MemberCard.state == "active", MemberCard.organization_id.is_not(None)
        )
    ).one()
    solved = db.session.scalar(select(func.count()).where(Topic.listed, Topic.accepted_id.is_not(None))) or 0
    return Numbers(
        members if members >= FEWEST_COUNTED else None,
        organizations if employed >= FEWEST_COUNTED else None,
        solved,
    )


def _readable_topics(viewer: Viewer, *conditions: SQLColumnExpression[bool]) -> Any:
    scope = scope_of(viewer)
    return (
        select(Topic.id, Topic.title, Topic.last_post_at.label("at"))
        .join(Contribution, Contribution.id == Topic.id)
        .where(Topic.listed, readable(scope, Contribution.space_id, Contribution.label), *conditions)
        .limit(FEW)
    )


def latest_solved(viewer: Viewer) -> list[Waiting]:
    """Return the questions whose answer was accepted last."""
    found = _readable_topics(viewer, Topic.accepted_id.is_not(None)).order_by(Topic.accepted_at.desc())
    return [Waiting(*row) for row in db.session.execute(found)]


def unanswered_in_own_domains(viewer: Viewer) -> list[Waiting]:
    """Return the longest waiting questions of the viewer's domains, of any domain where they chose none."""
    own = select(MemberDomain.domain_id).where(MemberDomain.member_id == viewer.id)
    filed = select(ContributionDomain.contribution_id).where(ContributionDomain.domain_id.in_(own))
    found = _readable_topics(
        viewer,
        Topic.kind == "question",
        Topic.answers == 0,
        Topic.closed_at.is_(None),
        Contribution.author_id != viewer.id,
        or_(Topic.id.in_(filed), ~own.exists()),
    ).order_by(Topic.opened_at)
    return [Waiting(*row) for row in db.session.execute(found)]


@cache
def _with_news(spaces: int) -> Select[*tuple[Any, ...]]:
    """Return the statement for so many spaces, made once: every front page of a member asks it."""
    own: BindParameter[int] = bindparam("member")
    return (
        select(Topic.id, Topic.title, Topic.last_post_at)
        .join(Contribution, Contribution.id == Topic.id)
        .join(Follow, and_(Follow.root_id == Topic.id, Follow.member_id == own, ~Follow.muted))
        .outerjoin(ReadMark, and_(ReadMark.root_id == Topic.id, ReadMark.member_id == own))
        .where(
            Topic.listed,
            Contribution.space_id.in_(places(spaces)),
            or_(ReadMark.position.is_(None), ReadMark.position < Topic.posts),
            Topic.last_author_id != own,
        )
        .order_by(Topic.last_post_at.desc())
        .limit(FEW)
    )


def followed_with_news(viewer: Viewer) -> list[Waiting]:
    """Return followed topics in which something came since the viewer last read."""
    spaces = scope_of(viewer).spaces
    return [
        Waiting._make(row) for row in read(_with_news(len(spaces)), {"member": viewer.id} | placed(spaces))
    ]


@dataclass(frozen=True)
class Sought:
    """What the directory is narrowed to."""

    words: str = ""
    domain_id: int | None = None
    organization_id: int | None = None
    country: str = ""
    language: str = ""


def directory(sought: Sought, number: int) -> Page[Any]:
    """Return a page of members by name; a field that its member shows to nobody narrows nothing."""
    conditions = _directory_conditions(sought)
    rows = db.session.execute(
        select(
            MemberCard.member_id, MemberCard.number, MemberCard.name, MemberCard.photo_key,
            MemberCard.organization_name, MemberCard.organization_verified, Member.country, Member.visibility,
            Member.joined_at,
        )
        .join(Member, Member.id == MemberCard.member_id)
        .where(*conditions)
        .order_by(func.lower(MemberCard.name), MemberCard.member_id)
        .limit(MEMBERS_A_PAGE)
        .offset(offset(number, MEMBERS_A_PAGE))
    ).all()  # fmt: skip
    total = db.session.scalar(
        select(func.count())
        .select_from(MemberCard)
        .join(Member, Member.id == MemberCard.member_id)
        .where(*conditions)
    )
    return Page(rows, number, MEMBERS_A_PAGE, total or 0)


def _directory_conditions(sought: Sought) -> list[SQLColumnExpression[bool]]:
    found: list[SQLColumnExpression[bool]] = [MemberCard.state == "active"]
    found += [MemberCard.name.icontains(word, autoescape=True) for word in sought.words.split()[:5]]
    if sought.domain_id is not None:
        own = select(MemberDomain.member_id).where(MemberDomain.domain_id == sought.domain_id)
        found += [Member.id.in_(own), _shown("domains")]
    if sought.organization_id is not None:
        found.append(MemberCard.organization_id == sought.organization_id)
    if sought.country:
        found += [Member.country == sought.country, _shown("country")]
    if sought.language:
        found += [
            cast(Member.languages, Text).contains(f'"{sought.language}"', autoescape=True),
            _shown("languages"),
        ]
    return found


def _shown(field: str) -> SQLColumnExpression[bool]:
    """The member shows this field to members at least."""
    return func.coalesce(Member.visibility[field].as_string(), "members") != "nobody"


def chosen_organizations() -> Sequence[Any]:
    """Return the organizations somebody is affiliated with now, by name, for the directory's filter."""
    present = select(MemberCard.organization_id).where(MemberCard.state == "active")
    return db.session.execute(
        select(Organization.id, Organization.name)
        .where(Organization.id.in_(present))
        .order_by(Organization.name)
    ).all()


def countries() -> list[str]:
    """Return the countries members show they are in."""
    shown = select(Member.country).where(Member.state == "active", Member.country != "", _shown("country"))
    return sorted(set(db.session.scalars(shown.distinct())))
