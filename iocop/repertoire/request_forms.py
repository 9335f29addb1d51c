"""The forms of the glossary and of requests: one a page. What was typed stays whatever happens."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from iocop.core.forms import Checkboxes
from iocop.core.frame import submission_key


class RequestForm(FlaskForm):  # type: ignore[misc]
    """What the repertoire lacks."""

    title = StringField(
        _l("What is missing?"),
        [InputRequired(_l("Say in one line what is missing.")), Length(max=200)],
        description=_l("As somebody would search for it."),
    )
    text = TextAreaField(
        _l("What would you do with it?"),
        [InputRequired(_l("Say what you need it for: whoever writes it will know where to begin."))],
    )
    domains = Checkboxes(_l("Domains, one to three"), coerce=int)
    origin = HiddenField(default="member")
    about = HiddenField()
    submission_key = HiddenField(default=submission_key)


class DeclineForm(FlaskForm):  # type: ignore[misc]
    """Why no article will be written."""

    reason = StringField(
        _l("Why is it closed without an article?"),
        [InputRequired(_l("Say why: who asked reads it.")), Length(max=400)],
    )


class NameForm(FlaskForm):  # type: ignore[misc]
    """Another word for a term."""

    word = StringField(_l("We call it"), [InputRequired(_l("Give the other word.")), Length(max=120)])
    by = RadioField(_l("Who says so?"), default="language")
    language = SelectField(_l("In which language?"), [Optional()])
    sector = SelectField(_l("In which kind of organization?"), [Optional()])
