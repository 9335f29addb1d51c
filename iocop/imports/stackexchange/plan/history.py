"""A post's history as revisions: what it said after each edit, and who made it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iocop.imports.stackexchange.plan.closing import CLOSED, REOPENED
from iocop.imports.words import N_, Phrase

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from iocop.imports.stackexchange.records import History

TITLES = frozenset((1, 4, 7))  # given first, edited, rolled back
TEXTS = frozenset((2, 5, 8))
TAGS = frozenset((3, 6, 9))
CONTENT = TITLES | TEXTS | TAGS
MOVED_AWAY, MOVED_HERE = frozenset((17, 35)), frozenset((17, 36))  # 17 until 2011, either way
CARRIED_OVER = CONTENT | MOVED_AWAY | MOVED_HERE | {CLOSED, REOPENED}

STAYS_BEHIND = {
    12: N_("deletions, since undone"),
    13: N_("deletions, since undone"),
    14: N_("locks"),
    15: N_("locks"),
    16: N_("marks of a post as everybody's, which the post itself carries"),
    18: N_("mergers of posts"),
    19: N_("protections from newcomers"),
    20: N_("protections from newcomers"),
    22: N_("mergers of posts"),
    24: N_("approvals of a suggested edit, whose edit is kept"),
    25: N_("announcements on another network"),
    33: N_("notices above a post"),
    34: N_("notices above a post"),
    37: N_("mergers of posts"),
    38: N_("mergers of posts"),
    50: N_("acts of the other site itself"),
    52: N_("acts of the other site itself"),
    53: N_("acts of the other site itself"),
    66: N_("acts of the other site itself"),
}


class Revision(NamedTuple):
    """The whole post after one edit; what an edit did not touch carries over from the one before."""

    guid: str
    at: datetime
    user_id: int | None
    user_name: str | None
    title: str | None
    source: str | None  # Markdown, with line feeds only
    comment: str


def stays_behind(row: History) -> Phrase | None:
    """Why a row is left out; None where it becomes part of a revision, a closing or an origin."""
    kind = row.post_history_type_id
    if kind in CARRIED_OVER:
        return None
    known = STAYS_BEHIND.get(kind)
    return known or N_("turns of kind %(kind)s in a post's history, which has no place here", kind=kind)


def revisions(history: Iterable[History]) -> list[Revision]:
    """The revisions of one post, oldest first: rows of one RevisionGUID are one edit."""
    edits: dict[str, list[History]] = {}
    for row in history:
        if row.post_history_type_id in CONTENT:
            edits.setdefault(row.revision_guid, []).append(row)
    made: list[Revision] = []
    for edit in edits.values():
        made.append(_revision(edit, made[-1] if made else None))
    return made


def markdown_of(history: Iterable[History]) -> str | None:
    """The text as its author typed it last; None where history has none."""
    texts = [row.text or "" for row in history if row.post_history_type_id in TEXTS]
    return _with_line_feeds(texts[-1]) if texts else None


def moved_from(history: Iterable[History]) -> str | None:
    """The address of the site the post came from."""
    return _place(history, MOVED_HERE, "from ")


def moved_to(history: Iterable[History]) -> str | None:
    """The address where the post lives on."""
    return _place(history, MOVED_AWAY, "to ")


def _revision(edit: list[History], before: Revision | None) -> Revision:
    title, source = (before.title, before.source) if before else (None, None)
    for row in edit:
        text = row.text or ""
        if row.post_history_type_id in TITLES:
            title = " ".join(text.split())
        elif row.post_history_type_id in TEXTS:
            source = _with_line_feeds(text)
    first = edit[0]
    return Revision(
        guid=first.revision_guid,
        at=first.creation_date,
        user_id=first.user_id,
        user_name=first.user_display_name,
        title=title,
        source=source,
        comment=next((row.comment for row in edit if row.comment), ""),
    )


def _place(history: Iterable[History], kinds: frozenset[int], word: str) -> str | None:
    stated = [row.comment or row.text or "" for row in history if row.post_history_type_id in kinds]
    addresses = [words.removeprefix(word).strip() for words in stated if words.startswith(word)]
    return next(
        (address for address in reversed(addresses) if address.startswith(("http://", "https://"))), None
    )


def _with_line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
