"""What one topic's page needs, in a constant number of statements, built once.

What all readers share (`Sheet`) is kept in the process under the topic's version; what is each reader's own (names as
they are now, own marks) is laid over in two statements.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any, NamedTuple

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, bindparam, case, func, literal, or_, select

from iocop.contributions.models import Contribution, ContributionDomain, ContributionTag, Follow, ReadMark
from iocop.core.cache import fragments
from iocop.core.db import db, read
from iocop.core.errors import Gone, Missing
from iocop.core.models import Version
from iocop.domains.models import Domain, Tag
from iocop.domains.products import is_about
from iocop.forums.models import Topic
from iocop.organizations.models import Offer, Organization
from iocop.spaces.models import Space
from iocop.spaces.queries import READABLE_BY_MEMBER, asked_now

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import Row

    from iocop.core.login import Viewer

POSTS_A_PAGE = 20
DEEPEST = 3

_TOPIC = (
    select(
        Topic.id, Topic.kind, Topic.title, Topic.pinned, Topic.opened_at, Topic.closed_at, Topic.closed_reason,
        Topic.closed_by_id, Topic.successor_id, Topic.accepted_id, Topic.accepted_at, Topic.first_answer_at,
        Topic.posts, Topic.answers, Topic.last_post_at, Contribution.root_id, Contribution.position,
        Contribution.author_id, Contribution.label, Contribution.state, Contribution.language, Contribution.licence,
        Contribution.space_id, Contribution.attribution, Space.name.label("space_name"),
        Space.audience.label("space_audience"), Space.slug.label("space_slug"),
        select(func.coalesce(func.sum(Version.value), 0))
        .where(Version.key.in_((bindparam("topic_key"), literal("organizations")))).scalar_subquery().label("version"),
        select(Follow.muted).where(Follow.root_id == Topic.id, Follow.member_id == bindparam("member"))
        .scalar_subquery().label("muted"),
        select(ReadMark.position).where(ReadMark.root_id == Topic.id, ReadMark.member_id == bindparam("member"))
        .scalar_subquery().label("read_to"),
    )
    .join(Contribution, Contribution.id == Topic.id)
    .join(Space, Space.id == Contribution.space_id)
    .where(Topic.id == bindparam("topic"))
)  # fmt: skip
_TOPIC_FOR_MEMBER = _TOPIC.add_columns(READABLE_BY_MEMBER.label("readable"))
_TOPIC_FOR_GUEST = _TOPIC.add_columns(
    and_(Space.audience == "public", Contribution.label == "public").label("readable")
)

_AT_THAT_TIME = (
    select(
        Contribution.id, Contribution.kind, Contribution.position, Contribution.parent_id, Contribution.author_id,
        Contribution.organization_id, Organization.name.label("organization_name"), Contribution.org_evidence,
        Contribution.byline, Contribution.created_at, Contribution.edited_at, Contribution.version,
        Contribution.state, Contribution.state_reason, Contribution.label, Contribution.helpful,
        Contribution.imported_score, Contribution.works_here, Contribution.outdated, Contribution.html,
        Contribution.attribution,
    )
    .outerjoin(Organization, Organization.id == Contribution.organization_id)
    .where(Contribution.root_id == bindparam("topic"))
)  # fmt: skip
_FLAT = _AT_THAT_TIME.where(
    or_(
        Contribution.position.between(bindparam("first"), bindparam("last")),
        and_(Contribution.id == bindparam("accepted"), bindparam("first") == 1),
    )
).order_by(Contribution.position)
_STANDS_IN = select(Contribution.root_id).where(Contribution.id == bindparam("topic"))
_CHOSEN = _AT_THAT_TIME.where(Contribution.id.in_(bindparam("ids", expanding=True)))
_SKELETON = select(
    Contribution.id, Contribution.parent_id, Contribution.position, Contribution.helpful, Contribution.kind
).where(Contribution.root_id == bindparam("topic"))
_MERGED = (
    select(
        case((and_(Contribution.state == "visible", Contribution.label == bindparam("label")), Topic.title), else_="")
        .label("title"),
        Contribution.position, Topic.closed_at, Topic.closed_by_id,
    )
    .join(Contribution, Contribution.id == Topic.id)
    .where(Contribution.root_id == bindparam("topic"), Topic.id != bindparam("topic"))
    .order_by(Contribution.position)
)  # fmt: skip
"""A title stands on the page under the topic's own label, so one that is shared less far is left out."""
_DOMAINS = (
    select(Domain.slug, Domain.name, Domain.id)
    .join(ContributionDomain, ContributionDomain.domain_id == Domain.id)
    .where(ContributionDomain.contribution_id == bindparam("topic"))
    .order_by(ContributionDomain.position)
)
_TAGS = (
    select(Tag.slug)
    .join(ContributionTag, ContributionTag.tag_id == Tag.id)
    .where(ContributionTag.contribution_id == bindparam("topic"))
    .order_by(Tag.slug)
)


