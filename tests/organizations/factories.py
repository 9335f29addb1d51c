"""Affiliations, domains and relations as they stand, past every service."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from iocop.core import clock
from iocop.core.db import act
from iocop.organizations import services
from iocop.organizations.models import Affiliation, MailDomain, OrganizationRelation
from tests.factories import make_member, make_organization, saved

if TYPE_CHECKING:
    from iocop.members.models import Member
    from iocop.organizations.models import Organization


def make_affiliation(
    member: Member | None = None, organization: Organization | None = None, **given: Any
) -> Affiliation:
    """A self-stated, public, main affiliation since 2020, as recorded now."""
    member = member or make_member()
    organization = organization or make_organization()
    usual: dict[str, Any] = {
        "line": 0, "member_id": member.id, "organization_id": organization.id, "title": "Engineer",
        "valid_from": date(2020, 1, 1), "recorded_at": clock.now(),
    }  # fmt: skip
    with act() as session:
        row = saved(Affiliation(**usual | given))
        session.flush()
        row.line = row.line or row.id
        services.refresh_card(member.id)
    return row


def make_mail_domain(organization: Organization, domain: str) -> MailDomain:
    return saved(
        MailDomain(
            organization_id=organization.id, domain=domain, verified_by="admin", verified_at=clock.now()
        )
    )


def make_relation(
    a: Organization, kind: str, b: Organization, since: date = date(2020, 1, 1), **given: Any
) -> OrganizationRelation:
    return saved(OrganizationRelation(a_id=a.id, b_id=b.id, kind=kind, valid_from=since, **given))
