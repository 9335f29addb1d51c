"""The forums' forms: one a page. What was typed stays whatever happens."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from iocop.core.forms import Checkboxes
from iocop.core.frame import submission_key
from iocop.forums.models import KINDS

KIND_WORDS = {
    "question": _l("Question: somebody's answer can solve it"),
    "discussion": _l("Discussion: many may be right"),
    "announcement": _l("Announcement"),
}


class PostForm(FlaskForm):  # type: ignore[misc]
    """An answer or a reply."""

    text = TextAreaField(_l("Your text"), [InputRequired(_l("Write something first."))])
    label = SelectField(_l("How far may it be shared?"), [Optional()])
    affiliation = SelectField(_l("You write as somebody of"), [Optional()])
    submission_key = HiddenField(default=submission_key)


class AskForm(PostForm):
    """A new topic."""

    title = StringField(
        _l("Title"),
        [InputRequired(_l("Give it a title that tells others what it is about.")), Length(max=200)],
        description=_l("One line a colleague would search for: what, where, which figure."),
    )
    kind = RadioField(_l("What is it?"), default="question")
    domains = Checkboxes(_l("Domains, one to three"), coerce=int)
    tags = StringField(_l("Tags"), description=_l("Up to five words, separated by commas."))
    space = SelectField(_l("Where"), coerce=int)
    language = SelectField(_l("Language"), default="")

    def validate_domains(self, field: Checkboxes) -> None:
        if not 1 <= len(field.data or []) <= 3:
            raise ValidationError(
                _l("Choose one to three domains: what is in none of them is not published.")
            )

    def validate_kind(self, field: RadioField) -> None:
        if field.data not in KINDS:
            raise ValidationError(_l("Choose a question, a discussion or an announcement."))


class EditForm(FlaskForm):  # type: ignore[misc]
    """Another text for something one wrote."""

    title = StringField(_l("Title"), [Length(max=200)])
    text = TextAreaField(_l("Text"), [InputRequired(_l("Write something first."))])
    reason = StringField(_l("What did you change, and why?"), [Length(max=200)])
    version = HiddenField()


class CharterForm(FlaskForm):  # type: ignore[misc]
    """What a domain is for, and what it wants to learn."""

    charter = TextAreaField(
        _l("Charter"),
        [DataRequired(_l("Say what the domain is for."))],
        description=_l("What the domain is for, and what is not its matter; Markdown."),
    )
    questions = TextAreaField(_l("What it wants to learn this year"), description=_l("One question a line."))


class SynonymForm(FlaskForm):  # type: ignore[misc]
    """Another word for a tag."""

    word = StringField(
        _l("Another word for it"),
        [InputRequired(_l("Give the other word.")), Length(max=50)],
        description=_l("Whoever files something under it, files it under this tag."),
    )


class MergeForm(FlaskForm):  # type: ignore[misc]
    """The tag that is left when two are one."""

    into = StringField(
        _l("The tag that stays"), [InputRequired(_l("Name the tag that stays.")), Length(max=50)]
    )


class MergeTopicForm(FlaskForm):  # type: ignore[misc]
    """The topic that is left when two are one."""

    into = StringField(
        _l("The topic that stays"),
        [InputRequired(_l("Give the number or the address of the topic that stays."))],
        description=_l("Its address or number."),
    )


class CloseForm(FlaskForm):  # type: ignore[misc]
    """Why a topic is closed, and where it goes on."""

    reason = StringField(
        _l("Why is it closed?"), [InputRequired(_l("Say why: others will read it.")), Length(max=300)]
    )
    successor = StringField(
        _l("Where does it go on?"), description=_l("The address or number of the topic that takes over.")
    )
