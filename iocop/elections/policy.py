"""Who may create an election, act as its officer, complain, and record rules; each act takes two officers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import format_datetime
from flask_babel import lazy_gettext as _l

from iocop.core.policy import ALLOWED, Verdict, refused
from iocop.elections import life
from iocop.elections.queries import elections, groups, officers, roll, seats
from iocop.roles.policy import is_administrator
from iocop.roles.queries import holds

if TYPE_CHECKING:
    from datetime import datetime

    from iocop.core.login import Viewer
    from iocop.elections.models import Election, ElectionAct, ElectionComplaint

IMPARTIAL = frozenset({"answer_complaint"})
"""Acts that nobody does who is a candidate's colleague."""


def may_create_election(actor: Viewer, at: datetime) -> Verdict:
    if actor.suspended:
        return refused(_l("While you are suspended you cannot do this."))
    if holds(actor.id, "returning_officer", at) or is_administrator(actor, at):
        return ALLOWED
    return refused(_l("Returning officers and administrators prepare elections."))


def may_record_rules(actor: Viewer, at: datetime) -> Verdict:
    """Say whether the actor may write down by which rules elections are held."""
    if actor.suspended:
        return refused(_l("While you are suspended you cannot do this."))
    if is_administrator(actor, at):
        return ALLOWED
    return refused(_l("Administrators write down the rules of elections, each set on a decision."))


def may_see_desk(actor: Viewer, election: Election, at: datetime) -> Verdict:
    if is_administrator(actor, at):
        return ALLOWED
    if elections.officer_of(election.id, actor.id) and not officers.is_relieved(election.id, actor.id):
        return ALLOWED
    return refused(
        _l(
            "The desk is for this election's officers; what they did stands on its public page for everybody to read."
        )
    )


def may_officiate(actor: Viewer, election: Election, at: datetime) -> Verdict:
    """Say whether the actor acts as an officer of this election at all."""
    if actor.suspended:
        return refused(_l("While you are suspended you cannot do this."))
    if elections.officer_of(election.id, actor.id) is None:
        return refused(_l("Only the officers of this election do this."))
    if officers.is_relieved(election.id, actor.id):
        return refused(_l("You were relieved as an officer of this election."))
    if not holds(actor.id, "returning_officer", at):
        return refused(_l("Your office as returning officer has ended."))
    if elections.is_candidate(election.id, actor.id):
        return refused(_l("A candidate cannot be an officer of the same election."))
    return ALLOWED


def may_change_draft(actor: Viewer, election: Election, at: datetime) -> Verdict:
    verdict = may_officiate(actor, election, at)
    if verdict and election.state != "draft":
        return refused(
            _l("Only a draft is changed freely; from then on officers move dates, and everybody sees it.")
        )
    return verdict


def may_stand_in(actor: Viewer, election: Election, at: datetime, subject_id: int | None = None) -> Verdict:
    """Say whether an administrator helps to name or relieve an officer: only where two others are not left to do it.

    Args:
        subject_id: the member it is about, who is not counted among those left.
    """
    if actor.suspended or not is_administrator(actor, at):
        return refused(_l("Only the officers of this election do this."))
    if elections.is_candidate(election.id, actor.id):
        return refused(_l("A candidate has no say in who the officers are."))
    if len(officers.serving(election, at) - {subject_id}) >= 2:
        return refused(_l("Two officers are left who do this: administrators keep out of it."))
    return ALLOWED


def may_propose(
    actor: Viewer, election: Election, verb: str, at: datetime, subject_id: int | None = None
) -> Verdict:
    """Say whether the actor may propose an act that another officer can then confirm; also before its earliest date.

    Args:
        subject_id: whom it is about, where officers are named or relieved: an administrator may have to help.
    """
    verdict = may_officiate(actor, election, at)
    if verb in life.APPOINTING and not verdict and is_administrator(actor, at):
        verdict = may_stand_in(actor, election, at, subject_id)
    if not verdict:
        return verdict
    if verb in IMPARTIAL and groups.is_entangled(election, actor.id):
        return refused(_l("You belong to a candidate's organizations: two other officers answer this."))
    return _has_its_place(election, verb, at)


def possible_acts(actor: Viewer, election: Election, at: datetime) -> set[str]:
    """Return every act of which `may_propose` is allowed; who officiates is asked once for all of them."""
    return {verb for verb in _open_to(actor, election, at) if _has_its_place(election, verb, at)}


def _open_to(actor: Viewer, election: Election, at: datetime) -> set[str]:
    """Return the acts somebody may do here at all; of an administrator's, those for which two officers are lacking."""
    if may_officiate(actor, election, at):
        return set(life.VERBS) - (IMPARTIAL if groups.is_entangled(election, actor.id) else set())
    if not is_administrator(actor, at):
        return set()
    one = next(iter(officers.serving(election, at)), None)
    about = {"name_officer": None, "relieve_officer": one}
    return {verb for verb, subject in about.items() if may_stand_in(actor, election, at, subject)}


