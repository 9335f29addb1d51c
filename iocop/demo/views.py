"""Signing in as one of the demo's people, and reading the mail a site without a mail server wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from iocop.core.errors import Invalid, Missing
from iocop.core.login import public
from iocop.core.pages import asked_page
from iocop.core.policy import require
from iocop.demo import policy, queries
from iocop.members import cookie
from iocop.members.services import open_session

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from iocop.core.settings import Settings

demo = Blueprint("demo", __name__)


def _settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found


def _require_demo() -> None:
    if not _settings().demo:
        raise Missing(_l("There is no page at this address, or it is not open to you."))
    require(policy.may_play(request))


@demo.get("/demo")
@public
def sign_in() -> ResponseReturnValue:
    _require_demo()
    return render_template("demo/sign_in.html", roles=queries.roles())


@demo.post("/demo")
@public
def play() -> ResponseReturnValue:
    _require_demo()
    chosen = next((role for role in queries.roles() if role.handle == request.form.get("as")), None)
    if chosen is None:
        raise Invalid(_l("Choose one of the people on the demo page."))
    cookie.keep(open_session(chosen.member_id, cookie.device()))
    flash(_("You are %(name)s now.", name=chosen.name))
    front = "home.front" if "home.front" in current_app.view_functions else "demo.sign_in"
    return redirect(url_for(front), 303)


@demo.get("/dev/mail")
@public
def mail() -> ResponseReturnValue:
    require(policy.may_read_mail(_settings(), request))
    return render_template("demo/mail.html", letters=queries.letters(asked_page()))


@demo.get("/dev/mail/<int:number>")
@public
def letter(number: int) -> ResponseReturnValue:
    require(policy.may_read_mail(_settings(), request))
    return render_template("demo/letter.html", letter=queries.letter(number))
