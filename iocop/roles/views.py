"""The public list of decisions, and the page that makes the first administrator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from iocop.core import clock
from iocop.core.cache import guest_page
from iocop.core.errors import Missing
from iocop.core.login import public, viewer
from iocop.core.pages import asked_page
from iocop.roles import policy, queries, services, wording

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

roles = Blueprint("roles", __name__)


@roles.get("/decisions")
@public
@guest_page("decisions")
def decisions() -> ResponseReturnValue:
    return render_template("roles/decisions.html", page=queries.decisions(asked_page()))


@roles.get("/decisions/<int:decision_id>")
@public
@guest_page("decisions")
def decision(decision_id: int) -> ResponseReturnValue:
    found = queries.decision(decision_id)
    if found is None:
        raise Missing(_l("There is no such decision."))
    return render_template(
        "roles/decision.html", decision=found, grants=queries.grants_by(decision_id), wording=wording,
        founding=decision_id == queries.founding_id(), founding_powers=policy.founding_powers(clock.now()),
    )  # fmt: skip


@roles.get("/first-administrator/<token>")
@public
def first_administrator(token: str) -> ResponseReturnValue:
    services.look_at_link(token)
    verdict = policy.may_become_first_administrator(viewer(), clock.now())
    return render_template("roles/first_administrator.html", token=token, verdict=verdict, here=request.path)


@roles.post("/first-administrator/<token>")
def become_first_administrator(token: str) -> ResponseReturnValue:
    grant = services.become_first_administrator(viewer(), token)
    flash(_("You are the site's administrator, by its founding decision."))
    return redirect(url_for(".decision", decision_id=grant.decision_id), 303)
