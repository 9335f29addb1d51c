"""Offices, decisions, and people who wait to be let in."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types

from iocop.admin.forms import ROLE_WORDS, DecisionForm, EndForm, GrantForm, SuspendOfficeForm
from iocop.admin.views import admin
from iocop.core import clock
from iocop.core.errors import Conflict, Invalid, Refused
from iocop.core.login import viewer
from iocop.core.pages import asked_page
from iocop.domains.queries import all_domains
from iocop.members import services as members
from iocop.members.numbers import parse, shown
from iocop.members.queries import member_by_number, waiting_applications, waiting_claims
from iocop.organizations.queries.cards import cards
from iocop.roles import services
from iocop.roles.queries import decisions, grants
from iocop.safety.asking import warned

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@admin.route("/roles", methods=["GET", "POST"])
def roles() -> ResponseReturnValue:
    form = GrantForm()
    form.decision.choices = _decision_choices()
    form.domain.choices = [
        SelectChoice("", "–"),
        *(SelectChoice(str(row.id), row.name) for row in all_domains()),
    ]
    if form.validate_on_submit():
        try:
            _grant(form)
        except (Conflict, Invalid, Refused) as error:
            named = getattr(error, "field", None)
            form[named if named in form else "member"].errors = [str(error)]
        else:
            flash(_("The office is granted."))
            return redirect(url_for("admin.roles"), 303)
    ended = request.args.get("view") == "ended"
    page = grants(ended=ended, number=asked_page())
    answer = render_template(
        "admin/roles.html", form=form, page=page, ended=ended, words=ROLE_WORDS, shown=shown,
        domains={row.id: row.name for row in all_domains()},
    )  # fmt: skip
    return answer, 422 if form.errors else 200


def _grant(form: GrantForm) -> None:
    member = member_by_number(parse(form.member.data or ""))
    if member is None:
        raise Invalid(_("There is no member of this number."), "member")
    steward = form.role.data == "domain_steward"
    if steward and not form.domain.data:
        raise Invalid(_("Choose the domain of which they are the steward."), "domain")
    end = form.valid_to.data
    services.grant_role(
        viewer(), member.id, form.role.data, form.decision.data, scope_kind="domain" if steward else "site",
        scope_id=int(form.domain.data) if steward and form.domain.data else None,
        valid_to=datetime.combine(end, time(), UTC) if end else None, appealed=form.appealed.data,
    )  # fmt: skip


@admin.route("/roles/<int:grant_id>/end", methods=["GET", "POST"])
def end_role(grant_id: int) -> ResponseReturnValue:
    """End an office by a decision."""
    form = EndForm()
    form.decision.choices = _decision_choices()
    if form.validate_on_submit():
        try:
            services.end_role(viewer(), grant_id, form.decision.data)
        except Refused as error:
            form.decision.errors = [str(error)]
        else:
            flash(_("The office has ended."))
            return redirect(url_for("admin.roles"), 303)
    return _end_page(grant_id, form, SuspendOfficeForm(formdata=None)), 422 if form.errors else 200


@admin.post("/roles/<int:grant_id>/suspend")
def suspend_office(grant_id: int) -> ResponseReturnValue:
    """Suspend an office for seven days, in an emergency."""
    form = SuspendOfficeForm()
    if form.validate():
        try:
            services.suspend_office(viewer(), grant_id, form.reason.data or "")
        except (Invalid, Refused) as error:
            form.reason.errors = [str(error)]
        else:
            flash(_("The office is suspended for seven days; its holder is told."))
            return redirect(url_for("admin.roles"), 303)
    return _end_page(grant_id, EndForm(formdata=None), form), 422


def _end_page(grant_id: int, form: EndForm, suspending: SuspendOfficeForm) -> str:
    form.decision.choices = _decision_choices()
    return render_template("admin/end.html", form=form, suspending=suspending, grant_id=grant_id)


def _decision_choices() -> list[SelectChoice]:
    return [SelectChoice(row.id, f"{row.id} · {row.body} · {row.decided_on}") for row in decisions(1).rows]


@admin.route("/decisions/new", methods=["GET", "POST"])
def decide() -> ResponseReturnValue:
    form = DecisionForm()
    sent = form.validate_on_submit()
    asked = warned(form, viewer(), None) if sent else None
    if sent and asked is None:
        try:
            services.record_decision(
                viewer(),
                form.body.data or "",
                form.decided_on.data or clock.now().date(),
                form.text.data or "",
                form.link.data or "",
            )
        except Invalid as error:
            form[error.field if error.field in form else "text"].errors = [str(error)]
        else:
            flash(_("The decision is recorded; it is never changed afterwards."))
            return redirect(url_for("admin.roles"), 303)
    page = render_template("admin/decision.html", form=form, asked=asked)
    return page, 422 if form.errors or asked else 200


@admin.get("/people")
def people() -> ResponseReturnValue:
    """Who waits: applications to join, and members who say they are an imported author."""
    claims = waiting_claims()
    ids = {claim.member_id for claim in claims} | {claim.imported_id for claim in claims}
    return render_template(
        "admin/people.html", applications=waiting_applications(), claims=claims, names=cards(ids), shown=shown
    )


@admin.post("/people/applications/<int:application_id>")
def decide_application(application_id: int) -> ResponseReturnValue:
    approve = request.form.get("how") == "approve"
    members.decide_application(viewer(), application_id, approve=approve)
    flash(_("They are a member and were told.") if approve else _("The application is declined."))
    return redirect(url_for("admin.people"), 303)


@admin.post("/people/claims/<int:claim_id>")
def decide_claim(claim_id: int) -> ResponseReturnValue:
    approve = request.form.get("how") == "approve"
    members.decide_claim(viewer(), claim_id, approve=approve)
    flash(_("What the imported author wrote is now theirs.") if approve else _("The claim is declined."))
    return redirect(url_for("admin.people"), 303)
