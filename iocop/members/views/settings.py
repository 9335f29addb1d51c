"""What a member sets: profile, photo, privacy, language and look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from iocop.core import slots
from iocop.core.db import db
from iocop.core.errors import Invalid, TooLarge
from iocop.core.forms import asked_back
from iocop.core.login import viewer
from iocop.members import choices, privacy, services
from iocop.members.forms import PhotoForm, PreferencesForm, PrivacyForm, ProfileForm
from iocop.members.models import Member
from iocop.members.slots import what_is_due
from iocop.members.views import form_page, members

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


def myself() -> Member:
    """Return the row of the member who is looking."""
    return db.session.get_one(Member, viewer().id)


@members.route("/settings", methods=["GET", "POST"])
def settings() -> ResponseReturnValue:
    member = myself()
    form = ProfileForm(obj=_Typed(member))
    sent = form.validate_on_submit()
    asked = asked_back(form, "about", before=member.about) if sent else None
    if sent and asked is None:
        try:
            services.change_profile(viewer(), _profile(form))
        except Invalid as error:
            form.take(error)
        else:
            flash(_("Your profile is saved."))
            return redirect(url_for(".settings"), 303)
    further = {"member": member, "photo_form": PhotoForm(formdata=None), "asked": asked}
    return form_page("settings", form, **further, **what_is_due())


class _Typed:
    """A member's fields as the form shows them."""

    def __init__(self, member: Member) -> None:
        self.name, self.name_mode, self.about, self.country = (
            member.name,
            member.name_mode,
            member.about,
            member.country,
        )
        self.languages = ", ".join(choices.language_name(code) for code in member.languages)
        self.links = "\n".join(member.links)


def _profile(form: ProfileForm) -> services.Profile:
    return services.Profile(
        name=form.given("name"), name_mode=form.given("name_mode"), about=form.given("about"),
        languages=form.language_codes, country=form.given("country"), links=form.link_list,
    )  # fmt: skip


@members.post("/settings/photo")
def change_photo() -> ResponseReturnValue:
    form = PhotoForm()
    if form.validate_on_submit():
        try:
            services.change_photo(viewer(), form.photo.data.read())
        except (Invalid, TooLarge) as error:
            form.take(Invalid(error.reason, "photo"))
        else:
            flash(_("Your photo is saved."))
            return redirect(url_for(".settings"), 303)
    member = myself()
    profile_form = ProfileForm(formdata=None, obj=_Typed(member))
    page = render_template(
        "members/settings.html", form=profile_form, member=member, photo_form=form, **what_is_due()
    )
    return page, 422


@members.post("/settings/photo/remove")
def remove_photo() -> ResponseReturnValue:
    services.remove_photo(viewer())
    flash(_("Your photo is removed."))
    return redirect(url_for(".settings"), 303)


@members.route("/settings/privacy", methods=["GET", "POST"])
def privacy_settings() -> ResponseReturnValue:
    member = myself()
    form = PrivacyForm(data={name: privacy.audience(member.visibility, name) for name in privacy.DEFAULTS})
    if form.validate_on_submit():
        services.change_privacy(viewer(), form.audiences)
        flash(_("Saved. It holds from now on, also for what was shown before."))
        return redirect(url_for(".privacy_settings"), 303)
    return form_page("privacy", form)


@members.route("/settings/preferences", methods=["GET", "POST"])
def preferences() -> ResponseReturnValue:
    form = PreferencesForm(obj=myself())
    if form.validate_on_submit():
        services.change_preferences(
            viewer(), form.given("locale"), form.given("time_zone"), form.given("theme")
        )
        flash(_("Saved."))
        return redirect(url_for(".preferences"), 303)
    return form_page("preferences", form)


@members.get("/settings/still-right")
def still_right() -> ResponseReturnValue:
    member = myself()
    further = slots.fill("still_right", [member.id]).get(member.id, "")
    return render_template("members/still_right.html", member=member, further=further)


@members.post("/settings/still-right")
def review() -> ResponseReturnValue:
    services.review_profile(viewer())
    flash(_("Thank you. We will ask again in a year."))
    return redirect(url_for(".me"), 303)
