"""An answer settles what was asked for it; who is erased leaves no words with those they asked."""

from __future__ import annotations

from iocop.contributions.events import StateChanged
from iocop.core.events import within
from iocop.forums.events import Answered
from iocop.members.events import MemberErased
from iocop.reputation.services.asking import forget_notes, settle_by_answer
from iocop.reputation.services.offering import forget_availability


@within(Answered)
def settle_request(happened: Answered) -> None:
    settle_by_answer(happened.post_id)


@within(StateChanged)
def settle_by_released_answer(happened: StateChanged) -> None:
    """An answer that was held counts once others can read it."""
    if (happened.old, happened.new) == ("held", "visible"):
        settle_by_answer(happened.contribution_id)


@within(MemberErased)
def forget_asking(happened: MemberErased) -> None:
    forget_notes(happened.member_id)
    forget_availability(happened.member_id)
