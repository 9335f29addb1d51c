"""Who may sit at the administrator's desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from iocop.core import clock
from iocop.core.policy import ALLOWED, Verdict, refused
from iocop.roles.queries import holds

if TYPE_CHECKING:
    from iocop.core.login import Viewer


def may_administer(actor: Viewer) -> Verdict:
    if actor.suspended:
        return refused(_l("Suspended members cannot do this."))
    if not holds(actor.id, "administrator", clock.now()):
        return refused(_l("Only administrators run the site."))
    return ALLOWED
