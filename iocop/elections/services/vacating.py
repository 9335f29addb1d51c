"""A seat that fell vacant: earlier candidates say whether they would serve, and the same papers choose again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from iocop.core import audit
from iocop.core.db import act
from iocop.core.errors import Conflict, Refused
from iocop.core.events import emit
from iocop.elections.counting import telling
from iocop.elections.events import NominationAnswered
from iocop.elections.queries import countbacks, elections
from iocop.elections.sealing.canonical import dumps
from iocop.elections.services.closing import write_document
from iocop.elections.tallying import texts

if TYPE_CHECKING:
    from iocop.core.login import Viewer
    from iocop.elections.models import Election, ElectionAct, Nomination

FORMAT = "iocop-countback-1"


def say(actor: Viewer, election_id: int, *, serves: bool) -> Nomination:
    """Say whether one would serve in a seat that fell vacant; until the countback one can think again.

    Raises:
        Refused: no candidate of the earlier election, or the countback is done.
    """
    with act():
        election = elections.locked(election_id)
        row = next((row for row in countbacks.others(election) if row.member_id == actor.id), None)
        if row is None or election.state != "draft":
            raise Refused(_l("Candidates of the earlier election say this, until the seat is filled."))
        row.serves = serves
        audit.record("would_serve", actor.id, f"nomination:{row.id}", serves=serves)
        emit(NominationAnswered(actor.id, election_id=election_id, nomination_id=row.id))
    return row


def count_back(election: Election, _row: ElectionAct) -> None:
    """Fill the seat inside the officers' act, and keep what was counted.

    Raises:
        Conflict: somebody has not said whether they would serve; or there are no papers: a by-election is due.
    """
    if countbacks.unanswered(election):
        raise Conflict(_l("Some earlier candidates have not said whether they would serve: ask them first."))
    found = countbacks.recounted(election)
    if found is None:
        raise Conflict(
            _l(
                "The earlier election had no poll by Scottish rules, so nothing can be counted back: hold a by-election."
            )
        )
    if not found.outcome.elected:
        raise Conflict(_l("Nobody is left whom these papers choose: hold a by-election."))
    told = telling.as_json(found.earlier.profile, found.outcome, found.earlier.lot)
    content = {
        "format": FORMAT,
        "earlier": election.earlier_id,
        "freeze": found.earlier.freeze.hash.hex(),
        "sitting": list(found.sitting),
        "away": list(found.away),
        "held": [{"group": group, "seats": number} for group, number in sorted(found.held.items())],
        "count": texts(told),
    }
    write_document(election.id, "result.json", dumps(content))
