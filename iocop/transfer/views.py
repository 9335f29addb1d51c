"""The take-home pack: looked through first, then downloaded. Nothing is kept of who took what."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request, send_file
from flask_babel import lazy_gettext as _l

from iocop.core.errors import Invalid
from iocop.core.limits import limiter
from iocop.core.login import public, viewer
from iocop.domains.slugs import slug
from iocop.transfer import queries
from iocop.transfer.formats import page
from iocop.transfer.forms import PackForm, written
from iocop.transfer.pack import made

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from iocop.transfer.pack import Pack

transfer = Blueprint("transfer", __name__)

RATE = "20 per minute; 300 per day"
"""Making a pack takes up to two seconds."""


@transfer.get("/c/<int:root_id>/take-home")
@public
@limiter.limit(RATE)
def preview(root_id: int) -> ResponseReturnValue:
    pack = made(queries.material(viewer(), root_id), {})
    return _page(pack, PackForm(formdata=None, pictures=pack.named), {})


@transfer.post("/c/<int:root_id>/take-home")
@public
@limiter.limit(RATE)
def take(root_id: int) -> ResponseReturnValue:
    """Give the file, unless something in it still has to be looked at."""
    form = PackForm()
    choices = form.choices()
    material = queries.material(viewer(), root_id, choices.values())
    valid = form.validate()
    try:
        pack = made(material, choices)
    except Invalid as error:
        form.form_errors.append(f"{error.field}: {error.reason}")
        return _page(made(material, {}), form, choices, wrong=error)
    if not valid or request.form.get("step") == "show":
        return _page(pack, form, choices)
    if pack.unseen(set(choices)):
        form.form_errors.append(_l("It has changed meanwhile: look at the words that are new."))
        return _page(pack, form, choices)
    return _file(pack, form)


def _page(
    pack: Pack, form: PackForm, choices: dict[str, str], wrong: Invalid | None = None
) -> ResponseReturnValue:
    shown = render_template(
        "transfer/preview.html",
        pack=pack,
        form=form,
        bodies=page.bodies(pack),
        typed=choices if wrong else {},
        wrong=wrong,
    )
    return shown, 422 if form.errors or form.form_errors else 200


def _file(pack: Pack, form: PackForm) -> ResponseReturnValue:
    wanted = pack.picture_ids if form.pictures.data else []
    content, extension = written(pack, queries.pictures(viewer(), wanted), form.format.data)
    name = f"{slug(pack.title)[:60] or pack.id}.{extension}"
    answer = send_file(io.BytesIO(content), as_attachment=True, download_name=name, max_age=0)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
