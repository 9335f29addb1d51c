"""What looks irregular: the queue for moderators, and the page of those whom it concerns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from iocop.core.db import db
from iocop.core.errors import Invalid
from iocop.core.forms import show_error
from iocop.core.login import viewer
from iocop.core.pages import asked_page
from iocop.core.policy import require
from iocop.organizations.queries.cards import cards
from iocop.reputation import policy
from iocop.reputation.judging_forms import AnswerForm, DecisionForm
from iocop.reputation.models import Irregularity
from iocop.reputation.queries import irregularities as queries
from iocop.reputation.services import irregularities as services
from iocop.reputation.views import reputation
from iocop.safety.asking import warned

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from iocop.safety.asking import Asked


@reputation.get("/moderation/irregularities")
def irregularities() -> ResponseReturnValue:
    require(policy.may_see_irregularities(viewer()))
    decided = request.args.get("show") == "decided"
    page = queries.queue(asked_page(), decided=decided)
    return render_template("reputation/irregularities.html", page=page, decided=decided)


@reputation.route("/moderation/irregularities/<int:irregularity_id>", methods=["GET", "POST"])
def irregularity(irregularity_id: int) -> ResponseReturnValue:
    row = _row(irregularity_id)
    require(policy.may_judge_irregularity(viewer(), row))
    form = DecisionForm()
    sent = form.validate_on_submit()
    asked = warned(form, viewer(), None, fields=("note",)) if sent else None
    if sent and asked is None:
        try:
            services.decide(viewer(), row.id, upheld=form.outcome.data == "upheld", note=form.note.data or "")
        except Invalid as error:
            show_error(form, error)
        else:
            flash(_("Decided. Its members read why."))
            return redirect(url_for(".irregularities"), 303)
    return _judging_page(row, form, asked), 422 if form.errors or asked else 200


@reputation.post("/moderation/irregularities/<int:irregularity_id>/tell")
def tell_of_irregularity(irregularity_id: int) -> ResponseReturnValue:
    services.tell(viewer(), _row(irregularity_id).id)
    flash(_("Its members can read it now, and answer."))
    return redirect(url_for(".irregularity", irregularity_id=irregularity_id), 303)


@reputation.route("/standing/irregularities/<int:irregularity_id>", methods=["GET", "POST"])
def own_irregularity(irregularity_id: int) -> ResponseReturnValue:
    row = _row(irregularity_id)
    if not policy.may_read_own_irregularity(viewer(), row):
        abort(404)  # whether there is one is nobody else's business
    (party,) = [each for each in queries.parties_of(row.id) if each.member_id == viewer().id]
    form = AnswerForm(data={"answer": party.answer})
    sent = form.validate_on_submit()
    asked = warned(form, viewer(), None, fields=("answer",)) if sent else None
    if sent and asked is None:
        try:
            services.answer(viewer(), row.id, form.answer.data or "")
        except Invalid as error:
            show_error(form, error)
        else:
            flash(_("Thank you. Whoever decides reads it first."))
            return redirect(url_for(".own_irregularity", irregularity_id=row.id), 303)
    page = render_template(
        "reputation/own_irregularity.html", row=row, form=form, asked=asked, party=party,
        inside=row.evidence.get("inside", {}).get(str(party.member_id)),
        may_answer=policy.may_answer_irregularity(viewer(), row),
        days=policy.TIME_TO_ANSWER.days,
    )  # fmt: skip
    return page, 422 if form.errors or asked else 200


def _judging_page(row: Irregularity, form: DecisionForm, asked: Asked | None) -> str:
    parties = queries.parties_of(row.id)
    return render_template(
        "reputation/irregularity.html", row=row, form=form, asked=asked, parties=parties,
        names=cards([party.member_id for party in parties]), given=_given(row),
        may_tell=policy.may_tell_of_irregularity(viewer(), row),
        may_decide=policy.may_decide_irregularity(viewer(), row),
    )  # fmt: skip


def _given(row: Irregularity) -> dict[tuple[int, int], Any]:
    """Return how many each gave each."""
    return {(giver, receiver): count for giver, receiver, count in row.evidence.get("pairs", [])}


def _row(irregularity_id: int) -> Irregularity:
    return db.session.get(Irregularity, irregularity_id) or abort(404)
