"""The glossary: terms from A to Z, and what others call them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types

from iocop.contributions.languages import LANGUAGES
from iocop.contributions.queries import contribution_for
from iocop.core import clock
from iocop.core.db import db
from iocop.core.errors import Conflict, Invalid, Missing
from iocop.core.forms import show_error
from iocop.core.login import public, viewer
from iocop.organizations.queries import names_of as organization_names
from iocop.organizations.queries import organization_ids
from iocop.organizations.wording import TYPES
from iocop.repertoire import services
from iocop.repertoire.models import Article
from iocop.repertoire.policy import may_name_term
from iocop.repertoire.queries import glossary as queries
from iocop.repertoire.request_forms import NameForm
from iocop.repertoire.views import repertoire
from iocop.safety.asking import warned

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@repertoire.get("/glossary")
@public
def glossary() -> ResponseReturnValue:
    words, letter = request.args.get("q", "")[:100], request.args.get("letter", "")[:1]
    own = organization_ids(viewer().id, clock.now()) if viewer().is_authenticated else frozenset()
    return render_template(
        "repertoire/glossary.html", entries=queries.entries(viewer(), words, letter, own), words=words,
        letter=letter, letters=queries.letters(viewer()), own=own, sectors=TYPES, languages=dict(LANGUAGES),
    )  # fmt: skip


@repertoire.route("/glossary/<int:article_id>/names", methods=["GET", "POST"])
def term_names(article_id: int) -> ResponseReturnValue:
    """Say what a term is called elsewhere."""
    thing = contribution_for(viewer(), article_id)
    article = db.session.get(Article, article_id)
    if article is None or article.kind != "term":
        raise Missing(_l("There is no such term in the glossary."))
    form = _prepared(NameForm())
    sent = form.validate_on_submit()
    asked = warned(form, viewer(), thing.space_id, fields=("word",)) if sent else None
    if sent and asked is None:
        try:
            services.name_term(viewer(), article_id, form.word.data or "", **_said_by(form))
        except (Invalid, Conflict) as error:
            show_error(form, error if isinstance(error, Invalid) else Invalid(error.reason, "word"))
        else:
            flash(_("The glossary knows this word now; searches for either find both."))
            return redirect(request.path, 303)
    page = render_template(
        "repertoire/names.html", form=form, article=article, names=queries.names_of([article_id]).get(article_id, ()),
        sectors=TYPES, languages=dict(LANGUAGES), may_add=may_name_term(viewer(), thing, None), asked=asked,
    )  # fmt: skip
    return page, 422 if form.errors or asked else 200


def _prepared(form: NameForm) -> NameForm:
    own = organization_names(organization_ids(viewer().id, clock.now()))
    form.by.choices = [
        *(SelectChoice(f"organization:{key}", now or name) for key, (name, now) in own.items()),
        SelectChoice("sector", _("A kind of organization")),
        SelectChoice("language", _("Everybody who speaks the language")),
    ]
    form.language.choices = [SelectChoice("", _("any")), *(SelectChoice(*each) for each in LANGUAGES)]
    form.sector.choices = [
        SelectChoice("", _("any")),
        *(SelectChoice(key, words) for key, words in TYPES.items()),
    ]
    return form


def _said_by(form: NameForm) -> dict[str, Any]:
    kind, _colon, key = (form.by.data or "").partition(":")
    return {
        "language": form.language.data or "",
        "organization_id": int(key) if kind == "organization" else None,
        "sector": (form.sector.data or "") if kind == "sector" else "",
    }


@repertoire.post("/glossary/<int:article_id>/names/<int:name_id>/remove")
def remove_name(article_id: int, name_id: int) -> ResponseReturnValue:
    contribution_for(viewer(), article_id)
    if all(name.id != name_id for name in queries.names_of([article_id]).get(article_id, ())):
        raise Missing(_l("There is no such word."))
    services.unname_term(viewer(), name_id)
    flash(_("The word is taken away."))
    return redirect(f"/glossary/{article_id}/names", 303)
