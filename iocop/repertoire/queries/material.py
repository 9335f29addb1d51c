"""What a thread gives to an article: its posts by paragraph, as far as the viewer may read them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from iocop.contributions.models import Contribution
from iocop.core.db import db
from iocop.organizations.models import MemberCard, Organization
from iocop.repertoire.paragraphs import fingerprint, paragraphs
from iocop.spaces.policy import readable
from iocop.spaces.queries import scope_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from iocop.core.login import Viewer

MOST = 500
"""Posts of a thread that are offered."""

_SPECIAL = re.compile(r"([\\`*_\[\]<>])")


def posts_for(viewer: Viewer, topic_id: int) -> Sequence[Contribution]:
    """Return a thread's posts that the viewer may read, in order."""
    return db.session.scalars(
        select(Contribution)
        .where(
            Contribution.root_id == topic_id,
            Contribution.state == "visible",
            readable(scope_of(viewer), Contribution.space_id, Contribution.label),
        )
        .order_by(Contribution.position)
        .limit(MOST)
    ).all()


def passages_in(post: Contribution) -> dict[str, str]:
    """Return a post's paragraphs as Markdown, by fingerprint; of an imported one without a source, its plain text."""
    source = post.text if post.text.strip() else _SPECIAL.sub(r"\\\1", post.plain)
    return {fingerprint(text): text for text in paragraphs(source)}


class Given(NamedTuple):
    """A post as the page offers it.

    Attributes:
        name: empty where it was given without one.
        organization: at that time; empty where it was not named.
        passages: fingerprint and Markdown of each paragraph.
    """

    id: int
    position: int
    name: str
    organization: str
    at: datetime
    label: str
    accepted: bool
    passages: tuple[tuple[str, str], ...]


def offered(viewer: Viewer, topic_id: int, accepted_id: int | None) -> list[Given]:
    """Return a thread's posts by paragraph, in order."""
    posts = posts_for(viewer, topic_id)
    authors = {post.author_id for post in posts}
    names = {
        row.member_id: row.name
        for row in db.session.execute(
            select(MemberCard.member_id, MemberCard.name).where(MemberCard.member_id.in_(authors))
        )
    }
    called = select(Organization.id, Organization.name).where(
        Organization.id.in_({post.organization_id for post in posts if post.organization_id})
    )
    organizations = {row.id: row.name for row in db.session.execute(called)}
    return [
        Given(
            post.id, post.position, "" if post.byline == "sealed" else names.get(post.author_id, ""),
            organizations.get(post.organization_id or 0, "") if post.byline == "named" else "",
            post.created_at, post.label, post.id == accepted_id, tuple(passages_in(post).items()),
        )
        for post in posts
    ]  # fmt: skip
