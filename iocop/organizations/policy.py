"""Who may mend what an organization is, and that an affiliation is its member's alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from iocop.core.policy import ALLOWED, Verdict, fact, refused
from iocop.organizations import queries

if TYPE_CHECKING:
    from datetime import datetime

    from iocop.core.login import Viewer
    from iocop.organizations.models import Affiliation, Organization, OrganizationContact

SIGN_IN = _l("Please sign in first.")
SUSPENDED = _l("Suspended members can read, but change nothing.")


def is_administrator(actor: Viewer) -> bool:
    return bool(fact("holds", actor.id, "administrator", default="administrator" in actor.roles))


def is_curator(actor: Viewer) -> bool:
    return bool(fact("holds", actor.id, "curator", default="curator" in actor.roles))


def may_act(actor: Viewer) -> Verdict:
    if not actor.is_authenticated:
        return refused(SIGN_IN)
    if actor.suspended:
        return refused(SUSPENDED)
    return ALLOWED


def may_found(actor: Viewer) -> Verdict:
    """Any member may: an organization nobody has entered yet must not keep anybody from stating an employer."""
    return may_act(actor)


def may_change(actor: Viewer, organization: Organization, at: datetime) -> Verdict:
    if not (verdict := may_act(actor)):
        return verdict
    if organization.merged_into_id is not None:
        return refused(_l("This record was merged into another; change that one."))
    if is_administrator(actor) or is_curator(actor):
        return ALLOWED
    if organization.founded_by_id != actor.id:
        return refused(_l("Curators and administrators keep what is said here; tell them what is wrong."))
    if queries.member_ids_at(organization.id, at) - {actor.id}:
        return refused(
            _l("Others belong to this organization now; curators and administrators keep what is said here.")
        )
    return ALLOWED


def may_administer(actor: Viewer) -> Verdict:
    """Relations, mail domains and mergers: what others' standing hangs on."""
    if not (verdict := may_act(actor)):
        return verdict
    if not is_administrator(actor):
        return refused(_l("Only administrators relate, merge and prove organizations."))
    return ALLOWED


def may_end_contact(actor: Viewer, contact: OrganizationContact) -> Verdict:
    if not (verdict := may_act(actor)):
        return verdict
    if actor.id != contact.member_id and not is_administrator(actor):
        return refused(_l("Only the contact and administrators end this."))
    return ALLOWED


def may_state(actor: Viewer, member_id: int) -> Verdict:
    """An employer can prove an affiliation, but neither enter nor remove one: it is the member's own word."""
    if not (verdict := may_act(actor)):
        return verdict
    if actor.id != member_id:
        return refused(_l("Only the member says where the member works."))
    return ALLOWED


def may_verify(actor: Viewer, affiliation: Affiliation, at: datetime) -> Verdict:
    if not (verdict := may_state(actor, affiliation.member_id)):
        return verdict
    if affiliation.valid_to is not None and affiliation.valid_to <= at.date():
        return refused(_l("This affiliation has ended; only a current one can be proved."))
    if affiliation.valid_from > at.date():
        return refused(_l("This affiliation has not begun; it can be proved from its first day."))
    if not queries.proved_domains(affiliation.organization_id, at):
        return refused(
            _l("No internet domain of this organization is known yet; ask an administrator to add it.")
        )
    return ALLOWED
