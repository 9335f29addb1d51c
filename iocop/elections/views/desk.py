"""The officers' desk: what comes next and who must act, what waits for a second officer, what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from iocop.core import clock
from iocop.core.errors import Conflict, Invalid, Missing
from iocop.core.login import public, viewer
from iocop.core.policy import require
from iocop.elections import desk_words, life, policy
from iocop.elections.desk_forms import ActForm
from iocop.elections.queries import candidacy, elections, officers, roll
from iocop.elections.queries import desk as queries
from iocop.elections.services import acting
from iocop.elections.standing_policy import may_stand
from iocop.elections.views import elections as blueprint
from iocop.safety.asking import warned

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from iocop.elections.models import Election
    from iocop.safety.asking import Asked


@blueprint.get("/elections/desks")
def desks() -> ResponseReturnValue:
    """List the elections the viewer is an officer of."""
    may_create = policy.may_create_election(viewer(), clock.now())
    return render_template(
        "elections/desks.html", rows=queries.desks(viewer()), words=desk_words, may_create=may_create
    )


@blueprint.get("/elections/<int:election_id>/desk")
def desk(election_id: int) -> ResponseReturnValue:
    """Show an election to its officers."""
    election = elections.election(election_id)
    now = clock.now()
    require(policy.may_see_desk(viewer(), election, now))
    waiting, posts = elections.waiting_acts(election_id), officers.posts(election, now)
    done, frozen = queries.done_acts(election_id), elections.is_frozen(election_id)
    standing = elections.candidates(election_id, desk_words.NOMINATIONS)
    return render_template(
        "elections/desk.html", election=election, words=desk_words, now=now, stages=queries.timeline(election),
        next=queries.coming(election), waiting=waiting, posts=posts, standing=standing,
        may_confirm={row.id: policy.may_confirm(viewer(), election, row, now) for row in waiting},
        possible=policy.possible_acts(viewer(), election, now), officiates=policy.may_officiate(viewer(), election, now),
        may_change=policy.may_change_draft(viewer(), election, now), frozen=frozen,
        keys=officers.keys(election, posts) if frozen else None, own=elections.officer_of(election_id, viewer().id),
        complaints=elections.complaints(election_id), done=done, warnings=_warnings(election),
        names=queries.names(
            [post.row.member_id for post in posts] + [row.member_id for row in standing] + [election.vacated_by_id]
            + queries.parties([*done, *waiting])
        ),
    )  # fmt: skip


def _warnings(election: Election) -> list[str]:
    if election.state not in life.BEFORE_THE_FREEZE or election.kind == "vacancy":
        return []
    voters = roll.size(election.id) or len(roll.preview(elections.rules_of(election), clock.now()).eligible)
    return desk_words.warnings(
        voters, len(elections.candidates(election.id)), len(elections.officers(election.id))
    )


@blueprint.route("/elections/<int:election_id>/desk/<verb>", methods=["GET", "POST"])
def propose(election_id: int, verb: str) -> ResponseReturnValue:
    """Propose an act: at once where it needs no words, else after they are written."""
    election = elections.election(election_id)
    if verb not in life.VERBS or verb == "answer_complaint":
        raise Missing(_l("There is no such act."))
    form = ActForm()
    subject = _subject(form, verb)
    require(policy.may_propose(viewer(), election, verb, clock.now(), subject))
    if verb == "name_officer":
        form.offer(officers.offered(election, clock.now()))
    sent = form.validate_on_submit()
    asked = warned(form, viewer(), None, fields=("note",)) if sent else None
    if sent and asked is None:
        try:
            acting.propose(viewer(), election_id, verb, form.given("note"), subject)
        except Invalid as error:
            field = {"extend": "days", "name_officer": "officer"}.get(verb, "note")
            form.take(Invalid(error.reason, field if error.field == "subject_id" else error.field))
        else:
            flash(_("Proposed. Another officer confirms it; until then nothing happens."))
            return redirect(url_for(".desk", election_id=election_id), 303)
    return _propose_page(election, verb, form, asked), 422 if form.errors or asked else 200


def _subject(form: ActForm, verb: str) -> int | None:
    """Return what the act is about: a number of days, who was chosen, or what the address or the form names."""
    deed = life.deed_of(verb)
    if deed is None or not deed.about:
        return None
    if deed.about == "days":
        days: int | None = form.days.data
        return days or 0
    if deed.verb == "name_officer":
        chosen: int | None = form.officer.data
        return chosen or 0
    text = form.given("subject") or request.args.get("subject", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0
    form.subject.data = str(number)
    return number


def _propose_page(election: Election, verb: str, form: ActForm, asked: Asked | None) -> str:
    deed = life.deed_of(verb)
    form.note.flags.required = verb in life.WITH_REASON
    posts = officers.posts(election, clock.now()) if verb in life.APPOINTING else []
    subject = form.given("subject")
    return render_template(
        "elections/propose.html", election=election, verb=verb, form=form, asked=asked, words=desk_words,
        about=deed.about if deed else "", with_reason=verb in life.WITH_REASON,
        screened=_screened(election, form) if deed and deed.about == "nomination" else None,
        leaving=next((post for post in posts if str(post.row.member_id) == subject), None),
        keys=officers.keys(election, posts) if posts and elections.is_frozen(election.id) else None,
    )  # fmt: skip


def _screened(election: Election, form: ActForm) -> dict[str, object]:
    """Return who the nomination is, and what the rules say against it."""
    subject = int(form.given("subject") or 0)
    row = candidacy.nomination(election.id, subject)
    verdict = may_stand(election, row.member_id, clock.now())
    return {
        "id": row.id, "name": queries.names([row.member_id])[row.member_id], "words": len(row.statement.split()),
        "against": "" if verdict else verdict.reason, "lacking": candidacy.lacking_seconders(election, row.id),
    }  # fmt: skip


@blueprint.post("/elections/acts/<int:act_id>/confirm")
def confirm(act_id: int) -> ResponseReturnValue:
    row = elections.act_of(act_id)
    try:
        acting.confirm(viewer(), act_id)
    except Conflict as error:  # something is missing that officers can mend: the desk says what
        flash(str(error), "error")
    else:
        flash(_("Confirmed and done: %(act)s.", act=desk_words.VERBS[row.verb]))
    return redirect(url_for(".desk", election_id=row.election_id), 303)


@blueprint.post("/elections/acts/<int:act_id>/take-back")
def take_back(act_id: int) -> ResponseReturnValue:
    row = acting.take_back(viewer(), act_id)
    flash(_("Taken back; nothing happened."))
    return redirect(url_for(".desk", election_id=row.election_id), 303)


@blueprint.get("/elections/<int:election_id>/acts")
@public
def acts(election_id: int) -> ResponseReturnValue:
    """Show everybody what two officers did, and every freeze there was."""
    election = elections.election(election_id)
    done = queries.done_acts(election_id)
    return render_template(
        "elections/acts.html", election=election, done=done, names=queries.names(queries.parties(done)),
        words=desk_words, freezes=queries.freezes(election_id),
    )  # fmt: skip
