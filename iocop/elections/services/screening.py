"""Officers look at each nomination: admitted, or refused with the reason the candidate reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from iocop.core.db import db
from iocop.core.errors import Conflict, Missing
from iocop.core.events import emit
from iocop.elections.events import NominationDecided
from iocop.elections.models import Nomination
from iocop.elections.queries.candidacy import lacking_seconders
from iocop.elections.queries.elections import candidates

if TYPE_CHECKING:
    from iocop.elections.models import Election, ElectionAct


def check(election: Election, nomination_id: int | None) -> None:
    """Go on only if a nomination of this election waits for the officers, or was refused."""
    _waiting(election, nomination_id)


def _waiting(election: Election, nomination_id: int | None) -> Nomination:
    found = db.session.get(Nomination, nomination_id or 0, with_for_update=True)
    if found is None or found.election_id != election.id:
        raise Missing(_l("There is no such nomination in this election."))
    if found.state not in {"accepted", "admitted", "refused"}:
        raise Conflict(_l("Only a nomination that was accepted is decided upon."))
    return found


def admit(election: Election, row: ElectionAct) -> None:
    """Make an accepted nomination a candidacy."""
    nomination = _waiting(election, row.subject_id)
    lacking = lacking_seconders(election, nomination.id)
    if lacking:
        raise Conflict(_l("By the rules this candidate lacks %(number)d more seconders.", number=lacking))
    nomination.state, nomination.reason = "admitted", ""
    emit(NominationDecided(row.second_id, election_id=election.id, nomination_id=nomination.id))


def refuse(election: Election, row: ElectionAct) -> None:
    """Refuse a nomination with the reason; the candidate can have two other officers look at it again."""
    nomination = _waiting(election, row.subject_id)
    nomination.state, nomination.reason = "refused", row.note
    emit(NominationDecided(row.second_id, election_id=election.id, nomination_id=nomination.id))


def finish(election: Election, _act: ElectionAct) -> None:
    """See to it that every nomination is decided before the campaign.

    Raises:
        Conflict: one that was accepted waits.
    """
    if candidates(election.id, ("accepted",)):
        raise Conflict(_l("Some nominations are neither admitted nor refused: decide about each first."))
