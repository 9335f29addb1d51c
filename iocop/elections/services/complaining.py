"""Members complain, and two officers answer who have no share in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from iocop.core import audit, clock
from iocop.core.db import act
from iocop.core.errors import Conflict, Invalid, Refused
from iocop.core.events import emit
from iocop.core.policy import require
from iocop.elections import policy
from iocop.elections.events import ComplaintMade
from iocop.elections.models import ElectionComplaint
from iocop.elections.queries.complaints import complaint, refused_nomination
from iocop.elections.queries.elections import locked
from iocop.elections.services.acting import propose

if TYPE_CHECKING:
    from iocop.core.login import Viewer
    from iocop.elections.models import Election, ElectionAct

LONGEST = 4000
"""Of a complaint, in characters; of its answer 2,000, as of every act's words."""


def complain(actor: Viewer, election_id: int, text: str) -> ElectionComplaint:
    """Complain of how an election is held; officers read it, two of them answer.

    Raises:
        Refused: a guest, or outside the time for complaints.
        Invalid: no words, or too many.
    """
    with act():
        election = locked(election_id)
        require(policy.may_complain(actor, election, clock.now()))
        return _written(actor, election, "complaint", _checked(text))


def complain_of_refusal(actor: Viewer, election_id: int, text: str) -> ElectionComplaint:
    """Have two other officers look again at the own refused nomination.

    Raises:
        Refused: nothing of the actor's was refused here, or the time has passed.
        Invalid: no words, or too many.
    """
    with act():
        election = locked(election_id)
        require(policy.may_complain(actor, election, clock.now()))
        if refused_nomination(election.id, actor.id) is None:
            raise Refused(_l("No nomination of yours was refused in this election."))
        return _written(actor, election, "refused_nomination", _checked(text))


def say_did_not_vote(actor: Viewer, election_id: int) -> ElectionComplaint:
    """Tell that a voting token was issued in the actor's name which they never asked for.

    Raises:
        Refused: no token was issued to them, or the time has passed.
        Conflict: told already.
    """
    with act() as session:
        election = locked(election_id)
        require(policy.may_say_did_not_vote(actor, election, clock.now()))
        told = select(ElectionComplaint.id).where(
            ElectionComplaint.election_id == election.id, ElectionComplaint.member_id == actor.id,
            ElectionComplaint.kind == "did_not_vote",
        )  # fmt: skip
        if session.scalar(told) is not None:
            raise Conflict(_l("You have told the officers already; they will answer you."))
        words = _("A voting token was issued in my name. I did not take it.")
        return _written(actor, election, "did_not_vote", words)


def _checked(text: str) -> str:
    text = text.strip()
    if not text:
        raise Invalid(_l("Say what is wrong, and what you ask for."), "text")
    if len(text) > LONGEST:
        raise Invalid(_l("Keep it to 4,000 characters."), "text")
    return text


def _written(actor: Viewer, election: Election, kind: str, text: str) -> ElectionComplaint:
    with act() as session:
        row = ElectionComplaint(
            election_id=election.id, member_id=actor.id, kind=kind, text=text, made_at=clock.now()
        )
        session.add(row)
        session.flush()
        audit.record("election.complain", actor.id, f"election:{election.id}", complaint=row.id)
        emit(ComplaintMade(actor.id, election_id=election.id, complaint_id=row.id))
    return row


def propose_answer(actor: Viewer, complaint_id: int, answer: str, *, upheld: bool) -> ElectionAct:
    """Write an answer that a second officer, as free of any share in it, confirms.

    Raises:
        Refused: a candidate, of a candidate's organizations, who complained, or no officer of the election.
        Invalid: no words.
        Conflict: another answer waits to be confirmed.
    """
    with act() as session:
        row = complaint(complaint_id)
        election = locked(row.election_id)
        session.refresh(row)
        require(policy.may_answer_complaint(actor, election, row, clock.now()))
        proposed = propose(actor, election.id, "answer_complaint", answer, row.id)
        row.answer, row.upheld = answer.strip(), upheld
        row.first_officer_id, row.first_at = actor.id, clock.now()
        session.flush()
    return proposed
