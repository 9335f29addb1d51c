"""The list of organizations, the page of one, and entering a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l

from iocop.core import clock
from iocop.core.cache import guest_page
from iocop.core.errors import Conflict, Invalid, Missing
from iocop.core.forms import asked_back, show_error
from iocop.core.login import public, viewer
from iocop.core.pages import asked_page
from iocop.core.policy import require
from iocop.core.slots import fill
from iocop.members.numbers import shown
from iocop.members.photos import photo_address
from iocop.organizations import policy, queries, services, wording
from iocop.organizations.forms import OrganizationForm
from iocop.organizations.views import organizations

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from iocop.organizations.models import Organization


def known(slug: str) -> Organization:
    """Return an organization by its address.

    Raises:
        Missing: there is none.
    """
    found = queries.by_slug(slug)
    if found is None:
        raise Missing(_l("There is no such organization."))
    return found


@organizations.get("/organizations")
@public
@guest_page("organizations")
def index() -> ResponseReturnValue:
    asked = {key: request.args.get(key, "") for key in ("q", "type", "country")}
    page = queries.directory(asked["q"], asked["type"], asked["country"], asked_page())
    return render_template(
        "organizations/index.html", page=page, asked=asked, types=wording.TYPES,
        countries=wording.country_choices(queries.countries()), country_name=wording.country_name,
    )  # fmt: skip


@organizations.get("/organizations/<slug>")
@public
@guest_page("organizations")
def show(slug: str) -> ResponseReturnValue:
    organization = known(slug)
    if organization.merged_into_id is not None:
        return redirect(_page_of(organization.merged_into_id), 301)
    section = fill("organization_section", [organization.id], viewer=viewer())
    return render_template(
        "organizations/show.html",
        organization=organization,
        sheet=queries.sheet(organization, viewer(), asked_page()),
        section=section.get(organization.id, ""),
        may_change=_may_change(organization),
        may_care="administrator" in viewer().roles,
        today=clock.now().date(),
        wording=wording,
        shown=shown,
        photo_address=photo_address,
    )


def _may_change(organization: Organization) -> bool:
    """Say whether to offer the change; the roles of the viewer's own row cost no statement, the act itself asks anew."""
    if viewer().roles & {"administrator", "curator"}:
        return True
    return organization.founded_by_id == viewer().id and bool(
        policy.may_change(viewer(), organization, clock.now())
    )


def _page_of(organization_id: int) -> str:
    return url_for(".show", slug=queries.slug_of(organization_id))


@organizations.route("/organizations/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    require(policy.may_found(viewer()))
    form = OrganizationForm(name=request.args.get("name", ""))
    asked = asked_back(form, "about") if form.validate_on_submit() else None
    if not form.is_submitted() or form.errors or asked:
        page = render_template("organizations/new.html", form=form, alike=(), asked=asked)
        return page, 422 if form.errors or asked else 200
    alike = () if form.distinct.data else queries.alike(form.name.data, form.website.data)
    if not alike:
        try:
            made = services.found_organization(viewer(), form.facts(), distinct=form.distinct.data)
        except (Conflict, Invalid) as error:
            form.name.errors = [str(error)]
        else:
            return redirect(_after_founding(made), 303)
    return render_template("organizations/new.html", form=form, alike=alike, because=wording.BECAUSE), 422


def _after_founding(made: Organization) -> str:
    """Go on with stating the employer, where that is why the organization was entered."""
    if request.args.get("then") == "affiliation":
        return url_for(".state", organization=made.slug)
    return url_for(".show", slug=made.slug)


@organizations.route("/organizations/<slug>/change", methods=["GET", "POST"])
def change(slug: str) -> ResponseReturnValue:
    organization = known(slug)
    require(policy.may_change(viewer(), organization, clock.now()))
    form = OrganizationForm(obj=organization)
    sent = form.validate_on_submit()
    asked = asked_back(form, "about", before=organization.about) if sent else None
    if sent and asked is None:
        try:
            services.change_organization(viewer(), organization.id, form.facts())
        except Invalid as error:
            show_error(form, error)
        else:
            return redirect(url_for(".show", slug=slug), 303)
    return (
        render_template(
            "organizations/change.html", form=form, organization=organization, asked=asked
        ),
        422 if form.errors or asked else 200,
    )  # fmt: skip
