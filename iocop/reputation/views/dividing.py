"""A domain is divided in two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, url_for
from flask_babel import ngettext
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types

from iocop.core.errors import Invalid
from iocop.core.forms import show_error
from iocop.core.login import viewer
from iocop.core.policy import require
from iocop.domains.policy import may_change_domains
from iocop.domains.queries import domain_by_slug, open_domains
from iocop.reputation.deciding_forms import DivideForm, offered_decisions
from iocop.reputation.queries.dividing import tags_in
from iocop.reputation.services.dividing import divide_domain
from iocop.reputation.views import reputation

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@reputation.route("/admin/domains/<slug>/divide", methods=["GET", "POST"])
def divide(slug: str) -> ResponseReturnValue:
    require(may_change_domains(viewer()))
    domain = domain_by_slug(slug)
    domain_id, form = domain.id, DivideForm()
    form.into.choices = [SelectChoice(row.id, row.name) for row in open_domains() if row.id != domain_id]
    form.tags.choices = [SelectChoice(row.id, f"{row.slug} ({row.used})") for row in tags_in(domain_id)]
    form.decision.choices = offered_decisions()
    if form.validate_on_submit():
        try:
            moved = divide_domain(
                viewer(), domain_id, form.into.data, form.tags.data or [], form.decision.data
            )
        except Invalid as error:
            show_error(form, error)
        else:
            flash(
                ngettext(
                    "%(num)s topic or article moved, with all that was earned by it.",
                    "%(num)s topics and articles moved, with all that was earned by them.",
                    moved,
                )
            )
            return redirect(url_for("admin.domain", slug=slug), 303)
    page = render_template("reputation/divide.html", form=form, domain=domain)
    return page, 422 if form.errors else 200
