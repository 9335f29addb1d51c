"""Settling in after joining: employer, domains and one question, in one act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iocop.core import clock
from iocop.core.db import act
from iocop.domains.services import choose_domains
from iocop.members.services import count_push
from iocop.organizations.queries import same_name
from iocop.organizations.services import Facts, found_organization, record_affiliation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iocop.core.login import Viewer


def settle_in(
    actor: Viewer,
    *,
    employer: str,
    kind: str,
    title: str,
    domain_ids: Iterable[int],
    pushed: bool | None = None,
) -> None:
    """Record all a newcomer says, or nothing; an employer the site knows under that name or alias is the same one.

    Args:
        employer: empty for none.
        kind: what kind of organization it is, where it is new.
        pushed: whether the employer asked the newcomer to join; None where that was not answered.

    Raises:
        Conflict: this employer is stated already.
        Invalid: no name an organization can have.
    """
    name = " ".join(employer.split())
    with act():
        if name:
            organization = same_name(name) or found_organization(actor, Facts(name=name, type=kind))
            record_affiliation(actor, actor.id, organization.id, title, clock.now().date())
        choose_domains(actor, domain_ids)
        if pushed is not None:
            count_push(actor, asked=pushed)
