"""What happens to contributions when something happens to their authors, or to what they quote."""

from __future__ import annotations

from iocop.contributions.events import LabelChanged
from iocop.contributions.services import adopt_contributions, draw_quotations_along, forget_member
from iocop.core.events import within
from iocop.members.events import MemberClaimed, MemberErased


@within(LabelChanged)
def follow_quoted(happened: LabelChanged) -> None:
    """A quotation is shared no further than what it quotes, also when that becomes stricter later."""
    if happened.actor_id is not None:
        draw_quotations_along(happened.actor_id, happened.contribution_ids)


@within(MemberErased)
def erase(happened: MemberErased) -> None:
    """Nothing of an erased member is left that names them: inside the erasing act, so that it cannot stay half done."""
    forget_member(happened.actor_id, happened.member_id, with_texts=happened.with_texts)


@within(MemberClaimed)
def adopt(happened: MemberClaimed) -> None:
    """What an imported author gave is its claimant's from now on."""
    adopt_contributions(happened.actor_id, happened.imported_id, happened.member_id)
