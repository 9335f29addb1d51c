"""What happens to members' contributions when something happens to the members."""

from __future__ import annotations

from iocop.contributions.services import adopt_contributions, forget_member
from iocop.core.events import within
from iocop.members.events import MemberClaimed, MemberErased


@within(MemberErased)
def erase(happened: MemberErased) -> None:
    """Nothing of an erased member is left that names them: inside the erasing act, so that it cannot stay half done."""
    forget_member(happened.actor_id, happened.member_id, with_texts=happened.with_texts)


@within(MemberClaimed)
def adopt(happened: MemberClaimed) -> None:
    """What an imported author gave is its claimant's from now on."""
    adopt_contributions(happened.actor_id, happened.imported_id, happened.member_id)
