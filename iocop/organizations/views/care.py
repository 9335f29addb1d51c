"""What stands beside an organization's facts: names, products, relations, domains; and merging two records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from iocop.core import clock
from iocop.core.errors import Conflict, Invalid
from iocop.core.login import viewer
from iocop.core.policy import require
from iocop.members.numbers import parse
from iocop.members.queries import member_by_number
from iocop.organizations import policy, queries, services, wording
from iocop.organizations.forms import ContactForm, DomainForm, MergeForm, NameForm, OfferForm, RelationForm
from iocop.organizations.queries.pages import INVERSE
from iocop.organizations.views import organizations
from iocop.organizations.views.records import known

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue
    from flask_wtf import FlaskForm

    from iocop.organizations.models import Organization


def _names_page(organization: Organization, status: int = 200, **forms: FlaskForm) -> ResponseReturnValue:
    given: dict[str, Any] = {"alias_form": NameForm(), "offer_form": OfferForm()} | forms
    named = queries.named(organization.id)
    return render_template(
        "organizations/names.html", organization=organization, named=named, **given
    ), status


def _care_page(organization: Organization, status: int = 200, **forms: FlaskForm) -> ResponseReturnValue:
    given: dict[str, Any] = {
        "relation_form": RelationForm(), "domain_form": DomainForm(), "merge_form": MergeForm(),
        "contact_form": ContactForm(),
    } | forms  # fmt: skip
    return render_template(
        "organizations/care.html", organization=organization, wording=wording, today=clock.now().date(),
        contacts=queries.contacts_of(organization.id, clock.now()),
        related=queries.related_to(organization.id), named=queries.named(organization.id), **given,
    ), status  # fmt: skip


@organizations.get("/organizations/<slug>/names")
def names(slug: str) -> ResponseReturnValue:
    organization = known(slug)
    require(policy.may_change(viewer(), organization, clock.now()))
    return _names_page(organization)


@organizations.post("/organizations/<slug>/aliases")
def add_alias(slug: str) -> ResponseReturnValue:
    organization, form = known(slug), NameForm()
    require(policy.may_change(viewer(), organization, clock.now()))
    if not form.validate() or not _tried(
        form, "alias", lambda: services.add_alias(viewer(), organization.id, form.alias.data)
    ):
        return _names_page(organization, 422, alias_form=form)
    return redirect(url_for(".names", slug=slug), 303)


@organizations.post("/organizations/<slug>/aliases/<int:alias_id>/remove")
def remove_alias(slug: str, alias_id: int) -> ResponseReturnValue:
    services.remove_alias(viewer(), known(slug).id, alias_id)
    return redirect(url_for(".names", slug=slug), 303)


@organizations.post("/organizations/<slug>/offers")
def add_offer(slug: str) -> ResponseReturnValue:
    organization, form = known(slug), OfferForm()
    require(policy.may_change(viewer(), organization, clock.now()))
    if not form.validate():
        return _names_page(organization, 422, offer_form=form)
    services.add_offer(viewer(), organization.id, form.offer.data, form.kind.data)
    return redirect(url_for(".names", slug=slug), 303)


@organizations.post("/organizations/<slug>/offers/<int:offer_id>/remove")
def remove_offer(slug: str, offer_id: int) -> ResponseReturnValue:
    services.remove_offer(viewer(), known(slug).id, offer_id)
    return redirect(url_for(".names", slug=slug), 303)


@organizations.get("/organizations/<slug>/care")
def care(slug: str) -> ResponseReturnValue:
    require(policy.may_administer(viewer()))
    return _care_page(known(slug))


def _meant(form: FlaskForm, field: str) -> Organization | None:
    """Return the organization a field names, or say in the form that there is none."""
    found = queries.by_words(form[field].data)
    if found is None:
        form[field].errors = [_("There is no organization of this name; copy the address of its page.")]
    return found


def _tried(form: FlaskForm, field: str, work: Callable[[], object]) -> bool:
    """Do something the form asks for; say in the form why not."""
    try:
        work()
    except (Invalid, Conflict) as error:
        about = {"valid_to": "last_day"}.get(getattr(error, "field", None) or field, field)
        form[about].errors = [str(error)]
        return False
    return True


@organizations.post("/organizations/<slug>/relations")
def relate(slug: str) -> ResponseReturnValue:
    organization, form = known(slug), RelationForm()
    require(policy.may_administer(viewer()))
    other = _meant(form, "other") if form.validate() else None
    if other is None:
        return _care_page(organization, 422, relation_form=form)
    a, kind, b = _directed(organization.id, form.kind.data, other.id)
    if not _tried(
        form, "other", lambda: services.relate(viewer(), a, kind, b, form.valid_from.data, form.valid_to)
    ):
        return _care_page(organization, 422, relation_form=form)
    return redirect(url_for(".care", slug=slug), 303)


def _directed(organization_id: int, kind: str, other_id: int) -> tuple[int, str, int]:
    """Turn "the other is the … of this one" into the stored direction."""
    if kind in INVERSE:
        return other_id, kind, organization_id
    return organization_id, next(upward for upward, inverse in INVERSE.items() if inverse == kind), other_id


@organizations.post("/organizations/<slug>/relations/<int:relation_id>/end")
def end_relation(slug: str, relation_id: int) -> ResponseReturnValue:
    services.end_relation(viewer(), relation_id, clock.now().date())
    return redirect(url_for(".care", slug=slug), 303)


@organizations.post("/organizations/<slug>/domains")
def add_domain(slug: str) -> ResponseReturnValue:
    organization, form = known(slug), DomainForm()
    require(policy.may_administer(viewer()))
    if not form.validate() or not _tried(
        form, "domain", lambda: services.add_mail_domain(viewer(), organization.id, form.domain.data)
    ):
        return _care_page(organization, 422, domain_form=form)
    return redirect(url_for(".care", slug=slug), 303)


@organizations.post("/organizations/<slug>/domains/<int:domain_id>/remove")
def remove_domain(slug: str, domain_id: int) -> ResponseReturnValue:
    services.remove_mail_domain(viewer(), domain_id)
    return redirect(url_for(".care", slug=slug), 303)


@organizations.post("/organizations/<slug>/contacts")
def name_contact(slug: str) -> ResponseReturnValue:
    organization, form = known(slug), ContactForm()
    require(policy.may_administer(viewer()))
    member = member_by_number(parse(form.contact.data)) if form.validate() else None
    if member is None and not form.errors:
        form.contact.errors = [_("There is no member of this number.")]
    if member is None or not _tried(
        form, "contact", lambda: services.name_contact(viewer(), organization.id, member.id)
    ):
        return _care_page(organization, 422, contact_form=form)
    return redirect(url_for(".care", slug=slug), 303)


@organizations.post("/organizations/<slug>/contacts/<int:contact_id>/end")
def end_contact(slug: str, contact_id: int) -> ResponseReturnValue:
    """End a contact's office; a contact who lays it down has no way back to the page for administrators."""
    services.end_contact(viewer(), contact_id)
    flash(_("This member is no longer the organization's contact."))
    return redirect(url_for(".show", slug=known(slug).slug), 303)


@organizations.post("/organizations/<slug>/merge")
def merge(slug: str) -> ResponseReturnValue:
    organization, form = known(slug), MergeForm()
    require(policy.may_administer(viewer()))
    into = _meant(form, "into") if form.validate() else None
    if into is None or not _tried(form, "into", lambda: services.merge(viewer(), organization.id, into.id)):
        return _care_page(organization, 422, merge_form=form)
    flash(_("%(old)s is now part of this record; its history is kept.", old=organization.name))
    return redirect(url_for(".show", slug=into.slug), 303)
