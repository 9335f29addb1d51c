"""Spaces and who may be in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from iocop.admin.forms import AUDIENCES, AdmitForm, SpaceForm
from iocop.admin.views import admin
from iocop.core.db import db
from iocop.core.errors import Conflict, Invalid, Missing
from iocop.core.login import viewer
from iocop.members.numbers import parse
from iocop.members.queries import member_by_number
from iocop.organizations.models import MemberCard, Organization
from iocop.organizations.queries import same_name
from iocop.spaces import services
from iocop.spaces.models import Space

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@admin.route("/spaces", methods=["GET", "POST"])
def spaces() -> ResponseReturnValue:
    form = SpaceForm()
    if form.validate_on_submit():
        try:
            made = services.open_space(
                viewer(), form.name.data or "", form.about.data or "", form.audience.data
            )
        except (Conflict, Invalid) as error:
            form.name.errors = [str(error)]
        else:
            flash(_("The space is open."))
            return redirect(url_for("admin.space", space_id=made.id), 303)
    found = db.session.scalars(select(Space).order_by(Space.archived_at.is_not(None), Space.name)).all()
    words = {choice.value: choice.label for choice in AUDIENCES}
    page = render_template("admin/spaces.html", form=form, spaces=found, audiences=words)
    return page, 422 if form.errors else 200


@admin.route("/spaces/<int:space_id>", methods=["GET", "POST"])
def space(space_id: int) -> ResponseReturnValue:
    found = db.session.get(Space, space_id)
    if found is None:
        raise Missing(_l("There is no such space."))
    form = SpaceForm(obj=found)
    if request.method == "GET":
        form.archived.data = found.archived_at is not None
    if form.validate_on_submit():
        try:
            services.change_space(
                viewer(), space_id, name=form.name.data or "", about=form.about.data or "",
                audience=form.audience.data, archived=form.archived.data,
            )  # fmt: skip
        except Conflict as error:
            form.name.errors = [str(error)]
        else:
            flash(_("The space is changed."))
            return redirect(url_for("admin.space", space_id=space_id), 303)
    return _space_page(found, form, AdmitForm(formdata=None)), 422 if form.errors else 200


@admin.post("/spaces/<int:space_id>/grants")
def admit(space_id: int) -> ResponseReturnValue:
    found = db.session.get(Space, space_id)
    if found is None:
        raise Missing(_l("There is no such space."))
    form = AdmitForm()
    if form.validate_on_submit():
        try:
            services.admit(viewer(), space_id, **_named(form.who.data or ""))
        except (Conflict, Invalid) as error:
            form.who.errors = [str(error)]
        else:
            flash(_("They may be here from now on."))
            return redirect(url_for("admin.space", space_id=space_id), 303)
    return _space_page(found, SpaceForm(formdata=None, obj=found), form), 422


@admin.post("/spaces/<int:space_id>/grants/<int:grant_id>/end")
def dismiss(space_id: int, grant_id: int) -> ResponseReturnValue:
    services.dismiss(viewer(), grant_id)
    flash(_("They may no longer be here."))
    return redirect(url_for("admin.space", space_id=space_id), 303)


def _named(text: str) -> dict[str, int]:
    """Read a member number or an organization's name.

    Raises:
        Invalid: nobody is called so.
    """
    member = member_by_number(parse(text)) if parse(text) else None
    if member is not None:
        return {"member_id": member.id}
    organization = same_name(text)
    if organization is None:
        raise Invalid(_l("There is no member of this number and no organization of this name."), "who")
    return {"organization_id": organization.id}


def _space_page(found: Space, form: SpaceForm, admit_form: AdmitForm) -> str:
    grants = services.grants_of(found.id)
    people = select(MemberCard.member_id, MemberCard.name).where(
        MemberCard.member_id.in_([grant.member_id for grant in grants if grant.member_id])
    )
    firms = select(Organization.id, Organization.name).where(
        Organization.id.in_([grant.organization_id for grant in grants if grant.organization_id])
    )
    return render_template(
        "admin/space.html", form=form, admit=admit_form, space=found, grants=grants,
        people={row[0]: row[1] for row in db.session.execute(people)},
        firms={row[0]: row[1] for row in db.session.execute(firms)},
    )  # fmt: skip
