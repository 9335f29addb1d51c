"""Who is erased waits for nobody's word, and what was said about them goes."""

from __future__ import annotations

from iocop.core.events import within
from iocop.members.events import MemberErased
from iocop.reputation.services.reviewing import forget


@within(MemberErased)
def forget_reviews(happened: MemberErased) -> None:
    forget(happened.member_id)
