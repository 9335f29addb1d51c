"""What the repertoire lacks: asking, wanting, taking, closing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types

from iocop.contributions.addresses import shows
from iocop.contributions.models import Contribution
from iocop.contributions.services import Given
from iocop.core.db import db
from iocop.core.errors import Invalid
from iocop.core.forms import show_error
from iocop.core.login import public, viewer
from iocop.core.pages import asked_page
from iocop.core.policy import fact, require
from iocop.domains.queries import open_domains
from iocop.members.numbers import shown
from iocop.repertoire import policy, services
from iocop.repertoire.models.glossary import REQUEST_STATUSES
from iocop.repertoire.queries import requests as queries
from iocop.repertoire.request_forms import DeclineForm, RequestForm
from iocop.repertoire.views import repertoire
from iocop.safety.asking import warned
from iocop.spaces.queries import default_space

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@repertoire.get("/repertoire/requests")
@public
def request_list() -> ResponseReturnValue:
    asked = request.args.get("status", "")
    status = asked if asked in REQUEST_STATUSES else "open"
    domain = request.args.get("domain", "")
    return render_template(
        "repertoire/requests.html", page=queries.requests(viewer(), status, asked_page(), domain=domain),
        status=status, domain=domain, domains=open_domains(), counts=queries.counts(viewer()), words=_words(),
        missed=fact("missed_texts", viewer(), default=()) if status == "open" and not domain else (),
    )  # fmt: skip


def _words() -> dict[str, str]:
    return {
        "open": _("Asked for"),
        "taken": _("Being written"),
        "answered": _("Answered"),
        "declined": _("Closed without an article"),
    }


@repertoire.get("/repertoire/requests/<int:request_id>")
@public
def wish(request_id: int) -> ResponseReturnValue:
    row = queries.request_for(viewer(), request_id)
    thing = db.session.get_one(Contribution, request_id)
    return render_template(
        "repertoire/request.html", row=row, words=_words(), number=shown,
        written=queries.being_written(viewer(), request_id), form=DeclineForm(formdata=None),
        may_decline=viewer().is_authenticated and policy.may_decline_request(viewer(), thing),
    )  # fmt: skip


@repertoire.route("/repertoire/requests/new", methods=["GET", "POST"])
def ask_for() -> ResponseReturnValue:
    """Ask for an article: from a search that found nothing, from an article that lacks something, or just so."""
    require(policy.may_propose(viewer()))
    form = RequestForm()
    form.domains.choices = [SelectChoice(domain.id, domain.name) for domain in open_domains()]
    if request.method == "GET":
        form.title.data = request.args.get("title", "")[:200]
        form.origin.data = "search" if request.args.get("from") == "search" else "member"
        form.about.data = request.args.get("about", "") if request.args.get("about", "").isdecimal() else ""
    sent = form.validate_on_submit()
    asked = warned(form, viewer(), default_space().id) if sent else None
    if sent and asked is None:
        try:
            wanted = services.ask_for(viewer(), _given(form), **_from_where(form))
        except Invalid as error:
            show_error(form, error)
        else:
            flash(_("It is asked for. You will be told when somebody has written it."))
            return redirect(f"/repertoire/requests/{wanted.id}", 303)
    return render_template(
        "repertoire/ask.html", form=form, asked=asked
    ), 422 if form.errors or asked else 200


def _given(form: RequestForm) -> Given:
    return Given(
        kind="request", title=form.title.data or "", text=form.text.data or "",
        submission_key=form.submission_key.data or "", domain_ids=tuple(form.domains.data or ()),
    )  # fmt: skip


def _from_where(form: RequestForm) -> dict[str, Any]:
    about = form.about.data or ""
    if about.isdecimal() and len(about) < 19:
        return {"origin": "article", "about_id": int(about)}
    return {"origin": "search" if form.origin.data == "search" else "member"}


@repertoire.post("/repertoire/requests/<int:request_id>/votes")
def want_request(request_id: int) -> ResponseReturnValue:
    row = queries.request_for(viewer(), request_id)
    services.want(viewer(), request_id, wanted=not row.wanted)
    flash(_("You no longer ask for this.") if row.wanted else _("You want this too."))
    return redirect(f"/repertoire/requests/{request_id}", 303)


@repertoire.post("/repertoire/requests/<int:request_id>/take")
def take_request(request_id: int) -> ResponseReturnValue:
    row = queries.request_for(viewer(), request_id)
    mine = row.taken_by_id == viewer().id
    services.take(viewer(), request_id, taken=not mine)
    if mine:
        flash(_("Somebody else may write it now."))
        return redirect(f"/repertoire/requests/{request_id}", 303)
    flash(_("It is yours to write. The article closes the request when it is published."))
    return redirect(f"/repertoire/requests/{request_id}", 303)


@repertoire.post("/repertoire/requests/<int:request_id>/close")
def close_request(request_id: int) -> ResponseReturnValue:
    row = queries.request_for(viewer(), request_id)
    form = DeclineForm()
    sent = form.validate_on_submit()
    asked = warned(form, viewer(), default_space().id, fields=("reason",)) if sent else None
    if sent and asked is None:
        services.decline_request(viewer(), request_id, form.reason.data or "")
        flash(_("The request is closed; who asked reads why."))
        return redirect(f"/repertoire/requests/{request_id}", 303)
    page = render_template(
        "repertoire/request.html", row=row, words=_words(), number=shown,
        written=queries.being_written(viewer(), request_id), form=form, may_decline=True, asked=asked,
    )  # fmt: skip
    return page, 422


@shows("request")
def _place(request_id: int, position: int) -> str:
    del position
    return f"/repertoire/requests/{request_id}"
