"""Domains, their charters and sub-topics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from iocop.admin.forms import DomainForm
from iocop.admin.views import admin
from iocop.core.errors import Conflict, Invalid
from iocop.core.login import viewer
from iocop.domains import services
from iocop.domains.queries import all_domains, domain_by_slug, sub_topics
from iocop.safety.asking import warned

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from iocop.domains.models import Domain

READ = ("name", "summary", "charter", "questions", "sub_topic")
"""What the public reads on a domain's page."""


@admin.route("/domains", methods=["GET", "POST"])
def domains() -> ResponseReturnValue:
    form = DomainForm()
    if form.validate_on_submit():
        try:
            domain = services.found_domain(viewer(), form.name.data or "", form.summary.data or "")
        except (Conflict, Invalid) as error:
            form.name.errors = [str(error)]
        else:
            flash(_("The domain is open."))
            return redirect(url_for("admin.domain", slug=domain.slug), 303)
    return render_template(
        "admin/domains.html", form=form, domains=all_domains()
    ), 422 if form.errors else 200


@admin.route("/domains/<slug>", methods=["GET", "POST"])
def domain(slug: str) -> ResponseReturnValue:
    found = domain_by_slug(slug)
    form = DomainForm(obj=found)
    if request.method == "GET":
        form.questions.data, form.retired.data = (
            "\n".join(found.learning_questions),
            found.retired_at is not None,
        )
    sent, before = (
        form.validate_on_submit(),
        "\n".join([found.name, found.summary, found.charter, *found.learning_questions]),
    )
    asked = warned(form, viewer(), None, fields=READ, before=before) if sent else None
    if sent and asked is None:
        try:
            _save(found, form)
        except (Conflict, Invalid) as error:
            form[getattr(error, "field", None) or "name"].errors = [str(error)]
        else:
            flash(_("The domain is changed."))
            return redirect(url_for("admin.domain", slug=slug), 303)
    page = render_template(
        "admin/domain.html", form=form, domain=found, tags=sub_topics(found.id), asked=asked
    )
    return page, 422 if form.errors or asked else 200


def _save(found: Domain, form: DomainForm) -> None:
    """Save what changed; the charter keeps its date while nobody touches it."""
    actor, domain_id = viewer(), found.id
    charter, questions = form.charter.data or "", (form.questions.data or "").splitlines()
    rewritten = (charter, [line.strip() for line in questions if line.strip()]) != (
        found.charter, found.learning_questions,
    )  # fmt: skip
    services.change_domain(
        actor, domain_id, name=form.name.data or "", summary=form.summary.data or "",
        position=form.position.data or 0, retired=form.retired.data,
    )  # fmt: skip
    if rewritten:
        services.write_charter(actor, domain_id, charter, questions)
    if (form.sub_topic.data or "").strip():
        services.add_sub_topic(actor, domain_id, form.sub_topic.data or "")
