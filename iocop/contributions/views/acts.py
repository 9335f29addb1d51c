"""What else is done to a contribution: previewed, relabelled, moved, removed and brought back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, flash, redirect, render_template, request
from flask_babel import gettext as _

from iocop.contributions import labels, policy, queries
from iocop.contributions.addresses import address
from iocop.contributions.forms import LabelForm, RemoveForm, SpaceForm
from iocop.contributions.services import (
    change_label,
    move_space,
    others_wrote,
    set_state,
    write_out,
)
from iocop.contributions.views import contributions
from iocop.core.db import db
from iocop.core.limits import limiter
from iocop.core.login import viewer
from iocop.core.policy import require
from iocop.safety.asking import warned
from iocop.spaces.models import Space
from iocop.spaces.queries import scope_of, spaces_of

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from iocop.contributions.models import Contribution
    from iocop.safety.asking import Asked


@contributions.post("/preview")
@limiter.limit("60 per minute")
def preview() -> ResponseReturnValue:
    """Answer with the text as the post would show it: a fragment, from the same renderer."""
    text = request.form.get("text", "")
    return Response(write_out(text).html if text.strip() else "", mimetype="text/html")


@contributions.route("/c/<int:contribution_id>/label", methods=["GET", "POST"])
def label(contribution_id: int) -> ResponseReturnValue:
    """Offer the labels that are possible there, and change to one."""
    thing = queries.contribution_for(viewer(), contribution_id)
    form = LabelForm(data={"label": thing.label})
    form.label.choices = [(key, labels.MEANINGS[key]) for key in _offered(thing)]
    asked = _asked(form, thing)
    if form.is_submitted() and not form.errors and asked is None:
        change_label(viewer(), thing.id, form.label.data, form.reason.data or "")
        flash(_("How far this may be shared is changed."))
        return redirect(address(thing.id), 303)
    require(policy.may_change_label(viewer(), thing, thing.label))
    page = render_template(
        "contributions/label.html", form=form, thing=thing, permalink=address(thing.id), asked=asked
    )
    return page, 422 if form.errors or asked else 200


@contributions.route("/c/<int:contribution_id>/space", methods=["GET", "POST"])
def space(contribution_id: int) -> ResponseReturnValue:
    """Offer the spaces a topic may move to, and move it."""
    thing = queries.contribution_for(viewer(), contribution_id)
    form = SpaceForm(data={"space": thing.space_id})
    form.space.choices = [(room.id, room.name) for room in spaces_of(scope_of(viewer()))]
    asked = _asked(form, thing)
    if form.is_submitted() and not form.errors and asked is None:
        move_space(viewer(), thing.id, form.space.data, form.reason.data or "")
        flash(_("The topic is moved, with everything in it."))
        return redirect(address(thing.id), 303)
    here = db.session.get_one(Space, thing.space_id)
    require(policy.may_move(viewer(), thing, here, others_wrote(thing)))
    page = render_template(
        "contributions/space.html", form=form, thing=thing, permalink=address(thing.id), asked=asked
    )
    return page, 422 if form.errors or asked else 200


@contributions.route("/c/<int:contribution_id>/remove", methods=["GET", "POST"])
def remove(contribution_id: int) -> ResponseReturnValue:
    """Ask once, then remove an own contribution; its place stays, and for ten minutes it can be brought back."""
    thing = queries.contribution_for(viewer(), contribution_id)
    require(policy.may_set_state(viewer(), thing, "removed", others_wrote(thing)))
    form = RemoveForm()
    asked = _asked(form, thing)
    if form.is_submitted() and not form.errors and asked is None:
        set_state(viewer(), thing.id, "removed", form.reason.data or "")
        return render_template("contributions/removed.html", thing=thing, permalink=address(thing.id))
    page = render_template(
        "contributions/remove.html", form=form, thing=thing, permalink=address(thing.id), asked=asked
    )
    return page, 422 if form.errors or asked else 200


@contributions.post("/c/<int:contribution_id>/restore")
def restore(contribution_id: int) -> ResponseReturnValue:
    """Bring an own contribution back within ten minutes."""
    set_state(viewer(), contribution_id, "visible")
    flash(_("It is back where it was."))
    return redirect(address(contribution_id), 303)


def _asked(form: Any, thing: Contribution) -> Asked | None:
    """Return what to ask back about a reason, which others read, before a valid form is acted on."""
    return warned(form, viewer(), thing.space_id, fields=("reason",)) if form.validate_on_submit() else None


def _offered(thing: Contribution) -> tuple[str, ...]:
    audience = db.session.get_one(Space, thing.space_id).audience
    root = db.session.get_one(type(thing), thing.root_id or thing.id)
    possible = labels.offered(audience, None if root is thing else root.label)
    return tuple(key for key in possible if policy.may_change_label(viewer(), thing, key))
