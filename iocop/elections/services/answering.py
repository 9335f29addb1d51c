"""The answer to a complaint, once two officers stand behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from iocop.core.errors import Conflict, Missing, Refused
from iocop.core.events import emit
from iocop.elections import life
from iocop.elections.events import ComplaintAnswered
from iocop.elections.queries.complaints import complaint, refused_nomination
from iocop.elections.queries.elections import is_frozen

if TYPE_CHECKING:
    from iocop.elections.models import Election, ElectionAct


def answer(election: Election, row: ElectionAct) -> None:
    """Give the answer both officers stand behind; an upheld refusal makes the nomination a candidacy until the freeze.

    Nor does it after an election without a poll was counted: who was elected then stays so, or the election is void.

    Raises:
        Refused: the second officer is who complained.
    """
    answered = complaint(row.subject_id)
    if answered.member_id == row.second_id:
        raise Refused(_l("You made this complaint: two other officers answer it."))
    answered.second_officer_id, answered.answered_at = row.second_id, row.second_at
    if answered.kind == "refused_nomination" and answered.upheld and answered.member_id:
        nomination = refused_nomination(election.id, answered.member_id)
        early = election.state in life.BEFORE_THE_FREEZE and not is_frozen(election.id)
        if nomination is not None and early:
            nomination.state, nomination.reason = "admitted", ""
    emit(ComplaintAnswered(row.second_id, election_id=election.id, complaint_id=answered.id))


def check_complaint(election: Election, complaint_id: int | None) -> None:
    """Go on only if a complaint of this election waits for its answer."""
    if complaint(complaint_id).election_id != election.id:
        raise Missing(_l("There is no such complaint."))
    if complaint(complaint_id).answered_at is not None:
        raise Conflict(_l("This complaint is answered."))
