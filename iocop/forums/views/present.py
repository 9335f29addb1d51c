"""How posts become what the template shows: shared sheet below, names and own marks laid over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from flask_babel import gettext as _
from markupsafe import Markup

from iocop.contributions import presenting
from iocop.contributions.presenting import Shown, author_of, stub
from iocop.core.slots import fill
from iocop.forums.queries.topic import page_of
from iocop.organizations.queries.cards import cards

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from iocop.core.login import Viewer
    from iocop.forums.queries.topic import Post, Sheet


def hours_words(hours: float) -> str:
    """Say how long something took, in the unit a person would use."""
    if hours < 1:
        return str(_("%(minutes)s min", minutes=max(1, round(hours * 60))))
    if hours < 48:
        return str(_("%(hours)s h", hours=round(hours)))
    return str(_("%(days)s days", days=round(hours / 24)))


class Trust(NamedTuple):
    """What a viewer may do here because of what they have shown.

    Attributes:
        doubts: doubt answers, with a reason.
        closes: close topics, others' too.
        edits: edit what others wrote.
        merges: merge topics.
    """

    doubts: bool = False
    closes: bool = False
    edits: bool = False
    merges: bool = False


NONE = Trust()


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
    doubt: str
    doubted: str


def _words() -> _Words:
    return _Words(
        _("Reply"), _("Quote"), _("Edit"), _("Accept this answer"), _("Withdraw acceptance"), _("Report"),
        _("Change how far it is shared"), _("Move to another space"), _("Remove"),
        _("Doubt"), _("Your doubt"),
    )  # fmt: skip


def posts_shown(
    topic: Any, sheet: Sheet, viewer: Viewer, marks: Mapping[int, frozenset[str]], trust: Trust
) -> list[Shown]:
    """Lay names, chips, own marks and acts over a sheet: one statement, and one for each slot's filler.

    Args:
        trust: what the viewer may do here.
    """
    names = cards(sheet.author_ids)
    chips = fill("author_chip", sheet.author_ids, topic_id=topic.id)
    said, acts, bare = presenting.words(), _words(), presenting.unranked(post.row for post in sheet.posts)
    return [
        _shown(topic, post, viewer, names, marks, {} if post.row.id in bare else chips, said, acts, trust)
        for post in sheet.posts
    ]


def _shown(
    topic: Any, post: Post, viewer: Viewer, names: Mapping[int, Any], marks: Mapping[int, frozenset[str]],
    chips: Mapping[int, Markup], said: presenting.Words, words: _Words, trust: Trust,
) -> Shown:  # fmt: skip
    row = post.row
    own = row.author_id == viewer.id
    acting = viewer.is_authenticated and not viewer.suspended and row.state == "visible"
    return Shown(
        row.id, row.position, address_in(topic.id, row.position), Markup(row.html), row.created_at,  # noqa: S704 -- sanitised when written
        f"/c/{row.id}/history" if row.edited_at else "", row.id == topic.accepted_id,
        stub(row, viewer, said), post.depth,
        author_of(row, names, said, _conflict_chip(post.conflict), chips),
        row.helpful + max(0, row.imported_score), row.works_here, f"/c/{row.id}/marks" if row.works_here else "",
        row.outdated, marks.get(row.id, frozenset()), f"/c/{row.id}/marks" if acting and not own else "",
        _actions(topic, row, viewer, own, trust, words) + _doubting(row, own, trust, words, marks) if acting else [],
    )  # fmt: skip


def merged_shown(topic: Any, sheet: Sheet) -> list[tuple[str, str, datetime, str]]:
    """Return the topics that were merged into this one: title, address of where it begins, when and by whom."""
    names = cards({row.closed_by_id for row in sheet.merged})
    return [
        (row.title, address_in(topic.id, row.position), row.closed_at, names[row.closed_by_id].name)
        for row in sheet.merged
    ]


def address_in(topic_id: int, position: int) -> str:
    page = page_of(position)
    return f"/t/{topic_id}" + (f"?page={page}" if page > 1 else "") + f"#post-{position}"


def _conflict_chip(product: str) -> Markup:
    if not product:
        return Markup()
    words = _("works for a company that sells %(product)s", product=product)
    return Markup(' <span class="chip warn">{}</span>').format(words)


def _actions(
    topic: Any, row: Any, viewer: Viewer, own: bool, trust: Trust, words: _Words
) -> list[tuple[str, str, str]]:
    found = []
    if topic.closed_at is None:
        found = [(words.reply, f"/p/{row.id}/reply", ""), (words.quote, f"/p/{row.id}/reply?quote=1", "")]
    if own or trust.edits or viewer.roles & {"moderator"}:
        found.append((words.edit, f"/p/{row.id}/edit", ""))
    if topic.author_id == viewer.id and row.kind == "answer":
        accepted = row.id == topic.accepted_id
        found.append((words.withdraw if accepted else words.accept, f"/p/{row.id}/accept", ""))
    return found + _further_actions(topic, row, viewer, own, words)


def _doubting(
    row: Any, own: bool, trust: Trust, words: _Words, marks: Mapping[int, frozenset[str]]
) -> list[tuple[str, str, str]]:
    if own or not trust.doubts or row.kind != "answer":
        return []
    doubted = "doubt" in marks.get(row.id, ())
    return [(words.doubted if doubted else words.doubt, f"/c/{row.id}/marks/doubt", "")]


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
