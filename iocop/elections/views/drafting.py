"""A new election from a template, and its draft until nominations open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from iocop.core import clock
from iocop.core.errors import Invalid, Missing
from iocop.core.login import viewer
from iocop.core.policy import require
from iocop.elections import policy, ruling_words
from iocop.elections.desk_forms import DraftForm, filled, unasked
from iocop.elections.models.elections import KINDS
from iocop.elections.queries import drafts, elections
from iocop.elections.queries.rules import rules_on
from iocop.elections.services import creating
from iocop.elections.views import elections as blueprint
from iocop.safety.asking import warned

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from iocop.elections.models import Election
    from iocop.safety.asking import Asked


@blueprint.route("/elections/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Begin an election from the template of its kind."""
    now = clock.now()
    require(policy.may_create_election(viewer(), now))
    kind = request.args.get("kind", "board")
    if kind not in KINDS:
        raise Missing(_l("There is no such kind of election."))
    form = _form(kind, drafts.usual(kind, now))
    asked = _asked(form)
    if form.is_submitted() and not form.errors and asked is None:
        try:
            election = creating.create_election(viewer(), form.draft(kind))
        except Invalid as error:
            form.take(error)
        else:
            flash(_("The draft stands. Its officers find it at the desk."))
            return redirect(url_for(".desk", election_id=election.id), 303)
    return _page(form, kind, asked), 422 if form.errors or asked else 200


@blueprint.route("/elections/<int:election_id>/desk/draft", methods=["GET", "POST"])
def change_draft(election_id: int) -> ResponseReturnValue:
    """Change what an election is to be, until nominations open."""
    election = elections.election(election_id)
    require(policy.may_change_draft(viewer(), election, clock.now()))
    form = _form(election.kind, filled(election, [row.member_id for row in elections.officers(election_id)]))
    asked = _asked(form)
    if form.is_submitted() and not form.errors and asked is None:
        try:
            creating.change_draft(viewer(), election_id, form.draft(election.kind))
        except Invalid as error:
            form.take(error)
        else:
            flash(_("The draft is changed. Officers give their keys anew."))
            return redirect(url_for(".desk", election_id=election_id), 303)
    return _page(form, election.kind, asked, election), 422 if form.errors or asked else 200


def _form(kind: str, data: dict[str, object]) -> DraftForm:
    form = DraftForm(data=data)
    form.offer(drafts.officers_offered(clock.now()), drafts.vacancies_offered() if kind == "vacancy" else [])
    form.leave_out(kind)
    return form


def _asked(form: DraftForm) -> Asked | None:
    sent = form.validate_on_submit()
    return warned(form, viewer(), None, fields=("about",)) if sent else None


def _page(form: DraftForm, kind: str, asked: Asked | None, election: Election | None = None) -> str:
    return render_template(
        "elections/draft.html", form=form, kind=kind, asked=asked, election=election, words=ruling_words,
        unasked=unasked(kind), rules=rules_on(kind, clock.now().date()),
    )  # fmt: skip
