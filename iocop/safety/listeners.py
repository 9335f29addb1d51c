"""What a member listed goes with the member."""

from __future__ import annotations

from sqlalchemy import delete

from iocop.core.db import act
from iocop.core.events import within
from iocop.members.events import MemberErased
from iocop.safety.models import OwnWord, SwitchedOff


@within(MemberErased)
def forget_lists(happened: MemberErased) -> None:
    with act() as session:
        for model in (OwnWord, SwitchedOff):
            session.execute(delete(model).where(model.member_id == happened.member_id))
