"""What becomes of the rows that hang on a post, row by row, for the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iocop.imports.stackexchange.plan.history import CONTENT, MOVED_AWAY, MOVED_HERE, stays_behind
from iocop.imports.stackexchange.plan.votes import Effect, effect_of
from iocop.imports.words import N_, Phrase

if TYPE_CHECKING:
    from collections.abc import Container

    from iocop.imports.report import Report
    from iocop.imports.stackexchange.threads import Piece

POSTS, COMMENTS, VOTES, HISTORY = "Posts.xml", "Comments.xml", "Votes.xml", "PostHistory.xml"

CAME = MOVED_HERE - MOVED_AWAY
LEFT_WITH_POST = N_("what hung on posts that stay behind")
CAME_FROM = N_("moves from another site")
ORPHANS = N_("rows of posts that are not in the dump")


def left_behind(report: Report, piece: Piece, reason: Phrase) -> None:
    """Neither the post nor anything on it comes along."""
    report.skipped(POSTS, reason)
    for file, rows in ((HISTORY, piece.history), (COMMENTS, piece.comments), (VOTES, piece.votes)):
        if rows:
            report.skipped(file, LEFT_WITH_POST, len(rows))


def absorbed(report: Report, piece: Piece) -> None:
    """The post became the description of a tag, which keeps its last text alone."""
    report.merged(POSTS)
    count_history(report, piece, written=False)
    for file, rows in ((COMMENTS, piece.comments), (VOTES, piece.votes)):
        if rows:
            report.skipped(file, LEFT_WITH_POST, len(rows))


def count_history(report: Report, piece: Piece, *, written: bool) -> None:
    """Rows of one edit are one revision: the first is written, the others join it."""
    edits: set[str] = set()
    for row in piece.history:
        reason = CAME_FROM if row.post_history_type_id in CAME else stays_behind(row)
        if reason is not None:
            report.skipped(HISTORY, reason)
        elif written and row.post_history_type_id in CONTENT and row.revision_guid not in edits:
            edits.add(row.revision_guid)
            report.written(HISTORY)
        else:
            report.merged(HISTORY)


def count_votes(report: Report, piece: Piece, known: Container[int], *, acts: int) -> None:
    """All but the *acts* that were written, as marks or followers, are part of a sum or stay behind."""
    merged = -acts
    for vote in piece.votes:
        effect = effect_of(vote, known)
        if isinstance(effect, Effect):
            merged += 1
        else:
            report.skipped(VOTES, effect)
    report.written(VOTES, acts)
    report.merged(VOTES, merged)
