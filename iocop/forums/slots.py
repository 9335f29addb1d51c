"""What stands about domains and topics on the pages of members."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import render_template
from markupsafe import Markup
from sqlalchemy import bindparam, select

from iocop.contributions.models import Contribution
from iocop.core.db import read
from iocop.core.frame import kept_parts
from iocop.core.login import viewer
from iocop.core.slots import fills
from iocop.domains.models import Domain, MemberDomain
from iocop.forums.models import Topic
from iocop.forums.queries.dependence import dependences
from iocop.members.models import Member
from iocop.members.privacy import is_seen
from iocop.spaces.models import Space
from iocop.spaces.queries import READABLE_BY_MEMBER, asked_now, scope_of

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


_LATEST_FOR_MEMBER = _LATEST.where(READABLE_BY_MEMBER)
_LATEST_FOR_GUEST = _LATEST.where(Space.audience == "public", Contribution.label == "public")
_DOMAINS = (
    select(Domain.slug, Domain.name, Member.visibility)
    .join(MemberDomain, MemberDomain.domain_id == Domain.id)
    .join(Member, Member.id == MemberDomain.member_id)
    .where(MemberDomain.member_id == bindparam("author"))
    .order_by(Domain.position)
)


@fills("profile_section")
def practice(member_ids: Collection[int], **_about: Any) -> dict[int, Markup]:
    """The domains a member says are theirs, and what they wrote last under their name, as far as the viewer may read."""
    (member_id,) = member_ids  # a profile shows one person
    looking = viewer()
    versions = (looking.topics_version, looking.people_version, looking.site_version)
    key = ("practice", member_id, versions, scope_of(looking), looking.id == member_id)
    return kept_parts((member_id,), key, _section)


def _section(member_id: int) -> str:
    domains, posts = _domains(member_id), _latest(member_id)
    return render_template("forums/_profile.html", domains=domains, posts=posts) if domains or posts else ""


def _domains(member_id: int) -> list[Any]:
    """Return the domains a member says are theirs, if the viewer may know of them."""
    looking = viewer()
    who = {"by_owner": looking.id == member_id, "by_member": looking.is_authenticated}
    rows = read(_DOMAINS, {"author": member_id}).all()
    return [row for row in rows if is_seen(row.visibility, "domains", **who)]


def _latest(member_id: int) -> Sequence[Any]:
    """Return the newest posts a member signed; never sealed ones, so that a byline cannot be guessed from here."""
    looking = viewer()
    if looking.is_authenticated:
        asked = {"author": member_id, "member": looking.id} | asked_now()
        return read(_LATEST_FOR_MEMBER, asked).all()
    return read(_LATEST_FOR_GUEST, {"author": member_id}).all()


@fills("risk_section")
def depends(member_ids: Collection[int], **_about: Any) -> dict[int, Markup]:
    """On whom the viewer's organizations depend for their answers, on the page about risk."""
    rows = dependences(viewer())
    page = render_template("forums/_dependence.html", rows=rows) if rows else ""
    return {member_id: Markup(page) for member_id in member_ids}  # noqa: S704 -- a template's own output
