"""What officers do: one proposes, another confirms, and only then is it done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from iocop.core import audit, clock
from iocop.core.db import act
from iocop.core.errors import Conflict, Invalid
from iocop.core.events import emit
from iocop.core.policy import require
from iocop.elections import life, policy
from iocop.elections.events import ActConfirmed, ActProposed, ActTakenBack, ElectionMoved
from iocop.elections.models import Election, ElectionAct
from iocop.elections.queries.elections import act_of, locked
from iocop.elections.services.verbs import CHECKS, HANDLERS

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from iocop.core.login import Viewer

LONGEST_NOTE = 2000
"""In characters."""


def propose(
    actor: Viewer, election_id: int, verb: str, note: str = "", subject_id: int | None = None
) -> ElectionAct:
    """Propose an act; nothing happens before another officer confirms it.

    Args:
        verb: one of `life.VERBS`.
        note: why; published with the act.
        subject_id: what it is about (`life.Deed.about`): a nomination, a roll entry, a complaint, a number of days, or
            the member who becomes an officer or is none any more.

    Raises:
        Refused: no officer of this election, or it has no place in the election's state.
        Invalid: words or subject are missing.
        Conflict: it is proposed already.
    """
    note = note.strip()
    with act() as session:
        election = locked(election_id)
        require(policy.may_propose(actor, election, verb, clock.now(), subject_id))
        _check(session, election, verb, note, subject_id)
        row = ElectionAct(
            election_id=election.id, verb=verb, first_id=actor.id, first_at=clock.now(), note=note,
            subject_id=subject_id,
        )  # fmt: skip
        session.add(row)
        session.flush()
        audit.record("election.propose", actor.id, f"election:{election.id}", verb=verb, act=row.id)
        emit(ActProposed(actor.id, election_id=election.id, act_id=row.id, verb=verb))
    return row


def _check(session: Session, election: Election, verb: str, note: str, subject_id: int | None) -> None:
    if verb in life.WITH_REASON and not note:
        raise Invalid(_l("Say why: it is published with the act."), "note")
    if len(note) > LONGEST_NOTE:
        raise Invalid(_l("Keep it to 2,000 characters."), "note")
    deed = life.deed_of(verb)
    if bool(deed and deed.about) is not (subject_id is not None):
        raise Invalid(_l("Choose what it is about."), "subject_id")
    waiting = select(ElectionAct.id).where(
        ElectionAct.election_id == election.id, ElectionAct.verb == verb,
        ElectionAct.subject_id.is_not_distinct_from(subject_id), ElectionAct.second_id.is_(None),
        ElectionAct.taken_back_at.is_(None),
    )  # fmt: skip
    if session.scalar(waiting.limit(1)) is not None:
        raise Conflict(_l("This is proposed already and waits for a second officer."))
    if verb in CHECKS:
        CHECKS[verb](election, subject_id)


def confirm(actor: Viewer, act_id: int) -> ElectionAct:
    """Confirm what another officer proposed, and do it, in one act.

    Raises:
        Refused: not another officer of this election, too early or too late, or it has no place any more.
        Conflict: something it needs is missing; the reason says what.
    """
    with act() as session:
        row, election = _locked(session, act_id)
        require(policy.may_confirm(actor, election, row, clock.now()))
        row.second_id, row.second_at = actor.id, clock.now()
        session.flush()
        handle = HANDLERS.get(row.verb)
        if handle is not None:
            handle(election, row)
        audit.record("election.confirm", actor.id, f"election:{election.id}", verb=row.verb, act=row.id)
        _move(session, election, row)
        emit(ActConfirmed(actor.id, election_id=election.id, act_id=row.id, verb=row.verb))
    return row


def _move(session: Session, election: Election, row: ElectionAct) -> None:
    """Bring the election into the state the act leads to, and let go of what no longer fits there."""
    state = life.target(row.verb, election.state)
    if state == election.state:
        return
    election.state, election.state_since = state, clock.now()
    session.flush()
    emit(ElectionMoved(row.second_id, election_id=election.id, act_id=row.id, state=state))


def take_back(actor: Viewer, act_id: int) -> ElectionAct:
    """Take back one's own proposal, before it was confirmed.

    Raises:
        Refused: proposed by somebody else, or confirmed.
    """
    with act() as session:
        row, election = _locked(session, act_id)
        require(policy.may_take_back(actor, election, row, clock.now()))
        row.taken_back_at = clock.now()
        session.flush()
        audit.record("election.take_back", actor.id, f"election:{election.id}", verb=row.verb, act=row.id)
        emit(ActTakenBack(actor.id, election_id=election.id, act_id=row.id))
    return row


def _locked(session: Session, act_id: int) -> tuple[ElectionAct, Election]:
    found = act_of(act_id)
    election = locked(found.election_id)
    session.refresh(found)
    return found, election