def _has_its_place(election: Election, verb: str, at: datetime) -> Verdict:
    frozen = elections.is_frozen(election.id)
    poll = election.state != "screening" or seats.has_poll(election)
    if not life.fits(verb, election.state, election.kind, poll=poll, frozen=frozen):
        return refused(_l("This cannot be done in the election's present state."))
    latest = life.latest(verb, elections.dates_of(election), elections.rules_of(election))
    if latest is not None and at > latest:
        return refused(
            _l(
                "It was possible until %(moment)s (UTC), so that every period keeps its length. Move the dates first.",
                moment=_spoken(latest),
            )
        )
    return ALLOWED


def may_confirm(actor: Viewer, election: Election, act: ElectionAct, at: datetime) -> Verdict:
    """Say whether the actor may be the second officer of an act, at this moment."""
    verdict = _still_waits(act) and may_propose(actor, election, act.verb, at, act.subject_id)
    if not verdict:
        return verdict
    if act.first_id == actor.id:
        return refused(_l("You proposed this; another officer confirms it."))
    if act.verb in life.APPOINTING and _passes_over(actor.id, election, act, at):
        return refused(
            _l("An officer is left: it takes that officer and one administrator, not two administrators.")
        )
    earliest = life.earliest(act.verb, elections.dates_of(election))
    if earliest is not None and at < earliest:
        return refused(_l("It is possible from %(moment)s (UTC) on.", moment=_spoken(earliest)))
    return ALLOWED


def _passes_over(actor_id: int, election: Election, act: ElectionAct, at: datetime) -> bool:
    """Say whether neither who proposed nor who confirms is an officer, though one is left whom it is not about."""
    serving = officers.serving(election, at)
    return not {actor_id, act.first_id} & serving and bool(serving - {act.subject_id})


def may_take_back(actor: Viewer, election: Election, act: ElectionAct, at: datetime) -> Verdict:
    verdict = _still_waits(act)
    if verdict and (actor.suspended or act.verb not in life.APPOINTING):
        verdict = may_officiate(actor, election, at)
    if not verdict:
        return verdict
    if act.first_id != actor.id:
        return refused(_l("Only the officer who proposed this takes it back."))
    return ALLOWED


def _still_waits(act: ElectionAct) -> Verdict:
    if act.second_id is None and act.taken_back_at is None:
        return ALLOWED
    return refused(_l("This was confirmed or taken back already."))


def _spoken(moment: datetime) -> str:
    return str(format_datetime(moment, "d MMM y, HH:mm", rebase=False))


def may_give_key(actor: Viewer, election: Election, at: datetime) -> Verdict:
    """Say whether the actor may give, or until the freeze replace, an officer's public keys."""
    verdict = may_officiate(actor, election, at)
    if not verdict:
        return verdict
    if election.kind == "vacancy":
        return refused(_l("A countback uses the ballots of the earlier election: no new keys are needed."))
    if election.state not in life.BEFORE_THE_FREEZE or elections.is_frozen(election.id):
        return refused(_l("The election is frozen: its keys stand."))
    return ALLOWED


def may_sign_opening(actor: Viewer, election: Election, at: datetime) -> Verdict:
    verdict = may_officiate(actor, election, at)
    if not verdict:
        return verdict
    if election.state != "campaign" or not elections.is_frozen(election.id):
        return refused(_l("Officers sign between the freeze and the opening of the poll."))
    return ALLOWED


def may_complain(actor: Viewer, election: Election, at: datetime) -> Verdict:
    if not actor.is_authenticated:
        return refused(_l("Sign in to complain."))
    if election.state in {"draft", "certified", "void"}:
        return refused(
            _l("Complaints are taken from the opening of nominations until the result is certified.")
        )
    if at > election.complaints_until:
        return refused(_l("The time for complaints has passed."))
    return ALLOWED


def may_say_did_not_vote(actor: Viewer, election: Election, at: datetime) -> Verdict:
    """Say whether the actor may tell that the token issued in their name was taken by somebody else."""
    if election.state not in {"voting", "sealed", "counted"} or at > election.complaints_until:
        return refused(
            _l("This is told from the opening of the poll until the time for complaints has passed.")
        )
    if not roll.token_was_issued(election.id, actor.id):
        return refused(_l("No voting token was issued in your name: nobody voted as you."))
    return ALLOWED


def may_answer_complaint(
    actor: Viewer, election: Election, complaint: ElectionComplaint, at: datetime
) -> Verdict:
    if complaint.answered_at is not None:
        return refused(_l("This complaint is answered."))
    if complaint.member_id == actor.id:
        return refused(_l("You made this complaint: two other officers answer it."))
    return may_propose(actor, election, "answer_complaint", at)
