"""The inbox, the header's two numbers, and who is to be told of a post."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Text, bindparam, cast, func, literal, or_, select
from sqlalchemy.orm import aliased

from iocop.contributions.models import Contribution, Follow, Mark, Mention
from iocop.core.db import alias_of, db, read
from iocop.core.login import along
from iocop.core.models import MailRow
from iocop.core.pages import Page, offset
from iocop.core.policy import provides
from iocop.core.text.plain import excerpt
from iocop.forums.models import Topic
from iocop.members.models import Member
from iocop.members.queries import read_along
from iocop.moderation.models import Report
from iocop.notifications.models import KINDS, Notice, NoticeChoice
from iocop.notifications.places import place
from iocop.notifications.words import REASONED, sentence
from iocop.organizations.models import MemberCard, Organization
from iocop.repertoire.models import Article, Proposal, Review
from iocop.spaces.queries import VERIFIED, scope_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement, CompoundSelect, Row

    from iocop.core.login import Viewer

ROWS = 20
WORDS = 25

_Root = alias_of(Contribution)
TITLE = func.coalesce(Topic.title, Article.title, Proposal.title)
"""Of what a notice is about, whichever it is."""
_UNREAD = (
    select(func.count())
    .where(Notice.member_id == bindparam("member"), Notice.read_at.is_(None))
    .scalar_subquery()
    .label("unread")
)
read_along(
    "unread",
    select(func.count())
    .where(Notice.member_id == Member.__table__.c.id, Notice.read_at.is_(None))
    .correlate(Member)
    .scalar_subquery(),
)
_QUEUE = (
    select(func.count(func.distinct(Report.contribution_id)))
    .where(Report.ruling_id.is_(None))
    .scalar_subquery()
    .label("queue")
)
_FOR_MEMBERS = select(_UNREAD)
_FOR_MODERATORS = select(_UNREAD, _QUEUE)


class Header(NamedTuple):
    """What waits: unread notices, and for moderators reported posts."""

    unread: int
    queue: int


@provides("header")
def header(viewer: Viewer) -> Header | None:
    """Return what the head of every page counts, at best along with the viewer; nothing for a guest."""
    if not viewer.is_authenticated:
        return None
    if "moderator" in viewer.roles:
        return Header._make(read(_FOR_MODERATORS, {"member": viewer.id}).one())
    return Header(along(viewer, "unread", _unread), 0)


def _unread(viewer: Viewer) -> int:
    found: int = read(_FOR_MEMBERS, {"member": viewer.id}).scalar_one()
    return found


class Entry(NamedTuple):
    """A line of the inbox; title and excerpt are empty where the post is not open to the member any more."""

    id: int
    kind: str
    sentence: str
    title: str
    excerpt: str
    reason: str
    contribution_id: int | None
    at: datetime
    unread: bool
    place: tuple[str, dict[str, Any]] | None
    """The page and its values, of a notice that is about no contribution."""


_ENTRIES = (
    select(
        Notice.id, Notice.event_key, Notice.kind, Notice.matter, Notice.words, Notice.at, Notice.read_at,
        Notice.contribution_id,
        MemberCard.name, Contribution.state, Contribution.space_id, Contribution.byline, Contribution.plain,
        Contribution.author_id, _Root.byline.label("root_byline"), _Root.state.label("root_state"),
        _Root.author_id.label("root_author_id"), TITLE.label("title"),
    )
    .outerjoin(MemberCard, MemberCard.member_id == Notice.actor_id)
    .outerjoin(Contribution, Contribution.id == Notice.contribution_id)
    .outerjoin(_Root, _Root.id == Notice.root_id)
    .outerjoin(Topic, Topic.id == Notice.root_id)
    .outerjoin(Article, Article.id == Notice.root_id)
    .outerjoin(Proposal, Proposal.id == Notice.root_id)
    .where(Notice.member_id == bindparam("member"))
    .order_by(Notice.at.desc(), Notice.id.desc())
)  # fmt: skip


def inbox(viewer: Viewer, number: int, kind: str = "", *, unread: bool = False) -> Page[Entry]:
    """Return a page of a member's notices, newest first; of one kind, or unread ones, where asked."""
    conditions = [Notice.member_id == viewer.id]
    if kind in KINDS:
        conditions.append(Notice.kind == kind)
    if unread:
        conditions.append(Notice.read_at.is_(None))
    statement = _ENTRIES.where(*conditions).limit(ROWS).offset(offset(number, ROWS))
    rows = db.session.execute(statement, {"member": viewer.id}).all()
    total = db.session.scalar(select(func.count()).select_from(Notice).where(*conditions)) or 0
    spaces = scope_of(viewer).spaces
    return Page([_entry(row, viewer.id, spaces) for row in rows], number, ROWS, total)


def _entry(row: Row[*tuple[Any, ...]], member_id: int, spaces: frozenset[int]) -> Entry:
    is_open = row.space_id in spaces and _shown(row, member_id)
    of_others = row.kind in {"answer", "reply", "mention"}
    sealed = (row.byline if of_others else row.root_byline) == "sealed"
    return Entry(
        row.id, row.kind, sentence(row.kind, row.matter, "" if sealed else row.name or "", row.words),
        (row.title or "") if is_open else "", excerpt(row.plain, WORDS) if is_open and of_others else "",
        _reason(row, is_open=is_open), row.contribution_id, row.at, row.read_at is None,
        place(row.event_key),
    )  # fmt: skip