class Post(NamedTuple):
    """A post as all readers share it; names and own marks are laid over."""

    row: Any
    depth: int
    conflict: str
    """The product discussed here that the author's organization sells, or nothing."""


@dataclass(frozen=True)
class Sheet:
    """One page of a topic, as all readers share it."""

    posts: Sequence[Post]
    domains: Sequence[Any]
    tags: Sequence[str]
    author_ids: frozenset[int]
    ids: tuple[int, ...]
    merged: Sequence[Any]
    """The topics that were merged into this one: title, where it begins, when and by whom."""


class Merged(Missing):
    """A topic stands in another now: its address leads to the page that answers this."""

    def __init__(self, into_id: int, position: int) -> None:
        super().__init__(_l("This topic was merged into another: what you would do, do there."))
        self.into_id, self.position = into_id, position


def stands_in(topic_id: int) -> int:
    """Return the topic in which one stands that may have been merged: itself, where it was not or there is none."""
    return read(_STANDS_IN, {"topic": topic_id}).scalar() or topic_id


def topic_for(viewer: Viewer, topic_id: int) -> Row[*tuple[Any, ...]]:
    """Return a topic the viewer may read, in one statement.

    Raises:
        Missing: no such topic, or not open to the viewer.
        Gone: it was removed.
        Merged: it stands in another, which the viewer may read as far as its first post.
    """
    asked = {"topic": topic_id, "topic_key": f"topic:{topic_id}", "member": viewer.id}
    if viewer.is_authenticated:
        found = read(_TOPIC_FOR_MEMBER, asked | asked_now()).first()
    else:
        found = read(_TOPIC_FOR_GUEST, asked).first()
    if found is None or not found.readable:
        raise Missing(_l("There is no such topic, or it is not open to you."))
    if found.root_id != found.id:
        raise Merged(found.root_id, found.position)
    if found.state == "removed" and not viewer.roles & {"moderator", "administrator"}:
        raise Gone(_l("This topic was removed."))
    if found.state in {"held", "hidden"} and not _sees_unlisted(viewer, found):
        raise Missing(_l("There is no such topic, or it is not open to you."))
    return found


def _sees_unlisted(viewer: Viewer, topic: Row[*tuple[Any, ...]]) -> bool:
    return viewer.id == topic.author_id or bool(viewer.roles & {"moderator", "administrator"})


def sheet(topic: Row[*tuple[Any, ...]], number: int, threaded: bool) -> Sheet:
    """Return one page's posts, kept under the topic's version.

    Raises:
        Missing: the topic has no such page.
    """
    if number > max(1, ceil(topic.posts / POSTS_A_PAGE)):
        raise Missing(_l("There is no such page."))
    key = ("sheet", topic.id, topic.version, number, threaded)
    return fragments().remember(key, lambda: _read_sheet(topic, number, threaded))


