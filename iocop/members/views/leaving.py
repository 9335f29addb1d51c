"""A member's own data: to take along, to leave behind, to erase."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from iocop.core.errors import Invalid
from iocop.core.login import viewer
from iocop.members import cookie, export, services
from iocop.members.forms import EraseForm
from iocop.members.views import form_page, members
from iocop.members.views.settings import myself

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@members.get("/settings/own-data")
def own_data() -> ResponseReturnValue:
    return render_template("members/own_data.html")


@members.get("/settings/own-data/export")
def download() -> ResponseReturnValue:
    name = export.file_name(myself().number)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(export.pack(viewer().id), mimetype="application/zip", headers=headers)


@members.post("/settings/leave")
def leave() -> ResponseReturnValue:
    services.leave(viewer())
    cookie.drop()
    flash(_("You have left. Thank you for what you gave; signing in again brings everything back."))
    return redirect("/", 303)


@members.route("/settings/erase", methods=["GET", "POST"])
def erase() -> ResponseReturnValue:
    form = EraseForm()
    if form.validate_on_submit():
        try:
            services.require_password(viewer().id, form.given("password"), cookie.address())
            services.erase(viewer(), with_texts=form.given("texts") == "remove")
        except Invalid as error:
            form.take(error)
        else:
            cookie.drop()
            flash(_("Your personal data is erased. Farewell, and thank you."))
            return redirect(url_for(".sign_in"), 303)
    return form_page("erase", form)
