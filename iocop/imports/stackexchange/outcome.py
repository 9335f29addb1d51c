"""What came of a question: its accepted answer, its end, and who kept an eye on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iocop.imports.stackexchange.plan.closing import closing_of
from iocop.imports.stackexchange.plan.history import MOVED_AWAY, moved_to
from iocop.imports.stackexchange.plan.posts import accepted_answer, link_kind
from iocop.imports.stackexchange.plan.votes import ACCEPTED, Effect, effect_of
from iocop.imports.words import N_

if TYPE_CHECKING:
    from datetime import datetime

    from iocop.imports.stackexchange.drafting import Draft
    from iocop.imports.stackexchange.people import Authors
    from iocop.imports.stackexchange.records import Link
    from iocop.imports.stackexchange.texts import Target

LONGEST_REASON = 300


class Acceptance(NamedTuple):
    post_id: int
    at: datetime


class Ending(NamedTuple):
    """How a question was closed, and by which member, where that is known."""

    at: datetime
    by_id: int | None
    reason: str


def acceptance_of(draft: Draft) -> Acceptance | None:
    votes = sorted(
        (vote for piece in draft.answers for vote in piece.votes if vote.vote_type_id == ACCEPTED),
        key=lambda vote: vote.id,
    )
    written = {piece.post.id: piece.post.creation_date for piece in draft.answers}
    accepted = accepted_answer(draft.question.post, written, [vote.post_id for vote in votes])
    if accepted is None:
        return None
    dates = [vote.creation_date for vote in votes if vote.post_id == accepted and vote.creation_date]
    return Acceptance(accepted, max([*dates[-1:], written[accepted]]))


def ending_of(draft: Draft, target: Target) -> Ending | None:
    """A question closed, or moved to another site, where it goes on."""
    post, history, links = draft.question.post, draft.question.history, draft.question.links
    closing = closing_of(post, history, originals_among(links))
    address = moved_to(history)
    if address is not None:
        at = max(row.creation_date for row in history if row.post_history_type_id in MOVED_AWAY)
        words = N_("This went on at %(address)s.", address=address).said(target.say)
        return Ending(at, None, words[:LONGEST_REASON])
    if closing is None:
        return None
    closer = closing.closer_id
    by_id = target.authors.member(closer) if closer in target.authors else None
    return Ending(closing.at, by_id, closing.words.said(target.say))


def originals_among(links: list[Link]) -> list[int]:
    """The questions that asked the same before."""
    return [link.related_post_id for link in links if link_kind(link) == "duplicate"]


def followers_of(draft: Draft, authors: Authors) -> dict[int, int]:
    """Each member who bookmarked the question or an answer, with the post they did it on."""
    found: dict[int, int] = {}
    for piece in draft.live:
        for vote in piece.votes:
            if vote.user_id is not None and effect_of(vote, authors) is Effect.FOLLOWS:
                found.setdefault(authors.member(vote.user_id), piece.post.id)
    return found
