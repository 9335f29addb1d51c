"""Lists of topics, newest activity first, inside what the viewer may read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, cast, false, func, select, true

from iocop.contributions.models import Contribution, ContributionDomain, ContributionTag
from iocop.contributions.queries import read_positions
from iocop.core.cache import fragments
from iocop.core.db import alias_of, db
from iocop.core.pages import Page, offset
from iocop.domains.models import Tag
from iocop.forums.models import Topic
from iocop.organizations.models import MemberCard, Organization
from iocop.spaces.policy import readable
from iocop.spaces.queries import scope_of

if TYPE_CHECKING:
    from sqlalchemy import SQLColumnExpression

    from iocop.core.login import Viewer
    from iocop.spaces.queries import Scope

TOPICS_A_PAGE = 30

_Author = alias_of(MemberCard)
_Last = alias_of(MemberCard)
_DOMAIN_IDS = (
    select(func.aggregate_strings(cast(ContributionDomain.domain_id, Text), ","))
    .where(ContributionDomain.contribution_id == Topic.id)
    .correlate(Topic)
    .scalar_subquery()
)
_ROWS = (
    select(
        Topic.id, Topic.kind, Topic.title, Topic.pinned, Topic.opened_at, Topic.closed_at, Topic.accepted_id,
        Topic.answers, Topic.posts, Topic.last_post_at, Contribution.label, Contribution.author_id,
        Contribution.byline,
        Organization.name.label("organization_name"), _Author.name.label("author_name"),
        _Author.number.label("author_number"), _Last.name.label("last_name"), _Last.number.label("last_number"),
        _DOMAIN_IDS.label("domain_ids"),
    )
    .join(Contribution, Contribution.id == Topic.id)
    .join(_Author, _Author.member_id == Contribution.author_id)
    .outerjoin(_Last, _Last.member_id == Topic.last_author_id)
    .outerjoin(Organization, Organization.id == Contribution.organization_id)
)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to; every field left out narrows nothing."""

    domain_id: int | None = None
    tag: str = ""
    space_id: int | None = None
    author_id: int | None = None
    organization_id: int | None = None
    kind: str = ""
    unanswered: bool = False


@dataclass(frozen=True)
class Listed:
    """A topic as a list shows it."""

    row: Any
    domain_ids: tuple[int, ...]


def topics(viewer: Viewer, wanted: Wanted, number: int, size: int = TOPICS_A_PAGE) -> Page[Listed]:
    """Return one page of a list of topics: pinned first, then by the newest post; unanswered ones oldest first.

    Members' pages are kept under the versions that were read along with the viewer.
    """
    scope = scope_of(viewer)
    if not viewer.is_authenticated:
        return _read_page(wanted, scope, number, size)
    key = ("topics", viewer.topics_version, viewer.people_version, wanted, scope, number, size)
    return fragments().remember(key, lambda: _read_page(wanted, scope, number, size))


def unread(viewer: Viewer, page: Page[Listed]) -> frozenset[int]:
    """Return the topics of a page the viewer has opened before and that have newer posts, in one statement."""
    read_to = read_positions(viewer.id, [listed.row.id for listed in page.rows])
    return frozenset(
        listed.row.id
        for listed in page.rows
        if read_to.get(listed.row.id, listed.row.posts) < listed.row.posts
    )


def _read_page(wanted: Wanted, scope: Scope, number: int, size: int) -> Page[Listed]:
    condition = _condition(wanted, scope)
    order = (
        [Topic.opened_at, Topic.id]
        if wanted.unanswered
        else [Topic.pinned.desc(), Topic.last_post_at.desc(), Topic.id.desc()]
    )
    statement = _ROWS.where(*condition).order_by(*order).limit(size).offset(offset(number, size))
    rows = db.session.execute(statement).all()
    listed = [
        Listed(row, tuple(int(key) for key in (row.domain_ids or "").split(",") if key)) for row in rows
    ]
    if len(rows) < size and (rows or number == 1):
        return Page(listed, number, size, offset(number, size) + len(rows))
    total = select(func.count()).select_from(Topic).join(Contribution, Contribution.id == Topic.id)
    return Page(listed, number, size, db.session.scalar(total.where(*condition)) or 0)


def _condition(wanted: Wanted, scope: Scope) -> list[SQLColumnExpression[bool]]:
    found = [Topic.listed, readable(scope, Contribution.space_id, Contribution.label)]
    if wanted.domain_id is not None:
        within = select(ContributionDomain.contribution_id).where(
            ContributionDomain.domain_id == wanted.domain_id
        )
        found.append(Topic.id.in_(within))
    if wanted.tag:
        tagged = select(ContributionTag.contribution_id).join(Tag, Tag.id == ContributionTag.tag_id)
        found.append(Topic.id.in_(tagged.where(Tag.slug == wanted.tag)))
    for column, value, told in (
        (Contribution.space_id, wanted.space_id, true()),
        (Contribution.author_id, wanted.author_id, Contribution.byline != "sealed"),
        (Contribution.organization_id, wanted.organization_id, Contribution.byline == "named"),
    ):
        if value is not None:
            found += [column == value, told]
    if wanted.unanswered:
        found += [Topic.kind == "question", Topic.answers == 0, Topic.closed_at.is_(None)]
    elif wanted.kind:
        found.append(Topic.kind == wanted.kind)
    return found


def topics_by_domain(viewer: Viewer) -> dict[int, int]:
    """Return how many listed topics the viewer may read in each domain."""
    scope = scope_of(viewer)
    rows = db.session.execute(
        select(ContributionDomain.domain_id, func.count())
        .join(Topic, Topic.id == ContributionDomain.contribution_id)
        .join(Contribution, Contribution.id == Topic.id)
        .where(Topic.listed, readable(scope, Contribution.space_id, Contribution.label))
        .group_by(ContributionDomain.domain_id)
    )
    return {row[0]: row[1] for row in rows}


def topics_by_tag(viewer: Viewer, tag_ids: list[int]) -> dict[int, int]:
    """Return how many listed topics the viewer may read under each of some tags."""
    scope = scope_of(viewer)
    rows = db.session.execute(
        select(ContributionTag.tag_id, func.count())
        .join(Topic, Topic.id == ContributionTag.contribution_id)
        .join(Contribution, Contribution.id == Topic.id)
        .where(
            Topic.listed,
            ContributionTag.tag_id.in_(tag_ids) if tag_ids else false(),
            readable(scope, Contribution.space_id, Contribution.label),
        )
        .group_by(ContributionTag.tag_id)
    )
    return {row[0]: row[1] for row in rows}


def time_to_first_answer(viewer: Viewer, domain_id: int) -> tuple[float, float, int] | None:
    """Return median and 90th percentile of hours until the first answer in a domain, and of how many questions.

    Questions still waiting are not in it. None below five questions.
    """
    scope = scope_of(viewer)
    rows = db.session.execute(
        select(Topic.opened_at, Topic.first_answer_at)
        .join(Contribution, Contribution.id == Topic.id)
        .join(ContributionDomain, ContributionDomain.contribution_id == Topic.id)
        .where(
            ContributionDomain.domain_id == domain_id,
            Topic.listed,
            Topic.first_answer_at.is_not(None),
            readable(scope, Contribution.space_id, Contribution.label),
        )
    ).all()
    hours = sorted((row.first_answer_at - row.opened_at).total_seconds() / 3600 for row in rows)
    if len(hours) < 5:
        return None
    return _percentile(hours, 0.5), _percentile(hours, 0.9), len(hours)


def _percentile(ordered: list[float], share: float) -> float:
    """Return the value below which a share of the ordered values lies, interpolated linearly."""
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)
