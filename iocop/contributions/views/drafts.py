"""Drafts: kept by the editor, listed with a way back to each, discarded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from iocop.contributions import queries
from iocop.contributions.resuming import resume_address
from iocop.contributions.services import discard_draft, save_draft
from iocop.contributions.views import contributions
from iocop.core.errors import Invalid
from iocop.core.limits import limiter
from iocop.core.login import viewer
from iocop.core.text.storable import storable

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@contributions.get("/drafts")
def drafts() -> ResponseReturnValue:
    return render_template(
        "contributions/drafts.html", drafts=queries.drafts_of(viewer().id), resume_address=resume_address
    )


@contributions.post("/drafts")
@limiter.limit("60 per minute")
def save() -> ResponseReturnValue:
    """Keep what the editor sends while its member types: the form's key, title and text."""
    return keep(request.form.get("key", ""))


@contributions.route("/drafts/<path:key>", methods=["POST", "PUT"])
@limiter.limit("60 per minute")
def keep(key: str) -> ResponseReturnValue:
    """Keep a draft under the key in the address; the fields come as a form or as JSON."""
    given = request.get_json() if request.is_json else request.form
    if not isinstance(given, Mapping):
        raise Invalid(_l("A draft has a title and a text."))
    fields = {name: storable(str(given.get(name) or "")) for name in ("title", "text")}
    save_draft(viewer(), key, fields)
    return "", 204


@contributions.post("/drafts/discard")
def discard() -> ResponseReturnValue:
    discard_draft(viewer(), request.form.get("key", ""))
    flash(_("The draft is discarded."))
    return redirect(url_for(".drafts"), 303)