def _read_sheet(topic: Row[*tuple[Any, ...]], number: int, threaded: bool) -> Sheet:
    rows, depths = _threaded(topic, number) if threaded else _flat(topic, number)
    domains = db.session.execute(_DOMAINS, {"topic": topic.id}).all()
    tags = list(db.session.scalars(_TAGS, {"topic": topic.id}))
    conflicts = _conflicts({row.organization_id for row in rows if row.organization_id}, topic.title, tags)
    posts = [Post(row, depths.get(row.id, 0), conflicts.get(row.organization_id, "")) for row in rows]
    merged = db.session.execute(_MERGED, {"topic": topic.id, "label": topic.label}).all()
    return Sheet(
        posts, domains, tags, frozenset(row.author_id for row in rows), tuple(row.id for row in rows), merged
    )


def _flat(topic: Row[*tuple[Any, ...]], number: int) -> tuple[list[Row[*tuple[Any, ...]]], dict[int, int]]:
    """Posts in the order they came; the first page shows the accepted answer right below the question."""
    first = (number - 1) * POSTS_A_PAGE + 1
    asked = {
        "topic": topic.id,
        "first": first,
        "last": first + POSTS_A_PAGE - 1,
        "accepted": topic.accepted_id or 0,
    }
    rows = list(db.session.execute(_FLAT, asked))
    if number == 1:
        rows.sort(key=lambda row: (row.position != 1, row.id != topic.accepted_id, row.position))
    return rows, {}


def _threaded(
    topic: Row[*tuple[Any, ...]], number: int
) -> tuple[list[Row[*tuple[Any, ...]]], dict[int, int]]:
    """Posts below what they answer; among answers the accepted one first, then the most helpful."""
    order = thread_order(
        db.session.execute(_SKELETON, {"topic": topic.id}).all(), topic.id, topic.accepted_id
    )
    shown = dict(order[(number - 1) * POSTS_A_PAGE : number * POSTS_A_PAGE])
    rows = {row.id: row for row in db.session.execute(_CHOSEN, {"topic": topic.id, "ids": list(shown)})}
    return [rows[post_id] for post_id in shown], shown


def thread_order(skeleton: Sequence[Any], topic_id: int, accepted_id: int | None) -> list[tuple[int, int]]:
    """Return (post id, depth from 0 to 3) in the order a threaded page shows them, the topic itself first."""
    below: dict[int, list[Any]] = {}
    for row in skeleton:
        if row.id != topic_id:
            below.setdefault(row.parent_id or topic_id, []).append(row)
    order = [(topic_id, 0)]
    waiting = [(row, 0) for row in _ranked(below.get(topic_id, []), accepted_id)]
    while waiting:
        row, depth = waiting.pop(0)
        order.append((row.id, depth))
        waiting[:0] = [(child, min(depth + 1, DEEPEST)) for child in _by_time(below.get(row.id, []))]
    return order


def _ranked(rows: list[Any], accepted_id: int | None) -> list[Any]:
    return sorted(
        rows, key=lambda row: (row.id != accepted_id, row.kind != "answer", -row.helpful, row.position)
    )


def _by_time(rows: list[Any]) -> list[Any]:
    return sorted(rows, key=lambda row: row.position)


def _conflicts(organization_ids: Collection[int], title: str, tags: Collection[str]) -> dict[int, str]:
    """Return, for each organization that sells something discussed here, the product's name."""
    if not organization_ids:
        return {}
    sold = db.session.execute(
        select(Offer.organization_id, Offer.name).where(Offer.organization_id.in_(organization_ids))
    ).all()
    return {row.organization_id: row.name for row in sold if is_about(row.name, title, tags)}


def page_of(position: int) -> int:
    """Return the number of the flat page that shows a position."""
    return (position - 1) // POSTS_A_PAGE + 1


def waited(topic: Row[*tuple[Any, ...]]) -> float | None:
    """Return how many hours the first answer took; None while there is none."""
    if topic.first_answer_at is None:
        return None
    return float((topic.first_answer_at - topic.opened_at).total_seconds() / 3600)
