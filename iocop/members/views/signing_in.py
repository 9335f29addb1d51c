"""Signing in and out, and a new password by mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from iocop.core.errors import Gone, Invalid
from iocop.core.login import public, viewer
from iocop.core.web import same_site
from iocop.members import cookie, services
from iocop.members.forms import AskResetForm, CodeForm, ResetForm, SignInForm
from iocop.members.services.signing_in import CodeNeeded, Opened
from iocop.members.services.tickets import ENDED
from iocop.members.views import form_page, members

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from iocop.members.services.signing_in import Outcome


def _after() -> str:
    return same_site(request.args.get("next"), "/")


@members.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    if viewer().is_authenticated:
        return redirect(_after(), 303)
    form = SignInForm()
    if form.validate_on_submit():
        try:
            outcome = services.sign_in(
                form.given("email"), form.given("password"), cookie.device(), cookie.address()
            )
        except Invalid as error:
            form.take(error)
        else:
            return _go_on(outcome)
    return form_page("sign_in", form)


def _go_on(outcome: Outcome) -> ResponseReturnValue:
    if isinstance(outcome, Opened):
        cookie.keep(outcome.token)
        return redirect(_after(), 303)
    session["door"] = outcome.ticket
    endpoint = ".code" if isinstance(outcome, CodeNeeded) else ".come_back"
    return redirect(url_for(endpoint, next=request.args.get("next")), 303)


def _door() -> str:
    ticket: str | None = session.get("door")
    if ticket is None:
        raise Gone(ENDED)
    return ticket


@members.route("/sign-in/code", methods=["GET", "POST"])
@public
def code() -> ResponseReturnValue:
    form = CodeForm()
    ticket = _door()
    if form.validate_on_submit():
        try:
            outcome = services.sign_in_with_code(
                ticket, form.given("code"), cookie.device(), cookie.address()
            )
        except Invalid as error:
            form.take(error)
        else:
            return _go_on(outcome)
    return form_page("code", form)


@members.route("/sign-in/return", methods=["GET", "POST"])
@public
def come_back() -> ResponseReturnValue:
    ticket = _door()
    if request.method == "POST":
        cookie.keep(services.come_back(ticket, cookie.device()).token)
        flash(_("Welcome back. Everything is where you left it."))
        return redirect(_after(), 303)
    services.peek_ticket("return", ticket)
    return render_template("members/come_back.html")


@members.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    services.sign_out(viewer())
    cookie.drop()
    flash(_("You are signed out."))
    return redirect("/", 303)


@members.route("/reset", methods=["GET", "POST"])
@public
def request_reset() -> ResponseReturnValue:
    form = AskResetForm()
    if form.validate_on_submit():
        services.request_reset(form.given("email"), cookie.address())
        return redirect(url_for(".reset_sent"), 303)
    return form_page("request_reset", form)


@members.get("/reset/check-mail")
@public
def reset_sent() -> ResponseReturnValue:
    return render_template("members/reset_sent.html")


@members.route("/reset/<token>", methods=["GET", "POST"])
@public
def reset(token: str) -> ResponseReturnValue:
    services.peek_ticket("reset", token)
    form = ResetForm()
    if form.validate_on_submit():
        try:
            services.reset_password(token, form.given("new_password"))
        except Invalid as error:
            form.take(error)
        else:
            cookie.drop()
            flash(_("Your password is changed and every session has ended. Please sign in with the new one."))
            return redirect(url_for(".sign_in"), 303)
    return form_page("reset", form)
