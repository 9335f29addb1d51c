"""Members propose, accept, decline, second and withdraw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from iocop.core import audit, clock
from iocop.core.db import act
from iocop.core.errors import Conflict, Invalid
from iocop.core.events import emit
from iocop.core.policy import require
from iocop.elections import standing_policy as policy
from iocop.elections.events import (
    CandidateWrote,
    Nominated,
    NominationAnswered,
    NominationSeconded,
    NominationWithdrawn,
)
from iocop.elections.models import Nomination, Seconding
from iocop.elections.queries import candidacy, elections
from iocop.members.models import Member

if TYPE_CHECKING:
    from iocop.core.login import Viewer
    from iocop.elections.rules import Rules

LONGEST_STATEMENT, LONGEST_INTERESTS = 12_000, 2_000
"""Characters."""


def nominate(actor: Viewer, election_id: int, member_id: int) -> Nomination:
    """Propose a member, or oneself; who is proposed accepts before anything else happens.

    Raises:
        Refused: nominations are not open, or the member may not stand, with the reason.
        Conflict: they were proposed already.
    """
    with act() as session:
        election = elections.locked(election_id)
        require(policy.may_nominate(actor, election, member_id, clock.now()))
        if candidacy.of_member(election_id, member_id) is not None:
            raise Conflict(_l("This member was proposed already; you can second them."))
        row = Nomination(
            election_id=election_id, member_id=member_id, nominated_by_id=actor.id, nominated_at=clock.now()
        )
        session.add(row)
        session.flush()
        audit.record("nominate", actor.id, f"nomination:{row.id}", election=election_id)
        emit(Nominated(actor.id, election_id=election_id, nomination_id=row.id, member_id=member_id))
    return row


def accept(actor: Viewer, election_id: int, nomination_id: int, statement: str, interests: str) -> Nomination:
    """Accept a nomination, or rewrite what one wrote: the statement, and the declared interests.

    Raises:
        Refused: another member's, closed, or decided upon; or the actor may not stand any more.
        Invalid: the statement is too short or too long; interests are missing; the rules ask for a photo.
    """
    with act() as session:
        election = elections.locked(election_id)
        row = candidacy.nomination(election_id, nomination_id)
        require(policy.may_answer(actor, election, row, clock.now()))
        require(policy.may_stand(election, actor.id, clock.now()))
        _check(elections.rules_of(election), session.get_one(Member, actor.id), statement, interests)
        first = row.state != "accepted"
        row.statement, row.interests = statement.strip(), interests.strip()
        row.state, row.answered_at = "accepted", clock.now()
        kind = NominationAnswered if first else CandidateWrote
        audit.record("accept_nomination", actor.id, f"nomination:{row.id}")
        emit(kind(actor.id, election_id=election_id, nomination_id=row.id))
    return row


def _check(rules: Rules, member: Member, statement: str, interests: str) -> None:
    words = len(statement.split())
    if words < rules.statement_words:
        raise Invalid(
            _l(
                "A statement has at least %(least)d words; this one has %(words)d.",
                least=rules.statement_words,
                words=words,
            ),
            "statement",
        )
    if len(statement) > LONGEST_STATEMENT:
        raise Invalid(_l("A statement has at most 12,000 characters."), "statement")
    if not interests.strip():
        raise Invalid(
            _l("Say whom you work for, advise or own; or that there is nothing to declare."), "interests"
        )
    if len(interests) > LONGEST_INTERESTS:
        raise Invalid(_l("Keep the interests to 2,000 characters."), "interests")
    if rules.photo and not member.photo_key:
        raise Invalid(_l("Candidates show their face: add a photo to your profile first."), "statement")


def decline(actor: Viewer, election_id: int, nomination_id: int) -> Nomination:
    """Decline a nomination; until nominations close one can still accept."""
    with act():
        election = elections.locked(election_id)
        row = candidacy.nomination(election_id, nomination_id)
        require(policy.may_answer(actor, election, row, clock.now()))
        row.state, row.answered_at = "declined", clock.now()
        audit.record("decline_nomination", actor.id, f"nomination:{row.id}")
        emit(NominationAnswered(actor.id, election_id=election_id, nomination_id=row.id))
    return row


def second(actor: Viewer, election_id: int, nomination_id: int) -> Seconding:
    """Want to see a candidate stand; everybody reads who does."""
    with act() as session:
        election = elections.locked(election_id)
        row = candidacy.nomination(election_id, nomination_id)
        require(policy.may_second(actor, election, row, clock.now()))
        made = Seconding(nomination_id=row.id, member_id=actor.id, seconded_at=clock.now())
        session.add(made)
        session.flush()
        emit(NominationSeconded(actor.id, election_id=election_id, nomination_id=row.id))
    return made


def withdraw(actor: Viewer, election_id: int, nomination_id: int) -> Nomination:
    """Stand no longer."""
    with act():
        election = elections.locked(election_id)
        row = candidacy.nomination(election_id, nomination_id)
        require(policy.may_withdraw(actor, election, row))
        row.state = "withdrawn"
        audit.record("withdraw_nomination", actor.id, f"nomination:{row.id}")
        emit(NominationWithdrawn(actor.id, election_id=election_id, nomination_id=row.id))
    return row