def _reason(row: Row[*tuple[Any, ...]], *, is_open: bool) -> str:
    """Return why, as a moderator told the member; as a reviewer did, while the suggestion is open to them."""
    if (row.kind, row.matter) not in REASONED:
        return ""
    return row.words if row.kind in {"moderation", "election"} or is_open else ""


def _shown(row: Row[*tuple[Any, ...]], member_id: int) -> bool:
    """Say whether post and topic are shown to the member: to all, or to their author while not removed."""
    return all(
        state == "visible" or (author == member_id and state != "removed")
        for state, author in ((row.state, row.author_id), (row.root_state, row.root_author_id))
    )


def choices(member_ids: Collection[int]) -> dict[tuple[int, str], tuple[bool, bool]]:
    """Return what members chose, as (inbox, mail) by member and kind; whoever is left out wants both."""
    rows = db.session.scalars(select(NoticeChoice).where(NoticeChoice.member_id.in_(member_ids)))
    return {(row.member_id, row.kind): (row.inbox, row.mail) for row in rows}


class Post(NamedTuple):
    """What notices need of a post; its root and parent are the post itself where it opens a topic."""

    id: int
    kind: str
    author_id: int
    root_id: int
    root_author_id: int
    parent_author_id: int
    space_id: int
    created_at: datetime
    is_shown: bool


def post(contribution_id: int) -> Post:
    parent = aliased(Contribution)
    row = db.session.execute(
        select(Contribution, _Root.author_id, _Root.state, parent.author_id)
        .join(_Root, _Root.id == Contribution.root_id)
        .outerjoin(parent, parent.id == Contribution.parent_id)
        .where(Contribution.id == contribution_id)
    ).one()
    own, root_author, root_state, parent_author = row
    return Post(
        own.id, own.kind, own.author_id, own.root_id or own.id, root_author, parent_author or own.author_id, own.space_id,
        own.created_at, own.state == root_state == "visible",
    )  # fmt: skip


def followers(root_id: int, since: datetime | None = None) -> list[int]:
    """Return who follows a root without having muted it; where a moment is given, those who did by then."""
    following = select(Follow.member_id).where(Follow.root_id == root_id, Follow.muted.is_(False))
    if since is not None:
        following = following.where(Follow.since <= since)
    return list(db.session.scalars(following.order_by(Follow.member_id)))


def muted_by(root_id: int) -> set[int]:
    """Return who wants to hear nothing of a root."""
    return set(db.session.scalars(select(Follow.member_id).where(Follow.root_id == root_id, Follow.muted)))


def named_in(contribution_id: int) -> list[int]:
    """Return the members a contribution names with @."""
    return list(
        db.session.scalars(
            select(Mention.member_id)
            .where(Mention.contribution_id == contribution_id)
            .order_by(Mention.member_id)
        )
    )


def mails_about(member_id: int) -> list[int]:
    """Return the mails that carry a member's name or words: those of their posts, and of all posts in their topics."""
    root = aliased(Contribution)
    theirs = or_(Contribution.author_id == member_id, root.author_id == member_id)
    found = select(MailRow.id).join(Contribution, _tells_of()).join(root, root.id == Contribution.root_id)
    return list(db.session.scalars(found.where(theirs).distinct()))


def mails_quoting(member_id: int) -> list[int]:
    """Return the mails with a reason a member gave as a reviewer or for a doubt, or about what they suggested."""
    reviewed = (
        select(MailRow.id)
        .join(Review, MailRow.event_key == literal("reviewed:") + cast(Review.id, Text))
        .join(Contribution, Contribution.id == Review.proposal_id)
        .where(or_(Review.reviewer_id == member_id, Contribution.author_id == member_id))
    )
    doubted = (
        select(MailRow.id)
        .join(Mark, MailRow.event_key == literal("doubt:") + cast(Mark.id, Text))
        .where(Mark.member_id == member_id, Mark.value < 0)
    )
    return list(db.session.scalars(reviewed.union_all(doubted)))


def mails_of(contribution_ids: Collection[int]) -> list[int]:
    """Return the mails that tell of some posts."""
    found = select(MailRow.id).join(Contribution, _tells_of()).where(Contribution.id.in_(contribution_ids))
    return list(db.session.scalars(found.distinct()))


def _tells_of() -> ColumnElement[bool]:
    return MailRow.event_key.in_(
        [
            literal(f"{what}:") + cast(Contribution.id, Text)
            for what in ("posted", "accepted", "published", "text", "widened")
        ]
    )


def organization_of(review: Review) -> str:
    """Return the name of the organization a review speaks for; empty where that was not proved."""
    if review.organization_id is None or review.org_evidence not in VERIFIED:
        return ""
    return db.session.scalar(select(Organization.name).where(Organization.id == review.organization_id)) or ""


def reasons_of(member_id: int) -> CompoundSelect[str]:
    """Return the keys of the notices that hold what a member said as a reviewer, except of approvals, or in doubt."""
    reviewed = select(literal("reviewed:") + cast(Review.id, Text)).where(
        Review.reviewer_id == member_id, Review.verdict != "approve"
    )
    doubted = select(literal("doubt:") + cast(Mark.id, Text)).where(
        Mark.member_id == member_id, Mark.value < 0
    )
    return reviewed.union_all(doubted)
