"""How a contribution becomes what `_macros/post.html` shows: its author then and now, or why it is not shown."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from flask_babel import gettext as _
from markupsafe import Markup

from iocop.core import clock
from iocop.core.cache import changes_at
from iocop.members.numbers import shown
from iocop.members.photos import photo_address
from iocop.organizations.wording import then_and_now

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from iocop.core.login import Viewer

UNRANKED: Final = timedelta(hours=24)
"""How long a post is read before its author's rank is: no level, points or title stand beside it."""


class Author(NamedTuple):
    """Who wrote a post: called as they are now, from where they were then."""

    id: int
    name: str
    url: str
    photo: str
    byline: str
    chips: Markup


class Shown(NamedTuple):
    """A post as `_macros/post.html` takes it."""

    id: int
    number: int
    url: str
    body: Markup
    at: Any
    edited_url: str
    accepted: bool
    removed: str
    depth: int
    author: Author
    helpful: int
    works_here: int
    confirmed_url: str
    outdated: int
    mine: frozenset[str]
    mark_url: str
    actions: list[tuple[str, str, str]]


class Words(NamedTuple):
    """Words that may stand at every post, looked up once a page."""

    hidden: str
    removed: str
    held: str
    employer_hidden: str
    sealed: str
    members_only: str


def words() -> Words:
    return Words(
        _("Moderators have hidden this post."), _("This post was removed."),
        _("Waiting for a moderator: only you see it."), _("employer not shown"), _("A member"),
        _("This is shared with members: join or sign in to read it."),
    )  # fmt: skip


def unranked(rows: Iterable[Any]) -> frozenset[int]:
    """Return the posts, of rows with *id* and *created_at*, beside which no rank of their authors stands yet.

    A guest's page is kept no longer than until the first of them has come of age.
    """
    now = clock.now()
    since, until = now - UNRANKED, now + UNRANKED  # an imported post may say that it is of the year 9999
    young = {row.id: row.created_at for row in rows if since < row.created_at < until}
    if young:
        changes_at(min(young.values()) + UNRANKED)
    return frozenset(young)


def author_of(
    row: Any, names: Mapping[int, Any], said: Words, chip: Markup, chips: Mapping[int, Markup]
) -> Author:
    """Return who wrote a row with *author_id*, *byline*, *organization_id* and *organization_name*.

    Args:
        names: members as they are called now (`organizations.queries.cards`).
        chip: what stands behind the name of this post's author, also where it is sealed.
        chips: what stands behind names, by member.
    """
    card = names.get(row.author_id)
    if row.byline == "sealed" or card is None:
        return Author(0, said.sealed, "", "", "", chip)
    photo = photo_address(card.number, card.photo_key)
    byline = said.employer_hidden if row.byline == "employer_hidden" else employer_of(row, card)
    return Author(
        row.author_id, card.name, f"/id/{shown(card.number)}", photo, byline,
        chip + chips.get(row.author_id, Markup()),
    )  # fmt: skip


def employer_of(row: Any, card: Any) -> str:
    """Name the employer of that time; where the author works elsewhere today, say both."""
    if row.organization_id is None:
        return ""
    elsewhere = card.organization_id not in {None, row.organization_id}
    return then_and_now(row.organization_name, card.organization_name if elsewhere else "")


def stub(row: Any, viewer: Viewer, said: Words) -> str:
    """Return what stands in place of a post that is not shown; nothing for one that is."""
    if row.label != "public" and not viewer.is_authenticated:
        return said.members_only
    if row.state == "visible" or (row.state == "held" and row.author_id == viewer.id):
        return ""
    if viewer.roles & {"moderator", "administrator"} and row.state != "removed":
        return ""
    text = {"hidden": said.hidden, "held": said.held}.get(row.state, said.removed)
    return f"{text} {row.state_reason}".strip()
