"""What follows here from what happens to members, inside the same act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from iocop.core.db import act
from iocop.core.events import within
from iocop.members.events import (
    MemberChanged,
    MemberErased,
    MemberJoined,
    MemberLeft,
    MemberReturned,
    MemberSuspended,
    SuspensionLifted,
)
from iocop.organizations import services
from iocop.organizations.models import Affiliation

if TYPE_CHECKING:
    from typing import TypeAlias

    AboutMember: TypeAlias = MemberJoined | MemberChanged | MemberLeft | MemberReturned


@within(MemberJoined, MemberChanged, MemberLeft, MemberReturned, MemberSuspended, SuspensionLifted)
def keep_card(happened: AboutMember) -> None:
    services.refresh_card(happened.member_id)


@within(MemberLeft, MemberErased)
def end_contacts(happened: MemberLeft | MemberErased) -> None:
    services.end_contacts_of(happened.member_id)


@within(MemberErased)
def empty_affiliations(happened: MemberErased) -> None:
    """Leave ids and days, which others' measures rest on, and nothing a person could be told by."""
    with act() as session:
        session.execute(
            update(Affiliation)
            .where(Affiliation.member_id == happened.member_id)
            .values(title="", visibility="self", verified_domain="")
        )
    services.refresh_card(happened.member_id)
