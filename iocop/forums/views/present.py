"""How posts become what the template shows: shared sheet below, names and own marks laid over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from flask_babel import gettext as _
from markupsafe import Markup

from iocop.core.slots import fill
from iocop.forums.queries.topic import POSTS_A_PAGE
from iocop.members.numbers import shown
from iocop.organizations.queries.cards import cards
from iocop.organizations.wording import then_and_now

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iocop.core.login import Viewer
    from iocop.forums.queries.topic import Post, Sheet


def hours_words(hours: float) -> str:
    """Say how long something took, in the unit a person would use."""
    if hours < 1:
        return str(_("%(minutes)s min", minutes=max(1, round(hours * 60))))
    if hours < 48:
        return str(_("%(hours)s h", hours=round(hours)))
    return str(_("%(days)s days", days=round(hours / 24)))


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


class _Words(NamedTuple):
    """Words that stand at every post, looked up once a page."""

    reply: str
    quote: str
    edit: str
    accept: str
    withdraw: str
    report: str
    label: str
    move: str
    remove: str
    hidden: str
    removed: str
    held: str
    employer_hidden: str
    sealed: str
    members_only: str


def _words() -> _Words:
    return _Words(
        _("Reply"), _("Quote"), _("Edit"), _("Accept this answer"), _("Withdraw acceptance"), _("Report"),
        _("Change how far it is shared"), _("Move to another space"), _("Remove"),
        _("Moderators have hidden this post."), _("This post was removed."),
        _("Waiting for a moderator: only you see it."), _("employer not shown"), _("A member"),
        _("This is shared with members: join or sign in to read it."),
    )  # fmt: skip


def posts_shown(topic: Any, sheet: Sheet, viewer: Viewer, marks: Mapping[int, frozenset[str]]) -> list[Shown]:
    """Lay names, chips, own marks and acts over a sheet: one statement, and one for each slot's filler."""
    names = cards(sheet.author_ids)
    chips = fill("author_chip", sheet.author_ids, topic_id=topic.id)
    words = _words()
    return [_shown(topic, post, viewer, names, marks, chips, words) for post in sheet.posts]


def _shown(
    topic: Any, post: Post, viewer: Viewer, names: Mapping[int, Any], marks: Mapping[int, frozenset[str]],
    chips: Mapping[int, Markup], words: _Words,
) -> Shown:  # fmt: skip
    row = post.row
    page = (row.position - 1) // POSTS_A_PAGE + 1
    address = f"/t/{topic.id}" + (f"?page={page}" if page > 1 else "") + f"#post-{row.position}"
    own = row.author_id == viewer.id
    acting = viewer.is_authenticated and not viewer.suspended and row.state == "visible"
    return Shown(
        row.id, row.position, address, Markup(row.html), row.created_at,  # noqa: S704 -- sanitised when written
        f"/c/{row.id}/history" if row.edited_at else "", row.id == topic.accepted_id,
        _stub(row, viewer, words), post.depth, _author(row, post.conflict, names, chips, words),
        row.helpful + max(0, row.imported_score), row.works_here, f"/c/{row.id}/marks" if row.works_here else "",
        row.outdated, marks.get(row.id, frozenset()), f"/c/{row.id}/marks" if acting and not own else "",
        _actions(topic, row, viewer, own, words) if acting else [],
    )  # fmt: skip


def _stub(row: Any, viewer: Viewer, words: _Words) -> str:
    """Return what stands in place of a post that is not shown; nothing for one that is."""
    if row.label != "public" and not viewer.is_authenticated:
        return words.members_only
    if row.state == "visible" or (row.state == "held" and row.author_id == viewer.id):
        return ""
    if viewer.roles & {"moderator", "administrator"} and row.state != "removed":
        return ""
    text = {"hidden": words.hidden, "held": words.held}.get(row.state, words.removed)
    return f"{text} {row.state_reason}".strip()


def _author(
    row: Any, conflict: str, names: Mapping[int, Any], chips: Mapping[int, Markup], words: _Words
) -> Author:
    chip = _conflict_chip(conflict)
    card = names.get(row.author_id)
    if row.byline == "sealed" or card is None:
        return Author(0, words.sealed, "", "", "", chip)
    photo = f"/id/{shown(card.number)}/photo?v={card.photo_key[-6:]}" if card.photo_key else ""
    byline = words.employer_hidden if row.byline == "employer_hidden" else _then_and_now(row, card)
    return Author(
        row.author_id, card.name, f"/id/{shown(card.number)}", photo, byline,
        chip + chips.get(row.author_id, Markup()),
    )  # fmt: skip


def _then_and_now(row: Any, card: Any) -> str:
    """Name the employer of that time; where the author works elsewhere today, say both."""
    if row.organization_id is None:
        return ""
    elsewhere = card.organization_id not in {None, row.organization_id}
    return then_and_now(row.organization_name, card.organization_name if elsewhere else "")


def _conflict_chip(product: str) -> Markup:
    if not product:
        return Markup()
    words = _("works for a company that sells %(product)s", product=product)
    return Markup(' <span class="chip warn">{}</span>').format(words)


def _actions(topic: Any, row: Any, viewer: Viewer, own: bool, words: _Words) -> list[tuple[str, str, str]]:
    found = []
    if topic.closed_at is None:
        found = [(words.reply, f"/p/{row.id}/reply", ""), (words.quote, f"/p/{row.id}/reply?quote=1", "")]
    if own or viewer.roles & {"moderator"}:
        found.append((words.edit, f"/p/{row.id}/edit", ""))
    if topic.author_id == viewer.id and row.kind == "answer":
        accepted = row.id == topic.accepted_id
        found.append((words.withdraw if accepted else words.accept, f"/p/{row.id}/accept", ""))
    return found + _further_actions(topic, row, viewer, own, words)


def _further_actions(
    topic: Any, row: Any, viewer: Viewer, own: bool, words: _Words
) -> list[tuple[str, str, str]]:
    """Return the rarer acts; an author moves or removes a topic while nobody has written under it."""
    alone, is_root = topic.posts == 1, row.id == topic.id
    found = [] if own else [(words.report, f"/p/{row.id}/report", "")]
    if own:
        found.append((words.label, f"/c/{row.id}/label", ""))
    if is_root and ((own and alone) or viewer.roles & {"moderator"}):
        found.append((words.move, f"/c/{row.id}/space", ""))
    if own and (alone or not is_root):
        found.append((words.remove, f"/c/{row.id}/remove", ""))
    return found
