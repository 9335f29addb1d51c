"""Affiliations, domains and relations as they stand, past every service."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from iocop.core import clock
from iocop.organizations.models import Affiliation, MailDomain, OrganizationRelation
from tests.factories import make_member, make_organization, saved
from tests.people import belong

if TYPE_CHECKING:
    from iocop.members.models import Member
    from iocop.organizations.models import Organization


def make_affiliation(
    member: Member | None = None, organization: Organization | None = None, **given: Any
) -> Affiliation:
    """A self-stated, public, main affiliation since 2020."""
    return belong(member or make_member(), organization or make_organization(), **given)


def make_mail_domain(organization: Organization, domain: str) -> MailDomain:
    row = MailDomain(
        organization_id=organization.id, domain=domain, verified_by="admin", verified_at=clock.now()
    )
    return saved(row)


def make_relation(
    a: Organization, kind: str, b: Organization, since: date = date(2020, 1, 1), **given: Any
) -> OrganizationRelation:
    """Organization *a* is the *kind* of *b*."""
    return saved(OrganizationRelation(a_id=a.id, b_id=b.id, kind=kind, valid_from=since, **given))
