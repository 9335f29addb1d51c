"""A member's affiliations in the member's own export: every row ever recorded, with its organization's name."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from iocop.core.db import db
from iocop.members.export import exports
from iocop.organizations.models import Affiliation, Organization, OrganizationContact

SHOWN = (
    "title", "valid_from", "valid_to", "recorded_at", "superseded_at", "evidence", "verified_at", "verified_domain",
    "expires_at", "visibility", "is_main",
)  # fmt: skip


@exports("affiliations")
def affiliations(member_id: int) -> list[dict[str, Any]]:
    rows = db.session.execute(
        select(Affiliation, Organization.name)
        .join(Organization, Organization.id == Affiliation.organization_id)
        .where(Affiliation.member_id == member_id)
        .order_by(Affiliation.line, Affiliation.recorded_at, Affiliation.id)
    )
    return [
        {"organization": row.name, "line": row.Affiliation.line}
        | {key: getattr(row.Affiliation, key) for key in SHOWN}
        for row in rows
    ]


@exports("contact_for")
def contact_for(member_id: int) -> list[dict[str, Any]]:
    """The organizations a member speaks or spoke for."""
    rows = select(Organization.name, OrganizationContact.named_at, OrganizationContact.ended_at)
    own = rows.join(Organization, Organization.id == OrganizationContact.organization_id).where(
        OrganizationContact.member_id == member_id
    )
    return [
        {"organization": row.name, "named": row.named_at, "ended": row.ended_at}
        for row in db.session.execute(own.order_by(OrganizationContact.id))
    ]
