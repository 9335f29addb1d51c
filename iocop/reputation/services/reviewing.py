"""What the two who look at a candidate for level 3 say, and what comes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, update

from iocop.core import audit, clock
from iocop.core.db import act
from iocop.core.errors import Conflict, Invalid, Missing
from iocop.core.events import emit
from iocop.core.policy import require
from iocop.reputation import policy
from iocop.reputation.events import LevelReviewClosed, LevelReviewed
from iocop.reputation.models import LevelReview, LevelWord
from iocop.reputation.promotion import outcome
from iocop.reputation.queries.bench import Bench
from iocop.reputation.queries.candidates import words_of
from iocop.reputation.queries.levels import Place
from iocop.reputation.services.laddering import look

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iocop.core.login import Viewer

LONGEST_REASON: Final = 1000
"""In characters."""


def say(actor: Viewer, review_id: int, *, agrees: bool, reason: str = "") -> str:
    """Say as one of two whether a member comes to level 3; the second word ends it.

    Both agree: the level is reached, at once or as soon as its conditions hold. Else nothing changes, and two people
    look anew after 90 days, by themselves, if the conditions hold then.

    Args:
        reason: what the member reads; who does not agree gives one.

    Returns:
        What stands now: ``open``, ``granted`` or ``declined``.

    Raises:
        Invalid: no reason for a no, or more than 1,000 characters.
        Refused: the actor is not asked about members of this domain.
        Conflict: it is their own, a colleague's, decided, or they or their organization have spoken.
        Missing: there is none.
    """
    reason = reason.strip()
    if not agrees and not reason:
        raise Invalid(_l("Say why: the member reads it."), "reason")
    if len(reason) > LONGEST_REASON:
        raise Invalid(_l("Keep it to 1,000 characters."), "reason")
    with act() as session:
        review = session.get(LevelReview, review_id, with_for_update=True)
        if review is None:
            raise Missing(_l("There is nothing here, or it is not open to you."))
        words = words_of([review_id]).get(review_id, [])
        panel = Bench([review.member_id]).panel(Place(review.member_id, review.domain_id))
        require(policy.may_see_candidate(actor, panel))
        verdict = policy.word_counts(actor, review.state, review.member_id, panel, words)
        if not verdict:
            raise Conflict(verdict.reason)
        session.add(
            LevelWord(
                review_id=review_id, org_group_id=panel.voices.get(actor.id, 0), reviewer_id=actor.id,
                power=panel.powers[actor.id], agrees=agrees, reason=reason, at=clock.now(),
            )
        )  # fmt: skip
        session.flush()
        audit.record("level.review", actor.id, f"level_review:{review_id}", agrees=agrees)
        emit(LevelReviewed(actor.id, review_id))
        _end(review, [*(word.agrees for word in words), agrees])
    return review.state


def _end(review: LevelReview, words: Sequence[bool]) -> None:
    """Close a review once both have spoken; the ladder looks at once."""
    state = outcome(words)
    if state == "open":
        return
    with act() as session:
        review.state, review.closed_at = state, clock.now()
        session.flush()
        emit(LevelReviewClosed(None, review.id, review.member_id, review.domain_id, state == "granted"))
        look(review.member_id, review.domain_id)


def forget(member_id: int) -> None:
    """Empty what was said about an erased member, and let go what still waits: what they said of others stays."""
    theirs = select(LevelReview.id).where(LevelReview.member_id == member_id)
    waiting = theirs.where(LevelReview.state == "open")
    with act() as session:
        session.execute(delete(LevelWord).where(LevelWord.review_id.in_(waiting)))
        session.execute(update(LevelWord).where(LevelWord.review_id.in_(theirs)).values(reason=""))
        session.execute(
            delete(LevelReview).where(LevelReview.member_id == member_id, LevelReview.state == "open")
        )
