"""Who may see what an import did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from iocop.core.policy import ALLOWED, refused
from iocop.roles.queries import holds

if TYPE_CHECKING:
    from datetime import datetime

    from iocop.core.login import Viewer
    from iocop.core.policy import Verdict


def may_see_imports(actor: Viewer, at: datetime) -> Verdict:
    if actor.suspended:
        return refused(_l("Suspended members cannot do this."))
    if not holds(actor.id, "administrator", at):
        return refused(_l("Only administrators see what was imported."))
    return ALLOWED
