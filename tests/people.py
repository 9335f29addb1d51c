"""The people every page is tried with: a colleague gets in, an outsider is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from iocop.core import clock
from iocop.core.db import act
from iocop.core.login import GUEST, Viewer
from iocop.organizations import services as organizations
from iocop.organizations.models import Affiliation, Offer
from iocop.roles import services as roles
from iocop.roles.models import RoleGrant
from tests.factories import make_member, make_organization, saved, viewer_of
from tests.worlds import kept

if TYPE_CHECKING:
    from iocop.members.models import Member
    from iocop.organizations.models import Organization

JOINED = datetime(2025, 1, 6, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Cast:
    """Six people of four organizations; Acme and Rival compete, Vendor sells the V6."""

    acme: Organization
    rival: Organization
    vendor: Organization
    solo: Organization
    alice: Member
    """Administrator, of Acme."""
    bob: Member
    """Member, of Acme: alice's colleague."""
    charlie: Member
    """Member, of the competitor."""
    vera: Member
    """Member, of the vendor."""
    sol: Member
    """Sole practitioner: an organization of one."""
    guest: Viewer = GUEST

    @property
    def members(self) -> dict[str, Member]:
        return {name: getattr(self, name) for name in ("alice", "bob", "charlie", "vera", "sol")}


@kept
def cast() -> Cast:
    """Make everybody, with proved affiliations since 2020."""
    with act():  # one, which takes a third of the time of forty
        return _everybody()


def _everybody() -> Cast:
    acme = make_organization(name="Acme", slug="acme", country="IE")
    rival = make_organization(name="Rival", slug="rival", country="DE")
    vendor = make_organization(name="Vendor", slug="vendor", type="vendor", country="DE")
    solo = make_organization(name="Sol Practice", slug="sol-practice", size_band="1", country="CA")
    saved(Offer(organization_id=vendor.id, name="V6"))
    return Cast(
        acme, rival, vendor, solo,
        alice=officer(person("Alice Ash", acme, "acme.example"), "administrator"),
        bob=person("Bob Birch", acme, "acme.example"),
        charlie=person("Charlie Cedar", rival, "rival.example"),
        vera=person("Vera Vine", vendor, "vendor.example"),
        sol=person("Sol Spruce", solo, "sol.example"),
    )  # fmt: skip


def person(name: str, organization: Organization | None = None, domain: str = "", **given: Any) -> Member:
    """A member whose handle is the first name; with a domain the affiliation is proved."""
    handle = name.split(maxsplit=1)[0].lower()
    usual = {"name": name, "handle": handle, "email": f"{handle}@example.org", "joined_at": JOINED}
    with act():
        member = make_member(**usual | given)
        if organization is not None:
            belong(member, organization, domain)
    return member


def belong(member: Member, organization: Organization, domain: str = "", **given: Any) -> Affiliation:
    """A public main affiliation since 2020; with a domain it was proved by it this month."""
    proof = {"evidence": "email", "verified_domain": domain, "verified_at": clock.now()} if domain else {}
    usual: dict[str, Any] = {
        "line": 0, "member_id": member.id, "organization_id": organization.id, "title": "Engineer",
        "valid_from": date(2020, 1, 1), "recorded_at": JOINED,
    }  # fmt: skip
    with act() as session:
        row = saved(Affiliation(**usual | proof | given))
        session.flush()
        row.line = row.line or row.id
        organizations.refresh_card(member.id)
    return row


def officer(member: Member, role: str, **given: Any) -> Member:
    """The member, holding an office by the founding decision since joining."""
    with act():
        usual = {"scope_kind": "site", "valid_from": JOINED, "decision_id": roles.found_site()}
        saved(RoleGrant(member_id=member.id, role=role, **usual | given))
        roles.refresh_roles(member.id)
    return member


def seen_by(member: Member | Viewer) -> Viewer:
    """Whoever it is, as services take them."""
    return member if isinstance(member, Viewer) else viewer_of(member)
