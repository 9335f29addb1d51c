"""Who may redraw the practice's map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from iocop.core import clock
from iocop.core.policy import ALLOWED, Verdict, fact, refused
from iocop.domains.models import MOST_DOMAINS
from iocop.roles.queries import holds, holds_one_of

if TYPE_CHECKING:
    from iocop.core.login import Viewer

_SUSPENDED = refused(_l("Suspended members cannot do this."))

TAG_KEEPERS = ("curator", "moderator", "administrator")


def may_found_domain(actor: Viewer, existing: int) -> Verdict:
    if existing >= MOST_DOMAINS:
        return refused(_l("A practice has at most 30 domains: retire or rename one first."))
    return may_change_domains(actor)


def may_change_domains(actor: Viewer) -> Verdict:
    if actor.suspended:
        return _SUSPENDED
    if not holds(actor.id, "administrator", clock.now()):
        return refused(_l("Only administrators change the domains."))
    return ALLOWED


def may_write_charter(actor: Viewer, domain_id: int) -> Verdict:
    if actor.suspended:
        return _SUSPENDED
    offices = [("domain_steward", "domain", domain_id), ("administrator", "site", None)]
    if holds_one_of(actor.id, offices):
        return ALLOWED
    return refused(_l("The domain's steward or an administrator writes its charter."))


def may_curate_tags(actor: Viewer) -> Verdict:
    """Say whether the actor may merge tags and give them synonyms: by office, or by the ability to tag."""
    if actor.suspended:
        return _SUSPENDED
    if holds_one_of(actor.id, [(role, "site", None) for role in TAG_KEEPERS]):
        return ALLOWED
    if fact("ability", actor.id, "tag", default=False):
        return ALLOWED
    return refused(
        _l(
            "Curators, moderators and administrators keep the tags, and members whose suggested changes of articles'"
            " tags were nearly all approved."
        )
    )
