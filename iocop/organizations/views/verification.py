"""Proving an affiliation: ask for a link to an address at work, open it, press once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from iocop.core import clock
from iocop.core.errors import Invalid
from iocop.core.login import viewer
from iocop.core.policy import require
from iocop.organizations import policy, queries, services
from iocop.organizations.forms import AddressForm
from iocop.organizations.views import organizations
from iocop.organizations.views.affiliations import own_row

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@organizations.route("/settings/affiliations/<int:affiliation_id>/verify", methods=["GET", "POST"])
def verify(affiliation_id: int) -> ResponseReturnValue:
    (row, organization), form = own_row(affiliation_id), AddressForm()
    require(policy.may_verify(viewer(), row, clock.now()))
    if form.validate_on_submit():
        try:
            domain = services.request_verification(viewer(), row.id, form.address.data)
        except Invalid as error:
            form.address.errors = [str(error)]
        else:
            flash(_("A link is on its way to your address at @%(domain)s. It lasts 24 hours.", domain=domain))
            return redirect(url_for(".mine"), 303)
    domains = queries.proved_domains(organization.id, clock.now())
    return (
        render_template(
            "organizations/verify.html", form=form, row=row, organization=organization, domains=domains
        ),
        422 if form.errors else 200,
    )


@organizations.get("/affiliation/<token>")
def confirm(token: str) -> ResponseReturnValue:
    organization, domain = services.opened_link(viewer(), token)
    return render_template(
        "organizations/confirm.html", organization=organization, domain=domain, token=token
    )


@organizations.post("/affiliation/<token>")
def confirmed(token: str) -> ResponseReturnValue:
    row = services.verify_affiliation(viewer(), token)
    flash(_("Proved: your affiliation now shows @%(domain)s.", domain=row.verified_domain))
    return redirect(url_for(".mine"), 303)
