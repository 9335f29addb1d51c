"""What follows for elections from what happens to members, inside the same act."""

from __future__ import annotations

from iocop.core.events import within
from iocop.elections.services.forgetting import forget
from iocop.members.events import MemberErased


@within(MemberErased)
def forget_voter(happened: MemberErased) -> None:
    forget(happened.member_id)
