"""The queue, one case, and the public log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Select, bindparam, case, exists, func, select

from iocop.contributions.models import Contribution
from iocop.core.db import alias_of, db, read
from iocop.core.pages import Page, offset
from iocop.core.text.plain import excerpt
from iocop.forums.models import Topic
from iocop.moderation.models import Report, Ruling
from iocop.organizations.models import MemberCard, Organization
from iocop.organizations.queries import group_of, organization_ids
from iocop.roles.queries import holders
from iocop.spaces.models import Space
from iocop.spaces.policy import readable
from iocop.spaces.queries import scope_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import Row

    from iocop.core.login import Viewer

ROWS = 20
WORDS = 40

_OPEN = Report.ruling_id.is_(None)
_MODERATOR = alias_of(MemberCard)


def has_reported(member_id: int, contribution_id: int) -> bool:
    """Say whether a member has a report of a contribution that nobody has decided."""
    own = exists().where(Report.contribution_id == contribution_id, Report.reporter_id == member_id, _OPEN)
    return bool(db.session.scalar(select(own)))


def has_open_reports(contribution_id: int) -> bool:
    return bool(db.session.scalar(select(exists().where(Report.contribution_id == contribution_id, _OPEN))))


def is_case(contribution_id: int) -> bool:
    """Say whether anybody ever reported a contribution or decided about it."""
    reported = exists().where(Report.contribution_id == contribution_id)
    ruled = exists().where(Ruling.contribution_id == contribution_id)
    return bool(db.session.scalar(select(reported | ruled)))


def groups(member_id: int, at: datetime) -> frozenset[int]:
    """Return the groups of organizations a member belongs to at a moment."""
    return frozenset(group_of(key, at.date()) for key in organization_ids(member_id, at))


def are_colleagues(member_id: int, author_id: int, group_id: int | None, at: datetime) -> bool:
    """Say whether a member shares a group of organizations with an author, of today or of the time of writing."""
    theirs = groups(author_id, at) | ({group_of(group_id, at.date())} if group_id else set())
    return bool(theirs and groups(member_id, at) & theirs)


def another_can(moderator_id: int, author_id: int, group_id: int | None, at: datetime) -> bool:
    """Say whether a moderator besides this one, neither the author nor a colleague, could decide."""
    others = set(holders("moderator", at)) - {moderator_id, author_id}
    return any(not are_colleagues(other, author_id, group_id, at) for other in others)


class Case(NamedTuple):
    """A line of the queue; text and title are empty where the moderator may not read the space."""

    id: int
    kind: str
    state: str
    title: str
    excerpt: str
    author: str
    author_number: int
    organization: str
    space: str
    readable: bool
    reports: int
    since: datetime
    reasons: list[str]


def open_cases(viewer: Viewer, number: int) -> Page[Case]:
    """Return reported contributions that nobody has decided, the one that waits longest first."""
    reported = (
        select(Report.contribution_id, func.count().label("reports"), func.min(Report.at).label("since"))
        .where(_OPEN)
        .group_by(Report.contribution_id)
        .subquery()
    )
    rows = db.session.execute(
        _subjects()
        .add_columns(reported.c.reports, reported.c.since)
        .join(reported, reported.c.contribution_id == Contribution.id)
        .order_by(reported.c.since, Contribution.id)
        .limit(ROWS)
        .offset(offset(number, ROWS))
    ).all()
    total = db.session.scalar(select(func.count()).select_from(reported)) or 0
    reasons = _reasons([row.id for row in rows])
    spaces = scope_of(viewer).spaces
    return Page([_case(row, spaces, reasons) for row in rows], number, ROWS, total)


def _subjects() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Contribution.id, Contribution.kind, Contribution.state, Contribution.plain, Contribution.space_id,
            Contribution.byline, Topic.title, Space.name.label("space"), MemberCard.name.label("author"),
            MemberCard.number, MemberCard.photo_key,
            Organization.name.label("organization"),
        )
        .join(Space, Space.id == Contribution.space_id)
        .join(MemberCard, MemberCard.member_id == Contribution.author_id)
        .outerjoin(Topic, Topic.id == Contribution.root_id)
        .outerjoin(Organization, Organization.id == Contribution.organization_id)
    )  # fmt: skip


def _case(row: Row[*tuple[Any, ...]], spaces: frozenset[int], reasons: dict[int, list[str]]) -> Case:
    readable = row.space_id in spaces
    shown_employer = row.byline == "named" and row.organization
    return Case(
        row.id, row.kind, row.state, (row.title or "") if readable else "",
        excerpt(row.plain, WORDS) if readable else "", row.author, row.number,
        row.organization if shown_employer else "", row.space, readable, row.reports, row.since,
        reasons.get(row.id, []),
    )  # fmt: skip


def _reasons(ids: Collection[int]) -> dict[int, list[str]]:
    """Return the different reasons of the open reports on each of some contributions."""
    found: dict[int, list[str]] = {}
    rows = select(Report.contribution_id, Report.reason).where(Report.contribution_id.in_(ids), _OPEN)
    for row in db.session.execute(rows.distinct().order_by(Report.reason)) if ids else ():
        found.setdefault(row.contribution_id, []).append(row.reason)
    return found


def reports_on(contribution_id: int) -> Sequence[Report]:
    """Return every report on a contribution, oldest first; a page names no reporter."""
    return db.session.scalars(
        select(Report).where(Report.contribution_id == contribution_id).order_by(Report.at, Report.id)
    ).all()


def subject(contribution_id: int) -> Row[*tuple[Any, ...]]:
    """Return a contribution, which exists, with its topic, space and author as the queue names them."""
    return db.session.execute(_subjects().where(Contribution.id == contribution_id)).one()


class Decision(NamedTuple):
    """A ruling as its readers may see it; the reason is empty where what it is about is not open to them."""

    kind: str
    reason: str
    at: datetime
    until: datetime | None
    contribution_id: int | None
    moderator: str


_RULINGS = (
    select(
        Ruling.kind, Ruling.reason, Ruling.at, Ruling.until, Ruling.contribution_id, Contribution.space_id,
        Contribution.label, _MODERATOR.name.label("moderator"),
    )
    .join(_MODERATOR, _MODERATOR.member_id == Ruling.moderator_id)
    .outerjoin(Contribution, Contribution.id == Ruling.contribution_id)
    .order_by(Ruling.at.desc(), Ruling.id.desc())
)  # fmt: skip


def log(viewer: Viewer, number: int) -> Page[Decision]:
    """Return what was decided, newest first: no reporter, no author; reasons as far as the viewer may read the post."""
    scope = scope_of(viewer)
    rows = db.session.execute(_RULINGS.limit(ROWS).offset(offset(number, ROWS))).all()
    total = db.session.scalar(select(func.count()).select_from(Ruling)) or 0

    def open_to(row: Row[*tuple[Any, ...]]) -> bool:
        if row.space_id is None:
            return True
        return row.space_id in scope.spaces and (scope.member or row.label == "public")

    return Page([_decision(row, reason=open_to(row)) for row in rows], number, ROWS, total)


def off_practice(viewer: Viewer) -> tuple[int, int]:
    """Return how many of the posts the viewer may read were judged off the practice, and how many there are."""
    open_to = readable(scope_of(viewer), Contribution.space_id, Contribution.label)
    judged = (
        select(Report.contribution_id)
        .join(Ruling, Ruling.id == Report.ruling_id)
        .where(Report.reason == "off_practice", Ruling.kind.in_(("hide", "remove")))
    )
    counted = select(
        func.count(case((Contribution.id.in_(judged) & Contribution.state.in_(("hidden", "removed")), 1))),
        func.count(),
    )
    row = db.session.execute(counted.select_from(Contribution).where(open_to)).one()
    return row[0], row[1]


def rulings_on(contribution_id: int | None = None, member_id: int | None = None) -> list[Decision]:
    """Return the rulings on a contribution, or on a member, newest first, for moderators."""
    on = Ruling.contribution_id == contribution_id if contribution_id else Ruling.member_id == member_id
    return [_decision(row, reason=True) for row in db.session.execute(_RULINGS.where(on))]


def _decision(row: Row[*tuple[Any, ...]], *, reason: bool) -> Decision:
    words = row.reason if reason else ""
    return Decision(row.kind, words, row.at, row.until, row.contribution_id, row.moderator)


def has_visible_posts(member_id: int, besides: int) -> bool:
    """Say whether something of a member can be read already."""
    return bool(read(_HAS_VISIBLE, {"author": member_id, "besides": besides}).scalar())


def links_are_trusted(member_id: int, besides: int) -> bool:
    """Say whether a post of the member with links stands, or a moderator has released one."""
    linking = _seen(member_id, besides).where(Contribution.html.contains('href="http', autoescape=True))
    released = exists().where(
        Ruling.contribution_id == Contribution.id,
        Contribution.author_id == member_id,
        Ruling.kind == "release",
    )
    return bool(db.session.scalar(select(linking | released)))


def _seen(member_id: Any, besides: Any) -> Any:
    return exists().where(
        Contribution.author_id == member_id, Contribution.state == "visible", Contribution.id != besides
    )


_HAS_VISIBLE = select(_seen(bindparam("author"), bindparam("besides")))
