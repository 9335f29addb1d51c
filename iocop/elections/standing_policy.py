"""Who may propose, second and stand, and until when; every refusal with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask_babel import lazy_gettext as _l

from iocop.core.policy import ALLOWED, Verdict, refused
from iocop.elections.queries import candidacy, elections, roll

if TYPE_CHECKING:
    from datetime import datetime

    from iocop.core.login import Viewer
    from iocop.elections.models import Election, Nomination

WHY_NOT: Final = {
    "not_a_member": _l("Only members stand."),
    "suspended": _l("Who is suspended cannot stand."),
    "pseudonym": _l("Candidates stand under their own name: who goes by a pseudonym changes that first."),
    "too_new": _l("Who stands has been a member for as long as the rules ask."),
    "unaffiliated": _l("Who stands belongs to an organization on that day."),
    "elsewhere": _l("This election is for other regions."),
    "officer": _l("The officers of an election do not stand in it."),
    "stays": _l("Who holds the office beyond that day needs no election."),
    "terms": _l("Nobody holds the office for more terms in a row than the rules allow."),
    "full": _l("The candidate's organizations hold all the seats they may have already."),
}
"""Why somebody may not stand, by `candidacy.HINDRANCES`."""


def is_open_for_nominations(election: Election, at: datetime) -> Verdict:
    if election.kind in {"motion", "vacancy"}:
        return refused(_l("Nobody is nominated here."))
    if election.state != "nominations":
        return refused(_l("Nominations are not open now."))
    if at >= election.nominations_close_at:
        return refused(_l("Nominations have closed."))
    return ALLOWED


def may_stand(election: Election, member_id: int, at: datetime) -> Verdict:
    """Say whether a member may be a candidate of this election, on this day, by the rules in force."""
    why = candidacy.why_not(election, member_id, at)
    return refused(WHY_NOT[why]) if why else ALLOWED


def may_nominate(actor: Viewer, election: Election, member_id: int, at: datetime) -> Verdict:
    """Say whether the actor may propose a member, or stand."""
    if not actor.is_authenticated:
        return refused(_l("Sign in to propose a candidate."))
    if actor.suspended:
        return refused(_l("While you are suspended you cannot do this."))
    return is_open_for_nominations(election, at) and may_stand(election, member_id, at)


def may_second(actor: Viewer, election: Election, nomination: Nomination, at: datetime) -> Verdict:
    """Say whether the actor may want to see somebody stand: who could vote today, and is neither of the two concerned."""
    if not actor.is_authenticated:
        return refused(_l("Sign in to second a candidate."))
    return is_open_for_nominations(election, at) and _counts_as_seconder(actor, election, nomination, at)


def _counts_as_seconder(actor: Viewer, election: Election, nomination: Nomination, at: datetime) -> Verdict:
    if nomination.state not in {"proposed", "accepted", "admitted"}:
        return refused(_l("This candidate does not stand."))
    if actor.id in {nomination.member_id, nomination.nominated_by_id}:
        return refused(_l("Candidates and those who proposed them are not counted as seconders."))
    if candidacy.is_seconded_by(nomination.id, actor.id):
        return refused(_l("You second this candidate already."))
    if roll.why_not(actor.id, elections.rules_of(election), at):
        return refused(_l("Who may vote in this election may second its candidates."))
    return ALLOWED


def may_answer(actor: Viewer, election: Election, nomination: Nomination, at: datetime) -> Verdict:
    """Say whether the actor may accept or decline, and change what they wrote."""
    if actor.id != nomination.member_id:
        return refused(_l("Only who was proposed answers."))
    if actor.suspended:
        return refused(_l("While you are suspended you cannot do this."))
    if nomination.state not in {"proposed", "accepted", "declined"}:
        return refused(_l("The officers have decided about this nomination."))
    return is_open_for_nominations(election, at)


def may_withdraw(actor: Viewer, election: Election, nomination: Nomination) -> Verdict:
    """Say whether a candidate may withdraw: until the freeze, after which the ballot is printed, as it were."""
    if actor.id != nomination.member_id:
        return refused(_l("Only the candidate withdraws."))
    if nomination.state not in {"accepted", "admitted"}:
        return refused(_l("This candidate does not stand."))
    if election.state not in {"nominations", "screening", "campaign"} or elections.is_frozen(election.id):
        return refused(
            _l("The ballot is frozen. If you are elected and do not serve, your seat is filled by countback.")
        )
    return ALLOWED


def may_campaign(actor: Viewer, election: Election, nomination: Nomination) -> Verdict:
    """Say whether a candidate may open the campaign thread and write the one mailing."""
    if actor.id != nomination.member_id:
        return refused(_l("Only the candidate does this."))
    if actor.suspended:
        return refused(_l("While you are suspended you cannot do this."))
    if nomination.state != "admitted" or election.state not in {"screening", "campaign", "voting"}:
        return refused(_l("The campaign runs from the officers' admission to the close of the poll."))
    return ALLOWED
