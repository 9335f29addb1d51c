"""What of a thread comes along, and in which order; what stays behind is counted with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iocop.imports.stackexchange.counting import absorbed, left_behind
from iocop.imports.stackexchange.plan.posts import ELSEWHERE, NO_QUESTION, Kind, kind_of
from iocop.imports.stackexchange.texts import Item, comment_key, post_key
from iocop.imports.words import N_, Phrase

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from iocop.imports.report import Report
    from iocop.imports.stackexchange.threads import Piece

LEFT_WITH_QUESTION = N_("answers whose question stays behind")
NO_TAG = ELSEWHERE[3]


class Draft(NamedTuple):
    """A question that comes along.

    Attributes:
        live: the question and those of its answers that come along.
        items: all that is given in it, in the order of positions; the question is the first.
    """

    live: list[Piece]
    items: list[Item]

    @property
    def question(self) -> Piece:
        return self.live[0]

    @property
    def answers(self) -> list[Piece]:
        return self.live[1:]


def draft_of(thread: Sequence[Piece], wikis: Container[int], report: Report) -> Draft | None:
    """The thread as it will stand; None where its root stays behind or describes a tag.

    Args:
        wikis: ids of the posts that describe a tag.
    """
    root, *others = thread
    if root.post.parent_id is not None:
        _leave(thread, NO_QUESTION, report)
        return None
    kind = kind_of(root.post)
    if kind is Kind.QUESTION:
        live = [root, *_answers(others, report)]
        return Draft(live, _items(live))
    if isinstance(kind, Phrase):
        left_behind(report, root, kind)
    elif root.post.id in wikis:
        absorbed(report, root)
    else:
        left_behind(report, root, NO_TAG)
    _leave(others, LEFT_WITH_QUESTION, report)
    return None


def _answers(pieces: Sequence[Piece], report: Report) -> Iterator[Piece]:
    for piece in pieces:
        kind = kind_of(piece.post)
        if kind is Kind.ANSWER:
            yield piece
        else:
            left_behind(report, piece, kind if isinstance(kind, Phrase) else NO_QUESTION)


def _leave(pieces: Sequence[Piece], reason: Phrase, report: Report) -> None:
    for piece in pieces:
        left_behind(report, piece, reason)


def _items(live: Sequence[Piece]) -> list[Item]:
    """In the order of writing, as people followed it; nothing stands before what it hangs under."""
    question, *answers = live
    key, at = post_key(question.post.id), question.post.creation_date
    first = Item(key, None, at, question)
    given = [
        Item(post_key(piece.post.id), key, max(at, piece.post.creation_date), piece) for piece in answers
    ]
    said = [
        Item(comment_key(comment.id), post.key, max(post.at, comment.creation_date), post.piece, comment)
        for post in (first, *given)
        for comment in post.piece.comments
    ]
    return [first, *sorted([*given, *said], key=lambda item: item.at)]  # stable: answers before comments
