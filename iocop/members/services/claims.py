"""Imported authors: a member says "this was me", an administrator decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from iocop.core import audit, clock
from iocop.core.db import act
from iocop.core.errors import Conflict, Missing
from iocop.core.events import emit
from iocop.core.policy import require
from iocop.core.versions import bump
from iocop.members import mails, policy
from iocop.members.events import ClaimDeclined, ClaimMade, MemberClaimed
from iocop.members.models import Claim, Member
from iocop.members.numbers import shown

if TYPE_CHECKING:
    from iocop.core.login import Viewer


def claim(actor: Viewer, imported_id: int, evidence: str) -> Claim:
    """Say that an imported author is the actor; *evidence* tells the administrator where that can be seen.

    Raises:
        Missing: there is no such author.
        Refused: not imported, or claimed already.
        Conflict: the actor's claim to this author waits already.
    """
    with act() as session:
        imported = session.get(Member, imported_id, with_for_update=True)
        if imported is None:
            raise Missing(_l("There is no such author."))
        require(policy.may_claim(actor, imported))
        waiting = select(Claim.id).where(
            Claim.member_id == actor.id, Claim.imported_id == imported_id, Claim.state == "waiting"
        )
        if session.scalar(waiting) is not None:
            raise Conflict(_l("Your claim waits for an administrator already."))
        made = Claim(
            member_id=actor.id,
            imported_id=imported_id,
            evidence=evidence.strip()[:400],
            created_at=clock.now(),
        )
        session.add(made)
        session.flush()
        emit(ClaimMade(actor_id=actor.id, claim_id=made.id))
    return made


def decide_claim(actor: Viewer, claim_id: int, *, approve: bool) -> None:
    """Decide about a claim; the features that hold the author's work listen to `MemberClaimed`.

    Raises:
        Refused: the actor is no administrator, or the author was claimed meanwhile.
        Missing: there is no such claim.
        Conflict: it has been decided already.
    """
    with act() as session:
        require(policy.may_decide_claim(actor))
        made = session.get(Claim, claim_id, with_for_update=True)
        if made is None:
            raise Missing(_l("There is no such claim."))
        if made.state != "waiting":
            raise Conflict(_l("This claim has been decided already."))
        made.state = "approved" if approve else "declined"
        made.decided_at, made.decided_by_id = clock.now(), actor.id
        imported = session.get_one(Member, made.imported_id, with_for_update=True)
        if approve:
            _join_up(made, imported, actor)
        else:
            emit(ClaimDeclined(actor_id=actor.id, claim_id=made.id))
        audit.record("decide_claim", actor.id, f"claim:{made.id}", approved=approve)
        _tell(session.get_one(Member, made.member_id), imported, made, approved=approve)


def _join_up(made: Claim, imported: Member, actor: Viewer) -> None:
    if imported.claimed_by_id is not None:
        raise Conflict(_l("This author has been claimed already."))
    imported.claimed_by_id = made.member_id
    bump("people")
    emit(MemberClaimed(actor_id=actor.id, member_id=made.member_id, imported_id=imported.id))


def _tell(member: Member, imported: Member, made: Claim, *, approved: bool) -> None:
    mails.to_member(
        member, "claim", f"claim:{made.id}", _l("About your claim"), author=imported.name, approved=approved,
        link=mails.link("members.profile", number=shown(imported.number)),
    )  # fmt: skip
