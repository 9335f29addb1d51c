"""Joining: one page, one mail, one press."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from iocop.core.errors import Invalid
from iocop.core.login import public, viewer
from iocop.core.site import site
from iocop.members import cookie, services
from iocop.members.forms import InviteForm, JoinForm
from iocop.members.views import first_page, form_page, members

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@members.route("/join", methods=["GET", "POST"])
@public
def join() -> ResponseReturnValue:
    if viewer().is_authenticated:
        return redirect("/", 303)
    form = JoinForm()
    if form.validate_on_submit():
        try:
            services.join(
                form.given("name"),
                form.given("email"),
                form.given("password"),
                cookie.address(),
                str(get_locale() or ""),
            )
        except Invalid as error:
            form.take(error)
        else:
            return redirect(url_for(".join_sent"), 303)
    return form_page("join", form)


@members.get("/join/check-mail")
@public
def join_sent() -> ResponseReturnValue:
    return render_template("members/join_sent.html")


@members.get("/join/confirm/<token>")
@public
def confirm(token: str) -> ResponseReturnValue:
    services.peek_ticket("join", token)
    return render_template("members/confirm.html", approval=site().registration == "approval")


@members.post("/join/confirm/<token>")
@public
def confirmed(token: str) -> ResponseReturnValue:
    member = services.confirm(token)
    if member is None:
        return redirect(url_for(".waiting"), 303)
    cookie.keep(services.open_session(member.id, cookie.device()))
    flash(_("Welcome! You are a member now."))
    return redirect(first_page("home.welcome"), 303)


@members.get("/join/waiting")
@public
def waiting() -> ResponseReturnValue:
    return render_template("members/waiting.html")


@members.route("/invite", methods=["GET", "POST"])
def invite() -> ResponseReturnValue:
    form = InviteForm()
    if form.validate_on_submit():
        services.invite(viewer(), form.given("email"))
        flash(_("If this address has no account yet, an invitation is on its way."))
        return redirect(url_for(".invite"), 303)
    return form_page("invite", form)
