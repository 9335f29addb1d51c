"""Reviewers say what they think of a suggestion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template
from flask_babel import gettext as _

from iocop.contributions.queries import contribution_for
from iocop.core.db import db
from iocop.core.errors import Invalid, Missing
from iocop.core.forms import show_error
from iocop.core.limits import limiter
from iocop.core.login import viewer
from iocop.core.policy import require
from iocop.repertoire import services
from iocop.repertoire.addresses import suggestion_address
from iocop.repertoire.models import Proposal
from iocop.repertoire.policy import may_look_over, may_review, works_in
from iocop.repertoire.queries.neighbourhood import deciding_domains
from iocop.repertoire.queries.reviewers import basis_of
from iocop.repertoire.queries.standing import conflict_of
from iocop.repertoire.review_forms import OF_REVIEWERS, VERDICTS, ReviewForm
from iocop.repertoire.views import repertoire
from iocop.safety.asking import warned

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from iocop.contributions.models import Contribution
    from iocop.core.login import Viewer
    from iocop.core.policy import Verdict
    from iocop.repertoire.models import Review
    from iocop.repertoire.queries.reviewers import Basis


@dataclass(frozen=True)
class Panel:
    """What stands at the foot of a suggestion that waits: the form, or why there is none.

    Attributes:
        author_sells: a product it is about that its author's organization sells.
    """

    proposal: Proposal
    verdict: Verdict
    form: ReviewForm | None
    basis: Basis | None
    author_sells: str


def review_panel(
    looking: Viewer, proposal: Proposal, thing: Contribution, form: ReviewForm | None = None
) -> Panel:
    """Return what a viewer can say about a proposal."""
    verdict, decides = _right(looking, proposal, thing)
    sold = conflict_of(thing.author_id, proposal) if thing.byline == "named" else ""
    if not verdict:
        return Panel(proposal, verdict, None, None, sold)
    form = form or _form(proposal, decides, formdata=None)
    return Panel(proposal, verdict, form, basis_of(looking, deciding_domains(proposal)), sold)


def _right(looking: Viewer, proposal: Proposal, thing: Contribution) -> tuple[Verdict, bool]:
    """Return whether a viewer may say something as a reviewer, and whether that decides."""
    decides = may_review(looking, proposal, thing)
    if decides or not works_in(looking, deciding_domains(proposal)):
        return decides, bool(decides)
    return may_look_over(looking, proposal, thing), False


def _form(proposal: Proposal, decides: bool, **given: Any) -> ReviewForm:
    """Return the form with what a viewer may say."""
    form = ReviewForm(round=proposal.round, **given)
    if not decides:
        form.verdict.choices = [row for row in VERDICTS if row.value in OF_REVIEWERS]
    return form


@repertoire.route("/repertoire/suggestions/<int:proposal_id>/review", methods=["GET", "POST"])
@limiter.limit("60 per minute")
def review(proposal_id: int) -> ResponseReturnValue:
    """Show the form by itself, or take what a reviewer says."""
    proposal, thing = _proposal(proposal_id)
    verdict, decides = _right(viewer(), proposal, thing)
    require(verdict)
    form = _form(proposal, decides)
    sent = form.validate_on_submit()
    asked = warned(form, viewer(), thing.space_id, fields=("reason",)) if sent else None
    if sent and asked is None:
        try:
            given = _given(form, proposal_id)
        except Invalid as error:
            show_error(form, error)
        else:
            flash(_told(given))
            return redirect(suggestion_address(proposal_id), 303)
    panel = review_panel(viewer(), proposal, thing, form)
    page = render_template(
        "repertoire/review.html",
        panel=panel,
        thing=thing,
        address=suggestion_address(proposal_id),
        asked=asked,
    )
    return page, 422 if form.errors or asked else 200


@repertoire.post("/repertoire/suggestions/<int:proposal_id>/publish")
def publish(proposal_id: int) -> ResponseReturnValue:
    """Carry an approved suggestion out that its last approval did not."""
    _proposal(proposal_id)
    services.publish(viewer(), proposal_id)
    flash(_("It is done."))
    return redirect(suggestion_address(proposal_id), 303)


def _proposal(proposal_id: int) -> tuple[Proposal, Contribution]:
    thing = contribution_for(viewer(), proposal_id)
    proposal = db.session.get(Proposal, proposal_id)
    if proposal is None:
        raise Missing(_("There is no such suggestion, or it is not open to you."))
    return proposal, thing


def _given(form: ReviewForm, proposal_id: int) -> Review:
    act = {
        "approve": services.approve, "changes": services.ask_for_changes, "decline": services.decline,
        "recuse": services.recuse,
    }[form.verdict.data]  # fmt: skip
    return act(viewer(), proposal_id, form.round.data or 0, form.reason.data or "")


def _told(given: Review) -> str:
    if given.verdict == "approve":
        done = db.session.get_one(Proposal, given.proposal_id).status == "published"
        return str(
            _("Approved, and done: thank you.")
            if done
            else _("Approved: thank you. It waits for somebody of another organization.")
        )
    if given.verdict == "recuse":
        return str(_("You have stepped aside: others decide."))
    return str(_("Its author is told, with your words."))
