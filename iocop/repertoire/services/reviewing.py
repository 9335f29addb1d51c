"""Reviewers approve, ask for changes, decline, or say that they should not decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from iocop.contributions.models import Contribution
from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.errors import Conflict, Invalid
from iocop.core.events import emit
from iocop.core.policy import require
from iocop.core.versions import bump
from iocop.organizations.queries import stamp
from iocop.repertoire import policy
from iocop.repertoire.events import ProposalReviewed
from iocop.repertoire.models import Proposal, Review
from iocop.repertoire.queries.neighbourhood import deciding_domains
from iocop.repertoire.queries.standing import authors_of, voices
from iocop.repertoire.quorum import Outcome, Voice, organization, organizations, outcome
from iocop.repertoire.services.publishing import carry_out, make_ready, may_be_provisional
from iocop.repertoire.services.rows import proposal_row
from iocop.spaces.queries import VERIFIED

if TYPE_CHECKING:
    from iocop.core.login import Viewer

LONGEST_REASON = 2000

SAME_ORGANIZATION = _l(
    "Somebody of your organization has approved this already: the second approval is another's."
)
UNPROVED = _l(
    "Somebody without a verified affiliation has approved this already, and all of them count as one organization:"
    " verify yours, or leave it to others."
)


def approve(actor: Viewer, proposal_id: int, round_: int, reason: str = "") -> Review:
    """Approve one round of a proposal; the second organization's approval carries it out.

    While fewer than two organization groups are active, one approval carries a text or a retirement out as
    *provisional*, without a seal.

    Args:
        round_: the one the reviewer has read.

    Raises:
        Refused: no right to decide there, an own part in it, or a conflict of interest.
        Conflict: it was saved anew meanwhile, or the reviewer's organization has approved already.
    """
    ready = make_ready(proposal_id)
    with act() as session:
        proposal = _reviewed(actor, proposal_id, round_)
        _check_organization(actor, proposal)
        review = _record(actor, proposal, "approve", reason)
        session.flush()
        reached = outcome(voices(proposal.id, proposal.round), authors_of(proposal.id))
        if reached is Outcome.SEALED:
            carry_out(actor, proposal, ready, standing="sealed")
        elif may_be_provisional(proposal):
            carry_out(actor, proposal, ready, standing="provisional")
    return review


def ask_for_changes(actor: Viewer, proposal_id: int, round_: int, reason: str) -> Review:
    """Send a proposal back to its author, who reads what is missing; it leaves the queue until it is saved anew.

    This takes less than approving: level 2 in one of its domains.

    Raises:
        Refused, Conflict: as `approve`.
        Invalid: no reason.
    """
    return _turn_down(actor, proposal_id, round_, reason, verdict="changes", status="changes")


def decline(actor: Viewer, proposal_id: int, round_: int, reason: str) -> Review:
    """Decline a proposal with a reason its author reads; improved, it may be submitted again.

    Raises:
        Refused, Conflict: as `approve`.
        Invalid: no reason.
    """
    return _turn_down(actor, proposal_id, round_, reason, verdict="decline", status="declined")


def recuse(actor: Viewer, proposal_id: int, round_: int, reason: str) -> Review:
    """Say that one should not decide here, and why: a declared conflict of interest.

    Raises:
        Refused, Conflict: as `approve`.
        Invalid: no reason.
    """
    _check_reason(reason, needed=True)
    with act():
        proposal = _reviewed(actor, proposal_id, round_, decides=False)
        return _record(actor, proposal, "recuse", reason)


def _turn_down(
    actor: Viewer, proposal_id: int, round_: int, reason: str, *, verdict: str, status: str
) -> Review:
    _check_reason(reason, needed=True)
    with act():
        proposal = _reviewed(actor, proposal_id, round_, decides=verdict == "decline")
        review = _record(actor, proposal, verdict, reason)
        proposal.status = status
        proposal.decided_at = clock.now() if status == "declined" else None
        return review


def _reviewed(actor: Viewer, proposal_id: int, round_: int, *, decides: bool = True) -> Proposal:
    proposal = proposal_row(proposal_id)
    question = policy.may_review if decides else policy.may_look_over
    require(question(actor, proposal, db.session.get_one(Contribution, proposal_id)))
    if proposal.round != round_:
        raise Conflict(_l("It was changed while you were reading: look at what it says now."))
    standing = (Review.proposal_id == proposal_id, Review.round == round_, Review.reviewer_id == actor.id)
    if db.session.query(Review.id).where(*standing).first() is not None:
        raise Conflict(_l("You have said what you think of this version already."))
    return proposal


def _check_organization(actor: Viewer, proposal: Proposal) -> None:
    """Refuse a second voice of an organization that has spoken; all without a proved one speak as one."""
    by = stamp(actor.id, None, clock.now())
    mine = organization(Voice(actor.id, by.org_group_id, by.org_evidence in VERIFIED))
    if mine in organizations(voices(proposal.id, proposal.round)):
        raise Conflict(SAME_ORGANIZATION if mine else UNPROVED)


def _check_reason(reason: str, *, needed: bool) -> None:
    if needed and not reason.strip():
        raise Invalid(_l("Give the reason: the author reads it."), "reason")
    if len(reason) > LONGEST_REASON:
        raise Invalid(_l("A reason has at most 2000 characters."), "reason")


def _record(actor: Viewer, proposal: Proposal, verdict: str, reason: str) -> Review:
    _check_reason(reason, needed=False)
    now = clock.now()
    by = stamp(actor.id, None, now)
    with act() as session:
        review = Review(
            proposal_id=proposal.id, round=proposal.round, reviewer_id=actor.id, verdict=verdict, at=now,
            reason=reason.strip(), power=policy.looks_over_by(actor, deciding_domains(proposal)) or "none",
            organization_id=by.organization_id, org_group_id=by.org_group_id, org_evidence=by.org_evidence,
        )  # fmt: skip
        session.add(review)
        session.flush()
        bump("repertoire", f"topic:{proposal.id}")
        emit(ProposalReviewed(actor.id, proposal_id=proposal.id, review_id=review.id, verdict=verdict))
    return review
