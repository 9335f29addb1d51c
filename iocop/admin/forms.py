"""The desk's forms: one a page."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from iocop.core.forms import WholeNumber
from iocop.roles.models import ROLES

AUDIENCES = [
    SelectChoice("public", _l("Everybody")), SelectChoice("members", _l("Members")),
    SelectChoice("verified", _l("Members whose employer is verified")),
    SelectChoice("named", _l("Named people and organizations")),
]  # fmt: skip
ROLE_WORDS = {
    "administrator": _l("Administrator"), "moderator": _l("Moderator"), "curator": _l("Curator"),
    "board_member": _l("Board member"), "returning_officer": _l("Returning officer"),
    "facilitator": _l("Facilitator"), "domain_steward": _l("Domain steward"),
}  # fmt: skip


class SiteForm(FlaskForm):  # type: ignore[misc]
    name = StringField(
        _l("Name of the community"), [InputRequired(_l("The community needs a name.")), Length(max=60)]
    )
    tagline = StringField(_l("Line under the name"), [Length(max=120)])
    accent = StringField(
        _l("Accent colour"), [Length(max=7)], description=_l("As #rrggbb; empty: the house's blue.")
    )
    registration = RadioField(
        _l("Who may join?"),
        choices=[
            SelectChoice("open", _l("Everybody who confirms an address")),
            SelectChoice("approval", _l("Whom an administrator approves")),
            SelectChoice("invitation", _l("Whom a member invites")),
        ],
    )


class DomainForm(FlaskForm):  # type: ignore[misc]
    name = StringField(_l("Name"), [DataRequired(_l("A domain needs a name.")), Length(max=80)])
    summary = StringField(_l("In one line"), [Length(max=200)])
    position = WholeNumber(
        _l("Place in the list"),
        [Optional(), NumberRange(0, 999, _l("Give a number from 0 to 999."))],
        default=0,
    )
    sub_topic = StringField(_l("New sub-topic"), [Length(max=50)])
    charter = TextAreaField(_l("Charter"), description=_l("What the domain is for; Markdown."))
    questions = TextAreaField(_l("What it wants to learn this year"), description=_l("One question a line."))
    retired = BooleanField(_l("Retired: takes nothing new, stays readable"))


class SpaceForm(FlaskForm):  # type: ignore[misc]
    name = StringField(_l("Name"), [DataRequired(_l("A space needs a name.")), Length(max=80)])
    about = StringField(_l("What it is for"), [Length(max=400)])
    audience = RadioField(_l("Who may read?"), choices=AUDIENCES, default="members")
    archived = BooleanField(_l("Archived: can be read, not added to"))


class AdmitForm(FlaskForm):  # type: ignore[misc]
    who = StringField(
        _l("Member number, or an organization's name"), [InputRequired(_l("Name somebody.")), Length(max=120)]
    )


class GrantForm(FlaskForm):  # type: ignore[misc]
    member = StringField(
        _l("Member number"), [InputRequired(_l("Give the number, such as IOCOP-0001-2347."))]
    )
    role = SelectField(_l("Office"), choices=[SelectChoice(role, ROLE_WORDS[role]) for role in ROLES])
    domain = SelectField(
        _l("For which domain (stewards only)"),
        [Optional()],
        description=_l("From level 3 there on, for twelve months, at most three terms in a row."),
    )
    valid_to = DateField(_l("Until (first day it is no longer held)"), [Optional()])
    decision = SelectField(_l("By which decision"), coerce=int)
    appealed = BooleanField(
        _l("This decision grants an appeal: the steward may serve a further term"),
        description=_l("Whoever is refused a fourth term in a row can appeal to the board."),
    )


class DecisionForm(FlaskForm):  # type: ignore[misc]
    body = StringField(_l("Who decided"), [InputRequired(_l("Say who decided.")), Length(max=80)])
    decided_on = DateField(_l("On which day"), [InputRequired(_l("Give the day of the decision."))])
    text = TextAreaField(_l("What was decided"), [InputRequired(_l("Say what was decided."))])
    link = StringField(_l("Where the minutes stand"), [Length(max=400)])


class SuspendOfficeForm(FlaskForm):  # type: ignore[misc]
    reason = StringField(
        _l("Reason"),
        [InputRequired(_l("Give the reason: everybody reads it beside the office.")), Length(max=400)],
        description=_l("It stands beside the office in the public list: name nobody else, quote nothing."),
    )


class EndForm(FlaskForm):  # type: ignore[misc]
    decision = SelectField(_l("By which decision"), coerce=int)
