"""The settings of the check, an organization's list of terms, and how this community handles risk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from iocop.core import clock
from iocop.core.cache import guest_page
from iocop.core.errors import Invalid, Missing
from iocop.core.login import public, viewer
from iocop.core.policy import require
from iocop.core.slots import fill
from iocop.organizations.queries import by_slug
from iocop.safety import policy, queries, risks, services, wording
from iocop.safety.asking import groups
from iocop.safety.forms import OwnWordForm, RulesForm, TermsForm, TryForm, UnlistForm
from iocop.safety.rules import RULES, replaced

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from iocop.organizations.models import Organization

safety = Blueprint("safety", __name__)


@safety.get("/settings/safety")
def settings() -> ResponseReturnValue:
    return _settings_page()


def _settings_page(status: int = 200, **given: Any) -> ResponseReturnValue:
    member_id = viewer().id
    on = [rule for rule in RULES if rule not in queries.switched_off(member_id)]
    blank = {
        "word_form": OwnWordForm(formdata=None), "try_form": TryForm(formdata=None),
        "rules_form": RulesForm(formdata=None, data={"rules": on}),
    }  # fmt: skip
    page = render_template(
        "safety/settings.html", own_words=queries.own_words(member_id), meanings=wording.MEANINGS,
        contact_for=queries.contact_for(member_id, clock.now()), **(blank | given),
    )  # fmt: skip
    return page, status


@safety.post("/settings/safety/names")
def keep_name() -> ResponseReturnValue:
    form = OwnWordForm()
    if form.validate():
        try:
            services.keep_own_word(viewer(), form.given("word"), form.given("role"))
        except Invalid as error:
            form.take(error)
        else:
            return redirect(url_for(".settings"), 303)
    return _settings_page(422, word_form=form)


@safety.post("/settings/safety/names/<int:word_id>/remove")
def drop_name(word_id: int) -> ResponseReturnValue:
    services.drop_own_word(viewer(), word_id)
    return redirect(url_for(".settings"), 303)


@safety.post("/settings/safety/rules")
def choose_rules() -> ResponseReturnValue:
    form = RulesForm()
    if not form.validate():
        return _settings_page(422, rules_form=form)
    services.choose_rules(viewer(), form.rules.data or [])
    flash(_("Saved."))
    return redirect(url_for(".settings"), 303)


@safety.post("/settings/safety/try")
def try_text() -> ResponseReturnValue:
    """Look through a text; the page shows what was found, and nothing is kept."""
    form = TryForm()
    if not form.validate():
        return _settings_page(422, try_form=form)
    text, roles = form.given("text"), queries.roles_of(viewer().id)
    found = queries.check(viewer(), text, None)
    return _settings_page(try_form=form, tried=groups(found, roles), with_roles=replaced(text, roles))


def _organization(slug: str) -> Organization:
    """Return the organization whose list the viewer keeps.

    Raises:
        Missing: there is none of this name.
        Refused: the viewer is not its contact.
    """
    found = by_slug(slug)
    if found is None:
        raise Missing(_l("There is no such organization."))
    require(policy.may_list_terms(viewer(), found, clock.now()))
    return found


def _terms_page(organization: Organization, status: int = 200, **given: Any) -> ResponseReturnValue:
    blank = {"terms_form": TermsForm(formdata=None), "unlist_form": UnlistForm(formdata=None)}
    page = render_template(
        "safety/terms.html",
        organization=organization,
        count=queries.term_count(organization.id),
        **(blank | given),
    )
    return page, status


@safety.get("/organizations/<slug>/terms")
def terms(slug: str) -> ResponseReturnValue:
    return _terms_page(_organization(slug))


@safety.post("/organizations/<slug>/terms")
def list_terms(slug: str) -> ResponseReturnValue:
    organization, form = _organization(slug), TermsForm()
    if form.validate():
        try:
            new = services.list_terms(viewer(), organization.id, form.given("terms").splitlines())
        except Invalid as error:
            form.take(error)
        else:
            flash(ngettext("%(num)d term is new on the list.", "%(num)d terms are new on the list.", new))
            return redirect(url_for(".terms", slug=slug), 303)
    return _terms_page(organization, 422, terms_form=form)


@safety.post("/organizations/<slug>/terms/remove")
def unlist_terms(slug: str) -> ResponseReturnValue:
    organization, form = _organization(slug), UnlistForm()
    if form.validate():
        try:
            gone = services.unlist_terms(viewer(), organization.id, form.given("gone").splitlines())
        except Invalid as error:
            form.take(Invalid(error.reason, "gone"))
        else:
            flash(ngettext("%(num)d term is off the list.", "%(num)d terms are off the list.", gone))
            return redirect(url_for(".terms", slug=slug), 303)
    return _terms_page(organization, 422, unlist_form=form)


@safety.get("/risks")
@public
@guest_page("site")
def register() -> ResponseReturnValue:
    """How this community handles risk: what can go wrong between organizations, and what the site does about each."""
    looking = viewer()
    own = fill("risk_section", [looking.id]).get(looking.id, "") if looking.is_authenticated else ""
    return render_template("safety/risks.html", risks=risks.RISKS, own=own)
