"""Who is erased waits for nobody's word; what was said about them goes, and what they answered themselves."""

from __future__ import annotations

from iocop.core.events import within
from iocop.members.events import MemberErased
from iocop.reputation.services.irregularities import forget_answers
from iocop.reputation.services.reviewing import forget


@within(MemberErased)
def forget_reviews(happened: MemberErased) -> None:
    forget(happened.member_id)


@within(MemberErased)
def forget_what_they_answered(happened: MemberErased) -> None:
    forget_answers(happened.member_id)
