"""The texts of a pack, read in a constant number of statements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import bindparam, case, func, select

from iocop.contributions.models import Contribution, Mark
from iocop.contributions.queries import contribution_for
from iocop.core import clock
from iocop.core.db import db
from iocop.core.errors import Missing
from iocop.core.policy import require
from iocop.core.site import site
from iocop.domains.slugs import slug
from iocop.forums.models import Topic
from iocop.organizations.models import MemberCard, Organization
from iocop.organizations.wording import SIZES, TYPES, country_name
from iocop.spaces.labels import Channel, strictest
from iocop.spaces.policy import carriable
from iocop.spaces.queries import scope_of
from iocop.transfer import policy
from iocop.transfer.blocks import blocks_of
from iocop.transfer.pack import Material, Post
from iocop.transfer.queries.names import directory, names
from iocop.transfer.roles import Place, Wrote, authors

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import Row

    from iocop.core.login import Viewer
    from iocop.transfer.roles import Role

MOST_POSTS: Final = 500
MOST_LETTERS: Final = 200_000
"""Letters of HTML, markup and all: about seventy printed pages, written within two seconds."""
WITHOUT_NAMES: Final = frozenset({"space", "members", "take-home"})

_POSTS = (
    select(
        Contribution.id, Contribution.author_id, Contribution.byline, Contribution.label, Contribution.created_at,
        Contribution.html, Contribution.licence, Contribution.attribution, Contribution.works_here, MemberCard.name,
        MemberCard.handle, Organization.name.label("organization"), Organization.type, Organization.size_band,
        Organization.country,
    )
    .join(MemberCard, MemberCard.member_id == Contribution.author_id)
    .outerjoin(Organization, Organization.id == Contribution.organization_id)
    .where(Contribution.root_id == bindparam("root"), Contribution.state == "visible")
    .order_by(
        case((Contribution.id == bindparam("root"), 0), (Contribution.id == bindparam("accepted"), 1), else_=2),
        Contribution.position,
    )
    .limit(MOST_POSTS)
)  # fmt: skip


def material(viewer: Viewer, root_id: int) -> Material:
    """Return what a topic's pack is made of, for this viewer.

    Raises:
        Missing: there is none, or it is not open to the viewer, or it is a post and no topic.
        Refused: its label keeps it on the site.
    """
    root = contribution_for(viewer, root_id)
    topic = db.session.get(Topic, root_id)
    if topic is None:
        raise Missing(_l("There is no such topic, or it is not open to you."))
    require(policy.may_take_home(viewer, root))
    rows, stay, over = _posts(viewer, topic)
    label = strictest(*(row.label for row in rows))
    named = label not in WITHOUT_NAMES
    base_url = current_app.extensions["settings"].base_url.rstrip("/")
    wrote = [_wrote(row, asked=row.id == root_id and topic.kind == "question") for row in rows]
    roles = [] if named else list(authors(wrote, directory()))
    heads = [_signed(row) for row in rows] if named else [_head(role) for role in roles]
    conditions = _conditions([row.id for row in rows if row.works_here])
    posts = [_post(row, head, topic.accepted_id, conditions) for row, head in zip(rows, heads, strict=True)]
    return Material(
        id=root_id, title=topic.title, language=root.language, label=label, posts=posts,
        names=None if named else names(topic.title, posts, wrote, roles),
        authors=list(dict.fromkeys(_signed(row) for row in rows)) if named else [],
        version=root.version, changed_at=root.edited_at or root.created_at, site=site().name, base_url=base_url,
        address=f"{base_url}/t/{root_id}" + (f"/{slug(topic.title)}" if named else ""),
        today=clock.now().date(), stay=stay, over=over,
    )  # fmt: skip


def _posts(viewer: Viewer, topic: Topic) -> tuple[Sequence[Row[*tuple[Any, ...]]], int, int]:
    """Return the posts the label lets the viewer take, how many stay for their labels, and how many for their length."""
    carried = carriable(scope_of(viewer), Contribution.space_id, Contribution.label, Channel.EXPORT)
    shown, free = db.session.execute(
        select(func.count(), func.coalesce(func.sum(case((carried, 1), else_=0)), 0)).where(
            Contribution.root_id == topic.id, Contribution.state == "visible"
        )
    ).one()
    rows = db.session.execute(
        _POSTS.where(carried), {"root": topic.id, "accepted": topic.accepted_id or 0}
    ).all()
    letters, kept = 0, 0
    for row in rows:
        letters += len(row.html)
        if kept and letters > MOST_LETTERS:
            break
        kept += 1
    return rows[:kept], shown - free, free - kept


def _wrote(row: Any, *, asked: bool) -> Wrote:
    known_place = row.byline == "named" and row.type is not None
    return Wrote(
        member_id=None if row.byline == "sealed" else row.author_id,
        name=row.name,
        handle=row.handle,
        place=Place(row.type, row.size_band, row.country) if known_place else None,
        asked=asked,
    )


def _signed(row: Any) -> str:
    """Name an author as their post does."""
    if row.byline == "sealed":
        return str(_("A member"))
    return f"{row.name}, {row.organization}" if row.byline == "named" and row.organization else str(row.name)


def _head(role: Role) -> str:
    place = role.place
    told = [
        str(TYPES[place.type]) if place.type else "",
        str(SIZES[place.size_band]) if place.size_band else "",
        country_name(place.country) if place.country else "",
    ]
    about = ", ".join(filter(None, told))
    head = f"{role.short} ({about})" if about else role.short
    return head[:1].upper() + head[1:]


def _post(row: Any, author: str, accepted_id: int | None, conditions: dict[int, list[str]]) -> Post:
    return Post(
        id=row.id, author=author, at=row.created_at, blocks=tuple(blocks_of(row.html)), licence=row.licence,
        attribution=row.attribution, accepted=row.id == accepted_id, works_here=row.works_here,
        conditions=tuple(conditions.get(row.id, ())),
    )  # fmt: skip


def _conditions(ids: Collection[int]) -> dict[int, list[str]]:
    """Return under which version and conditions others said that each text works where they are."""
    told: dict[int, list[str]] = {}
    marks = select(Mark.contribution_id, Mark.context).where(
        Mark.contribution_id.in_(ids), Mark.kind == "works_here", Mark.withdrawn_at.is_(None)
    )
    for row in db.session.execute(marks.order_by(Mark.id)) if ids else ():
        words = "; ".join(filter(None, (row.context.get("version"), row.context.get("conditions"))))
        told.setdefault(row.contribution_id, []).append(words)
    return told
