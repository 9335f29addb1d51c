"""One post or comment of a dump as a post here: credited, licensed, with its revisions and the marks it was given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from iocop.contributions.services.loading import BulkRevision
from iocop.forums.services.batch import BulkMark, BulkPost
from iocop.imports.stackexchange.plan.addresses import led_back
from iocop.imports.stackexchange.plan.comments import html_of
from iocop.imports.stackexchange.plan.history import revisions
from iocop.imports.stackexchange.plan.licences import credit, licence_of
from iocop.imports.stackexchange.plan.posts import Kind, kind_of
from iocop.imports.stackexchange.plan.votes import Effect, effect_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from iocop.core.text.render import Rendered
    from iocop.imports.stackexchange.filing import Filing
    from iocop.imports.stackexchange.people import Authors
    from iocop.imports.stackexchange.plan.licences import Licence, Site
    from iocop.imports.stackexchange.records import Comment
    from iocop.imports.stackexchange.threads import Piece

LONGEST_REASON, LONGEST_TITLE, LONGEST_LICENCE, LONGEST_CREDIT = 200, 200, 40, 400


@dataclass(frozen=True)
class Target:
    """Where a dump goes.

    Attributes:
        say: the translator, for the lines that are stored.
        is_fresh: nothing of this source stands here yet, so that nothing needs to be looked for.
        language: of the thread that is being made.
    """

    site: Site
    space_id: int
    label: str
    filing: Filing
    authors: Authors
    say: Callable[[str], str]
    is_fresh: bool
    language: str = "en"

    def credit(self, author: str | None, licence: Licence, link: str | None) -> str:
        return credit(author, self.site, licence, link).said(self.say)[:LONGEST_CREDIT]


class Item(NamedTuple):
    """A post, or one comment on it, as it will stand in its thread.

    Attributes:
        parent: the key of what it hangs under; None for the question.
        at: when it was written, or when its parent was, if that is later.
    """

    key: str
    parent: str | None
    at: datetime
    piece: Piece
    comment: Comment | None = None

    def html(self, address: str | None) -> str:
        """What is to be sanitised; *address* is the other site's."""
        return html_of(self.comment.text) if self.comment else led_back(self.piece.post.body, address)


def post_key(post_id: int) -> str:
    return f"post-{post_id}"


def comment_key(comment_id: int) -> str:
    return f"comment-{comment_id}"


def written(item: Item, text: Rendered, parent: int, target: Target) -> BulkPost:
    """The item under the post at position *parent*."""
    if item.comment is not None:
        return _comment(item.key, item.comment, text, parent, target)
    return _post(item.key, item.piece, text, parent, target)


def marks_of(piece: Piece, authors: Authors) -> list[BulkMark]:
    """What voters with a name found helpful, each once."""
    given = {
        authors.member(vote.user_id): vote.creation_date or piece.post.creation_date
        for vote in piece.votes
        if vote.user_id is not None and effect_of(vote, authors) is Effect.HELPFUL
    }
    return [BulkMark(kind="helpful", member_id=member, at=at) for member, at in given.items()]


def _post(key: str, piece: Piece, text: Rendered, parent: int, target: Target) -> BulkPost:
    post, authors = piece.post, target.authors
    asks = kind_of(post) is Kind.QUESTION
    turns = _revisions(piece, authors, asks=asks)
    marks = marks_of(piece, authors)
    licence = licence_of(post.content_license, post.creation_date)
    link = target.site.question(post.id) if asks else target.site.answer(post.id)
    return BulkPost(
        author_id=authors.member(post.owner_user_id, post.owner_display_name),
        created_at=post.creation_date, text=turns[-1].text if turns else "", html=text.html, plain=text.plain,
        kind="" if asks else "answer", parent=parent, label=target.label, licence=licence.name[:LONGEST_LICENCE],
        source=target.site.name, source_id=key, imported_score=post.score - len(marks), marks=marks, revisions=turns,
        language=target.language,
        attribution=target.credit(authors.name(post.owner_user_id, post.owner_display_name), licence, link),
    )  # fmt: skip


def _comment(key: str, comment: Comment, text: Rendered, parent: int, target: Target) -> BulkPost:
    licence = licence_of(comment.content_license, comment.creation_date)
    who = (comment.user_id, comment.user_display_name)
    return BulkPost(
        author_id=target.authors.member(*who), created_at=comment.creation_date, text=comment.text, html=text.html,
        plain=text.plain, kind="reply", parent=parent, label=target.label, licence=licence.name[:LONGEST_LICENCE],
        source=target.site.name, source_id=key, imported_score=comment.score,
        language=target.language,
        attribution=target.credit(target.authors.name(*who), licence, target.site.comment(comment.id)),
    )  # fmt: skip


def _revisions(piece: Piece, authors: Authors, *, asks: bool) -> list[BulkRevision]:
    return [
        BulkRevision(
            editor_id=authors.member(turn.user_id, turn.user_name), at=turn.at, text=turn.source or "",
            title=(turn.title or "")[:LONGEST_TITLE] if asks else "", reason=turn.comment[:LONGEST_REASON],
        )
        for turn in revisions(piece.history)
    ]  # fmt: skip
