"""Helpful, works here, outdated: pressed, said and read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l

from iocop.contributions import policy, queries
from iocop.contributions.addresses import address
from iocop.contributions.forms import ConfirmForm, DoubtForm, OutdatedForm, WorksHereForm
from iocop.contributions.marks import ACTS, MARKS, WORKS_HERE
from iocop.contributions.services import mark, withdraw_mark
from iocop.contributions.views import contributions
from iocop.core.errors import Invalid, Missing
from iocop.core.limits import limiter
from iocop.core.login import public, viewer
from iocop.core.policy import require
from iocop.members.numbers import shown
from iocop.safety.asking import warned

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from flask_wtf import FlaskForm

    from iocop.contributions.marks import MarkKind
    from iocop.contributions.models import Contribution

FORMS: dict[str, type[FlaskForm]] = {
    "works_here": WorksHereForm,
    "outdated": OutdatedForm,
    "doubt": DoubtForm,
}


@contributions.get("/c/<int:contribution_id>/marks")
@public
def marks(contribution_id: int) -> ResponseReturnValue:
    """Show who says that it works where they are, or is outdated.

    Who found it helpful stays secret; why it is doubted, its author alone reads.
    """
    thing = queries.contribution_for(viewer(), contribution_id)
    return render_template(
        "contributions/marks.html",
        thing=thing,
        permalink=address(thing.id),
        marks=queries.signed_marks(thing.id),
        doubts=queries.doubts(thing.id) if policy.may_read_doubts(viewer(), thing) else [],
        kinds=MARKS,
        number=shown,
    )


@contributions.post("/c/<int:contribution_id>/marks")
@limiter.limit("60 per minute")
def press(contribution_id: int) -> ResponseReturnValue:
    """Mark with one press, or take the mark back; a signed one first asks for what it rests on."""
    thing = queries.contribution_for(viewer(), contribution_id)
    kind = _kind(request.form.get("kind", ""))
    if kind.key in queries.own_marks(viewer().id, [thing.id]).get(thing.id, ()):
        withdraw_mark(viewer(), thing.id, kind.key)
        flash(str(kind.withdrawn))
    elif kind.needs:
        return redirect(url_for(".say", contribution_id=thing.id, kind=kind.key), 303)
    else:
        mark(viewer(), thing.id, kind.key)
        flash(str(kind.done))
    return redirect(address(thing.id), 303)


@contributions.route("/c/<int:contribution_id>/marks/<kind>", methods=["GET", "POST"])
@limiter.limit("60 per minute")
def say(contribution_id: int, kind: str) -> ResponseReturnValue:
    """Ask what a signed mark rests on, and record it."""
    chosen, thing = _kind(kind), queries.contribution_for(viewer(), contribution_id)
    if not chosen.needs:
        raise Missing(_l("There is no such page."))
    require(policy.may_mark(viewer(), thing, chosen))
    form = _form(chosen, thing)
    sent = form.validate_on_submit()
    asked = warned(form, viewer(), thing.space_id, fields=chosen.needs) if sent else None
    if sent and asked is None:
        try:
            mark(viewer(), thing.id, kind, _said(form, chosen))
        except Invalid as error:
            form[error.field or chosen.needs[-1]].errors = [error.reason]
        else:
            flash(str(chosen.done))
            return redirect(address(thing.id), 303)
    page = render_template(
        "contributions/mark.html",
        form=form,
        kind=chosen,
        thing=thing,
        permalink=address(thing.id),
        asked=asked,
        standing=kind in queries.own_marks(viewer().id, [thing.id]).get(thing.id, ()),
    )
    return page, 422 if form.errors or asked else 200


def _form(kind: MarkKind, thing: Contribution) -> FlaskForm:
    """Return the form a mark of a kind asks for; on an article with the organization's size and sector filled in."""
    if kind is not WORKS_HERE or not policy.governed(thing):
        return FORMS[kind.key]()
    size, sector = queries.workplace(viewer().id)
    return ConfirmForm(data={"size": size, "sector": sector, "shown": "named"})


def _said(form: FlaskForm, kind: MarkKind) -> dict[str, str]:
    return {part: form[part].data or "" for part in (*kind.needs, *kind.further) if part in form}


def _kind(key: str) -> MarkKind:
    if key not in ACTS:
        raise Missing(_l("There is no such mark."))
    return ACTS[key]
