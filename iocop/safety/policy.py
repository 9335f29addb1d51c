"""Who keeps an organization's list of confidential terms; what a member lists for themselves is the member's alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from iocop.core.policy import ALLOWED, Verdict, refused
from iocop.organizations.policy import may_act
from iocop.organizations.queries import is_contact

if TYPE_CHECKING:
    from datetime import datetime

    from iocop.core.login import Viewer
    from iocop.organizations.models import Organization


def may_list_terms(actor: Viewer, organization: Organization, at: datetime) -> Verdict:
    """Only the organization's own contact may, while the affiliation is proved: not even those who run the site."""
    if not (verdict := may_act(actor)):
        return verdict
    if organization.merged_into_id is not None:
        return refused(_l("This record was merged into another; its contact keeps the list there."))
    if not is_contact(actor.id, organization.id, at):
        return refused(
            _l("Only the organization's contact, with a proved affiliation, keeps its list of terms.")
        )
    return ALLOWED
