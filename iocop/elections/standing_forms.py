"""The forms of candidates and of those who propose them."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length


class NominateForm(FlaskForm):  # type: ignore[misc]
    """Who is proposed, by member number or by handle."""

    member = StringField(
        _l("Whom do you propose?"),
        [InputRequired(_l("Name a member by handle or member number, or write your own.")), Length(max=60)],
        description=_l("The member's handle, such as @frost, or the number on the profile."),
    )


class StatementForm(FlaskForm):  # type: ignore[misc]
    """What a candidate tells the voters."""

    statement = TextAreaField(
        _l("Statement"),
        [InputRequired(_l("Tell the voters why you stand.")), Length(max=12_000)],
        description=_l(
            "What you want to do for the practice, and what you bring; everybody reads it beside the ballot."
        ),
    )
    interests = TextAreaField(
        _l("Declared interests"),
        [
            InputRequired(_l("Say whom you work for, advise or own; or that there is nothing to declare.")),
            Length(max=2_000),
        ],
        description=_l("Whom you work for, advise or own, and what you sell to members."),
    )


class ThreadForm(FlaskForm):  # type: ignore[misc]
    """Where the campaign thread stands."""

    domain = SelectField(_l("Domain of your thread"), coerce=int)


class MailingForm(FlaskForm):  # type: ignore[misc]
    """The one mailing of a candidate."""

    text = TextAreaField(
        _l("Your mailing"),
        [InputRequired(_l("Write what members should read.")), Length(max=4_000)],
        description=_l("Plain text, at most 4,000 characters. It goes to everybody who may vote, once."),
    )
