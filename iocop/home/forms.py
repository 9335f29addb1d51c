"""The second step after joining; everything in it can be skipped."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

TYPES = [
    ("firm", _l("Firm, 250 people or more")), ("sme", _l("Small or medium firm, or sole practitioner")),
    ("public", _l("Public body")), ("third", _l("Third sector")), ("academic", _l("University or school")),
    ("vendor", _l("Vendor of what we work with")), ("intermediary", _l("Association or intermediary")),
]  # fmt: skip


class DomainsForm(FlaskForm):  # type: ignore[misc]
    """In which domains one works."""

    domains = SelectMultipleField(
        _l("Your domains"), coerce=int, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )


class WelcomeForm(DomainsForm):
    """With whom one works, and in which domains."""

    organization = StringField(
        _l("Your employer"),
        [Length(max=120)],
        description=_l(
            "It stands beside what you write, as it was then. Leave it empty if you work for nobody now."
        ),
    )
    type = SelectField(
        _l("What kind of organization is it?"), choices=[SelectChoice(*kind) for kind in TYPES]
    )
    title = StringField(_l("Your role there"), [Length(max=80)])
    pushed = RadioField(
        _l("Were you asked by your employer to join?"),
        default="",
        description=_l(
            "Counted for the year without your name, and shown to nobody before twenty have answered."
        ),
        choices=[
            SelectChoice("", _l("I would rather not say")),
            SelectChoice("no", _l("No, I came by myself")),
            SelectChoice("yes", _l("Yes, I was asked to")),
        ],
    )
