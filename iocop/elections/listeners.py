"""What follows for elections from what happens to members, and for kept pages from what officers do, in the same act."""

from __future__ import annotations

from iocop.core.events import within
from iocop.core.versions import bump
from iocop.elections.events import ActConfirmed
from iocop.elections.services.forgetting import forget
from iocop.members.events import MemberErased


@within(MemberErased)
def forget_voter(happened: MemberErased) -> None:
    forget(happened.member_id)


@within(ActConfirmed)
def look_different(_happened: ActConfirmed) -> None:
    """The front page for guests says which elections are held."""
    bump("topics")
