"""The inbox, the page of choices, and the way out of mail that needs no sign-in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from iocop.contributions.models import Contribution
from iocop.contributions.policy import may_read
from iocop.core.db import db
from iocop.core.login import public, viewer
from iocop.core.pages import asked_page
from iocop.core.web import csrf
from iocop.notifications import queries, services, tokens, words
from iocop.notifications.forms import filled
from iocop.notifications.models import KINDS
from iocop.notifications.places import place

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

notifications = Blueprint("notifications", __name__)


@notifications.get("/inbox")
def inbox() -> ResponseReturnValue:
    kind, unread = request.args.get("kind", ""), request.args.get("show") == "unread"
    page = queries.inbox(viewer(), asked_page(), kind, unread=unread)
    return render_template("notifications/inbox.html", page=page, kind=kind, unread=unread, words=words)


@notifications.post("/inbox/<int:notice_id>/open")
def open_notice(notice_id: int) -> ResponseReturnValue:
    notice = services.open_notice(viewer(), notice_id)
    own = place(notice.event_key)
    if own is not None:
        return redirect(url_for(own[0], **own[1]), 303)
    thing = db.session.get(Contribution, notice.contribution_id or 0)
    if thing is None or not may_read(viewer(), thing):
        return redirect(url_for(".inbox"), 303)
    return redirect(url_for("forums.post", post_id=thing.id), 303)


@notifications.post("/inbox/read")
def read_all() -> ResponseReturnValue:
    services.read_all(viewer())
    flash(_("Everything is marked as read."))
    return redirect(url_for(".inbox"), 303)


@notifications.route("/settings/notices", methods=["GET", "POST"])
def settings() -> ResponseReturnValue:
    form = filled(queries.choices([viewer().id]), viewer().id)
    if form.validate_on_submit():
        services.choose(viewer(), form.chosen())
        flash(_("Saved: from now on you are told so."))
        return redirect(url_for(".settings"), 303)
    return render_template("notifications/settings.html", form=form, kinds=KINDS, words=words.KINDS)


@notifications.route("/unsubscribe/<token>", methods=["GET", "POST"])
@public
@csrf.exempt  # type: ignore[untyped-decorator]
def unsubscribe(token: str) -> ResponseReturnValue:
    """One click of a mail program (RFC 8058) posts here without a cookie; a person sees a button first."""
    member_id, kind = tokens.read(token)
    if request.method == "POST":
        services.unsubscribe(member_id, kind)
    done = request.method == "POST"
    return render_template("notifications/unsubscribe.html", done=done, token=token, kind=words.KINDS[kind])
