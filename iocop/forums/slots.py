"""What stands about domains and topics on the pages of members."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import render_template
from markupsafe import Markup
from sqlalchemy import bindparam, select

from iocop.contributions.models import Contribution
from iocop.core.cache import kept_with_people
from iocop.core.db import db, read
from iocop.core.login import viewer
from iocop.core.slots import fills
from iocop.domains.models import Domain, MemberDomain
from iocop.forums.models import Topic
from iocop.forums.queries.dependence import dependences
from iocop.spaces.models import Space
from iocop.spaces.queries import READABLE_BY_MEMBER, asked_now

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

LATEST = 5

_LATEST = (
    select(Contribution.id, Contribution.kind, Contribution.created_at, Topic.title)
    .join(Topic, Topic.id == Contribution.root_id)
    .join(Space, Space.id == Contribution.space_id)
    .where(
        Contribution.author_id == bindparam("author"),
        Contribution.byline == "named",
        Contribution.state == "visible",
        Topic.listed,
    )
    .order_by(Contribution.created_at.desc())
    .limit(LATEST)
)


@fills("profile_section")
def practice(member_ids: Collection[int], **_about: Any) -> dict[int, Markup]:
    """The domains a member says are theirs, and what they wrote last under their name, as far as the viewer may read."""
    (member_id,) = member_ids  # a profile shows one person
    domains, posts = _domains(member_id), _latest(member_id)
    if not domains and not posts:
        return {}
    page = render_template("forums/_profile.html", domains=domains, posts=posts)
    return {member_id: Markup(page)}  # noqa: S704 -- a template's own output


def _domains(member_id: int) -> Sequence[Any]:
    own = (
        select(Domain.slug, Domain.name)
        .join(MemberDomain, MemberDomain.domain_id == Domain.id)
        .where(MemberDomain.member_id == member_id)
        .order_by(Domain.position)
    )
    return kept_with_people(("domains", member_id), lambda: db.session.execute(own).all())


def _latest(member_id: int) -> Sequence[Any]:
    """Return the newest posts a member signed; never sealed ones, so that a byline cannot be guessed from here."""
    looking = viewer()
    if looking.is_authenticated:
        open_to_them = _LATEST.where(READABLE_BY_MEMBER)
        return read(open_to_them, {"author": member_id, "member": looking.id} | asked_now()).all()
    open_to_all = _LATEST.where(Space.audience == "public", Contribution.label == "public")
    return read(open_to_all, {"author": member_id}).all()


@fills("risk_section")
def depends(member_ids: Collection[int], **_about: Any) -> dict[int, Markup]:
    """On whom the viewer's organizations depend for their answers, on the page about risk."""
    rows = dependences(viewer())
    page = render_template("forums/_dependence.html", rows=rows) if rows else ""
    return {member_id: Markup(page) for member_id in member_ids}  # noqa: S704 -- a template's own output
