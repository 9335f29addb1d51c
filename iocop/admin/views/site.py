"""The desk itself, and the site's name, look and way of joining."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from iocop.admin import services
from iocop.admin.forms import SiteForm
from iocop.admin.views import admin
from iocop.core.errors import Invalid
from iocop.core.health import findings
from iocop.core.login import viewer
from iocop.core.site import site as current_site
from iocop.members.queries import employer_push, waiting_applications, waiting_claims
from iocop.search.queries import DAYS, rates

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@admin.get("")
def index() -> ResponseReturnValue:
    waiting = len(waiting_applications()) + len(waiting_claims())
    return render_template(
        "admin/index.html", findings=findings(), waiting=waiting, push=employer_push(), searching=rates(DAYS),
        days=DAYS,
    )  # fmt: skip


@admin.route("/site", methods=["GET", "POST"])
def site() -> ResponseReturnValue:
    form = SiteForm(obj=current_site())
    if form.validate_on_submit():
        try:
            services.present_site(
                viewer(), name=form.name.data or "", tagline=form.tagline.data or "", accent=form.accent.data or "",
                registration=form.registration.data,
            )  # fmt: skip
        except Invalid as error:
            form[error.field or "name"].errors = [str(error)]
        else:
            flash(_("The site is changed."))
            return redirect(url_for("admin.site"), 303)
    return render_template("admin/site.html", form=form), 422 if form.errors else 200
