"""A member's own affiliations: state, correct, end, show, take back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from iocop.core import clock
from iocop.core.db import db
from iocop.core.errors import Conflict, Invalid, Missing
from iocop.core.login import viewer
from iocop.organizations import queries, services, wording
from iocop.organizations.forms import ONE_DAY, AffiliationForm, EndForm, StatingForm, VisibilityForm
from iocop.organizations.models import Affiliation, Organization
from iocop.organizations.views import organizations
from iocop.organizations.views.records import known

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from flask_wtf import FlaskForm


@organizations.get("/settings/affiliations")
def mine() -> ResponseReturnValue:
    rows = queries.affiliations_of([viewer().id], viewer())
    return render_template(
        "organizations/affiliations.html", rows=rows, wording=wording, today=clock.now().date()
    )


@organizations.route("/settings/affiliations/new", methods=["GET", "POST"])
def state() -> ResponseReturnValue:
    """Choose the organization first, then say since when; both steps are plain pages."""
    slug = request.args.get("organization", "")
    if not slug:
        return _choose()
    organization, form = known(slug), StatingForm()
    if form.validate_on_submit() and _stated(organization, form):
        flash(_("Your affiliation is stated."))
        return redirect(url_for(".mine"), 303)
    return (
        render_template("organizations/state.html", form=form, organization=organization),
        422 if form.errors else 200,
    )


def _choose() -> ResponseReturnValue:
    words = request.args.get("q", "").strip()
    found = queries.directory(words).rows if words else ()
    alike = [each.organization for each in queries.alike(words)] if words and not found else ()
    return render_template("organizations/choose.html", words=words, found=found or alike, wording=wording)


def _stated(organization: Organization, form: StatingForm) -> bool:
    try:
        services.record_affiliation(
            viewer(), viewer().id, organization.id, form.title.data, form.valid_from.data, form.valid_to,
            form.visibility.data, is_main=form.is_main.data,
        )  # fmt: skip
    except (Conflict, Invalid) as error:
        _say(form, error)
        return False
    return True


def _say(form: AffiliationForm, error: Conflict | Invalid) -> None:
    """Put a service's answer beside the field it is about."""
    about = form.last_day if getattr(error, "field", None) == "valid_to" else form.valid_from
    about.errors = [str(error)]


def own_row(affiliation_id: int) -> tuple[Affiliation, Organization]:
    """Return one of the viewer's affiliations as known now, with its organization.

    Raises:
        Missing: somebody else's, or corrected meanwhile.
    """
    row = db.session.get(Affiliation, affiliation_id)
    if row is None or row.member_id != viewer().id or row.superseded_at is not None:
        raise Missing(
            _l("There is no such affiliation of yours; it may have been corrected in another window.")
        )
    return row, db.session.get_one(Organization, row.organization_id)


def _page(
    row: Affiliation, organization: Organization, status: int = 200, **forms: FlaskForm
) -> ResponseReturnValue:
    last_day = row.valid_to - ONE_DAY if row.valid_to else None
    given = {
        "form": AffiliationForm(formdata=None, obj=row, last_day=last_day),
        "end_form": EndForm(formdata=None, last_day=clock.now().date()),
        "visibility_form": VisibilityForm(formdata=None, obj=row),
    } | forms
    return render_template(
        "organizations/affiliation.html", row=row, organization=organization, wording=wording,
        proved=row.is_verified(clock.now()), current=row.valid_to is None or row.valid_to > clock.now().date(),
        can_prove=queries.proved_domains(organization.id, clock.now()), **given,
    ), status  # fmt: skip


@organizations.get("/settings/affiliations/<int:affiliation_id>")
def one(affiliation_id: int) -> ResponseReturnValue:
    return _page(*own_row(affiliation_id))


@organizations.post("/settings/affiliations/<int:affiliation_id>")
def correct(affiliation_id: int) -> ResponseReturnValue:
    (row, organization), form = own_row(affiliation_id), AffiliationForm()
    if not form.validate():
        return _page(row, organization, 422, form=form)
    try:
        services.correct_affiliation(viewer(), row.id, form.title.data, form.valid_from.data, form.valid_to)
    except (Conflict, Invalid) as error:
        _say(form, error)
        return _page(*own_row(affiliation_id), 422, form=form)
    flash(_("Corrected. What you wrote before keeps what it said then."))
    return redirect(url_for(".mine"), 303)


@organizations.post("/settings/affiliations/<int:affiliation_id>/end")
def end(affiliation_id: int) -> ResponseReturnValue:
    (row, organization), form = own_row(affiliation_id), EndForm()
    if not form.validate():
        return _page(row, organization, 422, end_form=form)
    try:
        services.end_affiliation(viewer(), row.id, form.last_day.data + ONE_DAY)
    except (Conflict, Invalid) as error:
        form.last_day.errors = [str(error)]
        return _page(*own_row(affiliation_id), 422, end_form=form)
    flash(_("Noted. Your account, posts and points stay as they are."))
    return redirect(url_for(".mine"), 303)


@organizations.post("/settings/affiliations/<int:affiliation_id>/visibility")
def show_to(affiliation_id: int) -> ResponseReturnValue:
    (row, organization), form = own_row(affiliation_id), VisibilityForm()
    if not form.validate():
        return _page(row, organization, 422, visibility_form=form)
    services.show_affiliation(viewer(), row.id, form.visibility.data)
    flash(_("Changed who may read it."))
    return redirect(url_for(".mine"), 303)


@organizations.post("/settings/affiliations/<int:affiliation_id>/main")
def choose_main(affiliation_id: int) -> ResponseReturnValue:
    services.choose_main(viewer(), affiliation_id)
    return redirect(url_for(".mine"), 303)


@organizations.post("/settings/affiliations/<int:affiliation_id>/withdraw")
def withdraw(affiliation_id: int) -> ResponseReturnValue:
    services.withdraw_affiliation(viewer(), affiliation_id)
    flash(_("Taken back."))
    return redirect(url_for(".mine"), 303)
