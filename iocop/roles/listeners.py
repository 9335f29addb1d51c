"""What follows for offices from what happens to members, inside the same act."""

from __future__ import annotations

from iocop.core.events import within
from iocop.members.events import MemberErased, MemberLeft
from iocop.roles import services


@within(MemberLeft, MemberErased)
def lay_down_offices(happened: MemberLeft | MemberErased) -> None:
    services.lay_down_offices(happened.member_id)
