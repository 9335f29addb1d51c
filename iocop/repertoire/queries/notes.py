"""Comments on passages of an article: where each stands now, or what it was about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, func, select

from iocop.contributions.models import Contribution
from iocop.core.db import db, read
from iocop.organizations.models import Organization
from iocop.repertoire.anchoring import Quote, find, quoted
from iocop.repertoire.models import OldAnchor, PassageNote
from iocop.repertoire.texts import Seen, seen
from iocop.spaces.policy import readable
from iocop.spaces.queries import scope_of

if TYPE_CHECKING:
    from iocop.core.login import Viewer
    from iocop.repertoire.anchoring import Place

LONGEST_CHOICE = 120
"""Letters of a paragraph as a choice shows it."""

_ANCHORS = select(OldAnchor.anchor, OldAnchor.now).where(OldAnchor.article_id == bindparam("article"))
_OPEN = (
    select(PassageNote.id, PassageNote.quote, PassageNote.before, PassageNote.after, Contribution.label)
    .join(Contribution, Contribution.id == PassageNote.id)
    .where(
        Contribution.root_id == bindparam("article"),
        Contribution.state == "visible",
        PassageNote.settled_at.is_(None),
    )
    .order_by(Contribution.position)
)


class Note(NamedTuple):
    """A comment on a passage.

    Attributes:
        row: the comment as its card needs it, with ``quote``, ``number``, ``settled_at``.
        place: where the passage stands in the text; None when its words are gone.
    """

    row: Any
    place: Place | None


def notes_of(viewer: Viewer, article_id: int, html: str) -> list[Note]:
    """Return the comments on an article's passages: open ones in the text's order, then those whose words are gone,
    then settled ones."""
    rows = db.session.execute(
        select(
            Contribution.id, Contribution.position, Contribution.author_id, Contribution.organization_id,
            Organization.name.label("organization_name"), Contribution.byline, Contribution.created_at,
            Contribution.html, Contribution.label, Contribution.space_id, Contribution.state,
            PassageNote.quote, PassageNote.before, PassageNote.after,
            PassageNote.number, PassageNote.settled_at, PassageNote.settled_by_id,
        )
        .join(PassageNote, PassageNote.id == Contribution.id)
        .outerjoin(Organization, Organization.id == Contribution.organization_id)
        .where(
            Contribution.root_id == article_id,
            Contribution.state == "visible",
            readable(scope_of(viewer), Contribution.space_id, Contribution.label),
        )
        .order_by(Contribution.position)
    ).all()  # fmt: skip
    text = seen(html).text
    notes = [Note(row, find(text, Quote(row.quote, row.before, row.after))) for row in rows]
    return sorted(notes, key=_order)


def _order(note: Note) -> tuple[bool, bool, int, int]:
    start = note.place.start if note.place else 0
    return (note.row.settled_at is not None, note.place is None, start, note.row.position)


class Mark(NamedTuple):
    """An open comment as the article's page marks it."""

    id: int
    quote: Quote


def open_marks(article_id: int, *, for_guest: bool) -> list[Mark]:
    """Return the open comments on an article's passages; for a guest, public ones alone."""
    rows = read(_OPEN, {"article": article_id})
    return [
        Mark(row.id, Quote(row.quote, row.before, row.after))
        for row in rows
        if not for_guest or row.label == "public"
    ]


def open_notes(article_id: int) -> int:
    """Count the open comments on an article's passages."""
    waiting = (
        select(func.count())
        .select_from(PassageNote)
        .join(Contribution, Contribution.id == PassageNote.id)
        .where(
            Contribution.root_id == article_id,
            Contribution.state == "visible",
            PassageNote.settled_at.is_(None),
        )
    )
    return db.session.scalar(waiting) or 0


def old_anchors(article_id: int) -> dict[str, str]:
    """Return an article's earlier anchors with those that took their place."""
    return {row.anchor: row.now for row in read(_ANCHORS, {"article": article_id})}


def choices(plain: str, html: str) -> list[Quote]:
    """Return the paragraphs of a text that a comment can be about, each as much of it as is kept.

    Args:
        plain: the text without markup, an empty line between paragraphs.
        html: the same as rendered.
    """
    view: Seen = seen(html)
    found = []
    for part in plain.split("\n\n"):
        place = find(view.text, Quote(part))
        if place is not None and not place.changed:
            found.append(quoted(view.text, place.start, place.end))
    return found
