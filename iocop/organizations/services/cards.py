"""The row an author line shows, one a member, kept inside the changing act."""

from __future__ import annotations

from iocop.core import clock
from iocop.core.db import act
from iocop.core.versions import bump
from iocop.members.models import Member
from iocop.organizations import queries
from iocop.organizations.models import MemberCard, Organization


def refresh_card(member_id: int) -> None:
    """Write a member's card from what stands now; an affiliation guests may not see is not on it."""
    now = clock.now()
    with act() as session:
        session.flush()
        member = session.get_one(Member, member_id)
        main = next(iter(queries.current_affiliations(member_id, now)), None)
        if main is not None and (main.visibility != "public" or member.state == "erased"):
            main = None
        organization = session.get_one(Organization, main.organization_id) if main else None
        session.merge(
            MemberCard(
                member_id=member_id,
                number=member.number,
                handle=member.handle,
                name=member.name,
                photo_key=member.photo_key,
                state=member.state,
                organization_id=organization.id if organization else None,
                organization_name=organization.name if organization else "",
                organization_verified=bool(main and main.is_verified(now)),
            )
        )
        bump("people")
