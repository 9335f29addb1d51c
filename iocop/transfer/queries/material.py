"""The texts of a pack, read in a constant number of statements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import bindparam, case, func, select

from iocop.contributions.models import Contribution, Mark
from iocop.contributions.queries import contribution_for
from iocop.core import clock
from iocop.core.db import db
from iocop.core.policy import require
from iocop.core.site import site
from iocop.organizations.models import MemberCard, Organization
from iocop.organizations.wording import SIZES, TYPES, country_name
from iocop.spaces.labels import Channel, strictest
from iocop.spaces.policy import carriable
from iocop.spaces.queries import scope_of
from iocop.transfer import policy
from iocop.transfer.blocks import blocks_of
from iocop.transfer.pack import Material, Post
from iocop.transfer.queries.names import directory, names
from iocop.transfer.queries.subject import subject
from iocop.transfer.roles import Place, Wrote, authors

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from sqlalchemy import Row

    from iocop.core.login import Viewer
    from iocop.transfer.queries.subject import Subject
    from iocop.transfer.roles import Role

MOST_POSTS: Final = 500
MOST_LETTERS: Final = 120_000
"""Letters of HTML, markup and all: about forty printed pages, written in about a second."""
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
    .where(Contribution.state == "visible")
    .order_by(
        case((Contribution.id == bindparam("root"), 0), (Contribution.id == bindparam("accepted"), 1), else_=2),
        Contribution.position,
    )
    .limit(MOST_POSTS)
)  # fmt: skip


def material(viewer: Viewer, root_id: int, wanted: Iterable[str] = ()) -> Material:
    """Return what the pack of a topic or an article is made of, for this viewer.

    Args:
        wanted: what the viewer would put in place of words: names are looked for in it too.

    Raises:
        Missing: there is none, or it is not open to the viewer, or it stands below another.
        Gone: it was deleted.
        Refused: its label keeps it on the site.
    """
    root = contribution_for(viewer, root_id)
    about = subject(viewer, root)
    require(policy.may_take_home(viewer, root))
    rows, stay, over = _posts(viewer, about)
    label = strictest(*(row.label for row in rows))
    named = label not in WITHOUT_NAMES
    base_url = current_app.extensions["settings"].base_url.rstrip("/")
    posts, wrote, roles = _told(about, rows, named=named)
    texts = [about.title, *(text for post in posts for text in post.texts()), *wanted]
    signers = [one.name for one in about.credited] or [_signed(row) for row in rows]
    return Material(
        id=root_id, title=about.title, language=root.language, label=label, posts=posts,
        names=None if named else names(viewer, texts, wrote, roles),
        authors=list(dict.fromkeys(signers)) if named else [],
        version=root.version, changed_at=root.edited_at or root.created_at, site=site().name, base_url=base_url,
        address=base_url + (about.titled_address if named else about.address),
        today=clock.now().date(), standing=about.standing, applies=about.applies, stay=stay, over=over,
    )  # fmt: skip


def _told(
    about: Subject, rows: Sequence[Row[*tuple[Any, ...]]], *, named: bool
) -> tuple[list[Post], list[Wrote], list[Role]]:
    """Return the posts as they are headed, and who must not be named in them under which role."""
    wrote = [_wrote(row, asked=row.id == about.id and about.question) for row in rows] + about.credited
    roles = [] if named else list(authors(wrote, directory()))
    heads = [_signed(row) for row in rows] if named else [_head(role) for role in roles]
    if about.article is not None:
        heads = [""]  # an article is its authors' together: see its imprint
    conditions = _conditions([row.id for row in rows])
    posts = [_post(row, head, about.accepted_id, conditions) for row, head in zip(rows, heads, strict=False)]
    return posts, wrote, roles


def _posts(viewer: Viewer, about: Subject) -> tuple[Sequence[Row[*tuple[Any, ...]]], int, int]:
    """Return the posts the label lets the viewer take, how many stay for their labels, and how many for their length."""
    carried = carriable(scope_of(viewer), Contribution.space_id, Contribution.label, Channel.EXPORT)
    among = Contribution.id == about.id if about.article is not None else Contribution.root_id == about.id
    shown, free = db.session.execute(
        select(func.count(), func.coalesce(func.sum(case((carried, 1), else_=0)), 0)).where(
            among, Contribution.state == "visible"
        )
    ).one()
    rows = db.session.execute(
        _POSTS.where(carried, among), {"root": about.id, "accepted": about.accepted_id or 0}
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
    for row in db.session.execute(marks.order_by(Mark.id)):
        words = "; ".join(filter(None, (row.context.get("version"), row.context.get("conditions"))))
        told.setdefault(row.contribution_id, []).append(words)
    return told
