"""Writing a domain's charter, for its steward and administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from iocop.core.errors import Invalid
from iocop.core.login import viewer
from iocop.core.policy import require
from iocop.domains import services
from iocop.domains.policy import may_write_charter
from iocop.domains.queries import domain_by_slug
from iocop.forums.forms import CharterForm
from iocop.forums.views import forums
from iocop.safety.asking import warned

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@forums.route("/domains/<slug>/charter", methods=["GET", "POST"])
def write_charter(slug: str) -> ResponseReturnValue:
    found = domain_by_slug(slug)
    require(may_write_charter(viewer(), found.id))
    form = CharterForm(obj=found)
    if request.method == "GET":
        form.questions.data = "\n".join(found.learning_questions)
    sent, before = form.validate_on_submit(), "\n".join([found.charter, *found.learning_questions])
    asked = warned(form, viewer(), None, fields=("charter", "questions"), before=before) if sent else None
    if sent and asked is None:
        try:
            services.write_charter(
                viewer(), found.id, form.charter.data or "", (form.questions.data or "").splitlines()
            )
        except Invalid as error:
            form.charter.errors = [str(error)]
        else:
            flash(_("The charter is written."))
            return redirect(url_for(".charter", slug=slug), 303)
    page = render_template("forums/write_charter.html", form=form, domain=found, asked=asked)
    return page, 422 if form.errors or asked else 200
