"""Complaints: made by members, answered by two officers, read by members."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from iocop.core import clock
from iocop.core.errors import Invalid
from iocop.core.login import viewer
from iocop.core.policy import require
from iocop.elections import desk_words, policy
from iocop.elections.desk_forms import AnswerForm, ComplaintForm
from iocop.elections.queries import complaints as queries
from iocop.elections.queries import elections
from iocop.elections.services import complaining
from iocop.elections.views import elections as blueprint
from iocop.safety.asking import warned

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.route("/elections/<int:election_id>/complaints", methods=["GET", "POST"])
def complain(election_id: int) -> ResponseReturnValue:
    """List the answered complaints and one's own, above the form that makes one."""
    election = elections.election(election_id)
    actor, now = viewer(), clock.now()
    form = ComplaintForm()
    sent = form.validate_on_submit()
    asked = warned(form, actor, None, fields=("text",)) if sent else None
    refused = queries.refused_nomination(election_id, actor.id)
    if sent and asked is None:
        made = complaining.complain_of_refusal if refused else complaining.complain
        made(actor, election_id, form.given("text"))
        flash(_("Two officers will answer you. You find the answer here."))
        return redirect(url_for(".complain", election_id=election_id), 303)
    rows = elections.complaints(election_id)
    page = render_template(
        "elections/complaints.html", election=election, form=form, asked=asked, words=desk_words, refused=refused,
        shown=[row for row in rows if row.answered_at or row.member_id == actor.id],
        may_complain=policy.may_complain(actor, election, now),
        may_say=policy.may_say_did_not_vote(actor, election, now),
    )  # fmt: skip
    return page, 422 if form.errors or asked else 200


@blueprint.post("/elections/<int:election_id>/did-not-vote")
def say_did_not_vote(election_id: int) -> ResponseReturnValue:
    complaining.say_did_not_vote(viewer(), election_id)
    flash(_("The officers are told, and will answer you here."))
    return redirect(url_for(".complain", election_id=election_id), 303)


@blueprint.route("/elections/complaints/<int:complaint_id>/answer", methods=["GET", "POST"])
def answer_complaint(complaint_id: int) -> ResponseReturnValue:
    """Write an answer; another officer confirms it at the desk."""
    row = queries.complaint(complaint_id)
    election = elections.election(row.election_id)
    require(policy.may_answer_complaint(viewer(), election, row, clock.now()))
    form = AnswerForm()
    sent = form.validate_on_submit()
    asked = warned(form, viewer(), None, fields=("note",)) if sent else None
    if sent and asked is None:
        upheld = form.upheld.data == "yes"
        try:
            complaining.propose_answer(viewer(), complaint_id, form.given("note"), upheld=upheld)
        except Invalid as error:
            form.take(error)
        else:
            flash(_("Written. Another officer confirms it; until then nobody reads it."))
            return redirect(url_for(".desk", election_id=election.id), 303)
    page = render_template(
        "elections/answer.html", election=election, row=row, form=form, asked=asked, words=desk_words
    )
    return page, 422 if form.errors or asked else 200
