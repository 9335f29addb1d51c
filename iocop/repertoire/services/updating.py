"""An edit that waits is brought up to date with what was published since it began."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from iocop.contributions.models import Contribution
from iocop.core.db import db
from iocop.core.errors import Conflict
from iocop.core.policy import require
from iocop.repertoire import policy
from iocop.repertoire.fields import Fields
from iocop.repertoire.queries.drafting import overtaken, together
from iocop.repertoire.services.proposing import save_proposal
from iocop.repertoire.services.rows import proposal_row

if TYPE_CHECKING:
    from iocop.core.login import Viewer
    from iocop.repertoire.models import Proposal


class Divided(Conflict):
    """Both changed the same section: a person brings the two together."""

    def __init__(self) -> None:
        super().__init__(
            _l("You and what was published both changed the same section: bring the two together.")
        )


def bring_up_to_date(actor: Viewer, proposal_id: int) -> Proposal:
    """Take what was published meanwhile into an edit; what was approved of it counts no more.

    Raises:
        Refused: not its author, or it is decided.
        Conflict: nothing was published since it began.
        Divided: both changed the same section.
        Stale: it was saved from another window meanwhile.
    """
    proposal = proposal_row(proposal_id)
    thing = db.session.get_one(Contribution, proposal_id)
    require(policy.may_write_proposal(actor, proposal, thing))
    if overtaken(proposal) is None or proposal.article_id is None:
        raise Conflict(_l("Nothing was published since it began: it is up to date."))
    found = together(
        proposal.article_id, proposal.base_version or 0, thing.text, Fields.read(proposal.fields)
    )
    if not found.merged.whole:
        raise Divided
    return save_proposal(
        actor, proposal_id, fields=found.fields, text=found.merged.text, version=thing.version,
        note=_("Brought up to date with version %(number)s", number=found.version), base_version=found.version,
        submit=proposal.status == "waiting",
    )  # fmt: skip
