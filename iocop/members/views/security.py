"""Sign-in and security: password, address, authenticator, sessions."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from iocop.core.errors import Invalid
from iocop.core.login import public, viewer
from iocop.members import cookie, queries, services
from iocop.members.forms import CodeForm, ConfirmByPasswordForm, EmailForm, PasswordForm
from iocop.members.services import second_factor
from iocop.members.slots import what_is_due
from iocop.members.views import form_page, members
from iocop.members.views.settings import myself

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from iocop.members.forms import Form


@members.get("/settings/security")
def security() -> ResponseReturnValue:
    return render_template(
        "members/security.html",
        member=myself(),
        sessions=queries.live_sessions(viewer().id),
        codes_left=second_factor.codes_left(viewer().id),
        **what_is_due(),
    )


@members.route("/settings/security/password", methods=["GET", "POST"])
def password() -> ResponseReturnValue:
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            token = services.change_password(
                viewer(),
                form.given("password"),
                form.given("new_password"),
                cookie.device(),
                cookie.address(),
            )
        except Invalid as error:
            form.take(error)
        else:
            cookie.keep(token)
            flash(_("Your password is changed. Every other session has ended, and a mail tells you so."))
            return redirect(url_for(".security"), 303)
    return form_page("password", form, member=myself())


@members.route("/settings/security/email", methods=["GET", "POST"])
def email() -> ResponseReturnValue:
    form = EmailForm()
    if form.validate_on_submit():
        try:
            services.request_email_change(
                viewer(), form.given("email"), form.given("password"), cookie.address()
            )
        except Invalid as error:
            form.take(error)
        else:
            flash(
                _(
                    "A mail with a link is on its way to the new address. Until you press it, the old one stays."
                )
            )
            return redirect(url_for(".security"), 303)
    return form_page("email", form, member=myself())


@members.route("/e-mail/<token>", methods=["GET", "POST"])
@public
def confirm_email(token: str) -> ResponseReturnValue:
    if request.method == "POST":
        services.confirm_email_change(token)
        flash(_("Your new address holds from now on. Both addresses were told."))
        return redirect(url_for(".security"), 303)
    services.peek_ticket("email_change", token)
    return render_template("members/confirm_email.html")


@members.route("/settings/security/authenticator", methods=["GET", "POST"])
def authenticator() -> ResponseReturnValue:
    """Ask for the password, then show the QR code and ask for a first code."""
    if second_factor.waiting_secret(viewer().id):
        return redirect(url_for(".authenticator_code"), 302)
    form = ConfirmByPasswordForm()
    if form.validate_on_submit() and _is_me(form):
        services.enable_totp(viewer())
        return redirect(url_for(".authenticator_code"), 303)
    return form_page("authenticator", form, member=myself())


@members.route("/settings/security/authenticator/code", methods=["GET", "POST"])
def authenticator_code() -> ResponseReturnValue:
    form = CodeForm()
    second_factor.provisioning_address(viewer().id)
    if form.validate_on_submit():
        try:
            codes = services.confirm_totp(viewer(), form.given("code"))
        except Invalid as error:
            form.take(error)
        else:
            return render_template("members/recovery_codes.html", codes=codes)
    return form_page("authenticator_code", form, secret=second_factor.waiting_secret(viewer().id))


@members.get("/settings/security/authenticator/qr.svg")
def authenticator_picture() -> ResponseReturnValue:
    import segno  # one page in the whole site draws such a picture

    out = io.BytesIO()
    picture = segno.make(second_factor.provisioning_address(viewer().id), micro=False)
    picture.save(out, kind="svg", scale=5, border=4, dark="#1b2430", light="#ffffff")
    return Response(out.getvalue(), mimetype="image/svg+xml", headers={"Cache-Control": "private, no-store"})


@members.route("/settings/security/authenticator/remove", methods=["GET", "POST"])
def remove_authenticator() -> ResponseReturnValue:
    form = ConfirmByPasswordForm()
    if form.validate_on_submit() and _is_me(form):
        services.disable_totp(viewer())
        flash(_("The authenticator is removed; the password alone signs you in."))
        return redirect(url_for(".security"), 303)
    return form_page("remove_authenticator", form)


@members.route("/settings/security/recovery-codes", methods=["GET", "POST"])
def recovery_codes() -> ResponseReturnValue:
    form = ConfirmByPasswordForm()
    if form.validate_on_submit() and _is_me(form):
        return render_template("members/recovery_codes.html", codes=services.renew_recovery_codes(viewer()))
    return form_page("new_codes", form)


def _is_me(form: Form) -> bool:
    """Check the present password; a wrong one is shown at its field."""
    try:
        services.require_password(viewer().id, form.given("password"), cookie.address())
    except Invalid as error:
        form.take(error)
        return False
    return True


@members.post("/settings/security/sessions/<int:session_id>/end")
def revoke_session(session_id: int) -> ResponseReturnValue:
    services.revoke_session(viewer(), session_id)
    flash(_("That session has ended."))
    return redirect(url_for(".security"), 303)


@members.post("/settings/security/sessions/end-others")
def revoke_others() -> ResponseReturnValue:
    services.revoke_others(viewer())
    flash(_("Every other session has ended."))
    return redirect(url_for(".security"), 303)
