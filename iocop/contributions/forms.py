"""One form a page."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional


class WorksHereForm(FlaskForm):  # type: ignore[misc]
    version = StringField(
        _l("Version"),
        [Optional(), Length(max=80)],
        description=_l("Of the product, standard or firmware you used, if there is one."),
    )
    conditions = TextAreaField(
        _l("Where and how"),
        [Length(max=400)],
        description=_l("What is the same at your place, what you changed, since when it holds."),
    )


class OutdatedForm(FlaskForm):  # type: ignore[misc]
    reason = TextAreaField(
        _l("What is no longer right"),
        [InputRequired(_l("Say what is no longer right, so that others can judge it.")), Length(max=400)],
    )


class LabelForm(FlaskForm):  # type: ignore[misc]
    label = RadioField(_l("How far it may be shared"))
    reason = StringField(_l("Reason"), [Length(max=200)])


class SpaceForm(FlaskForm):  # type: ignore[misc]
    space = SelectField(_l("Space"), coerce=int)
    reason = StringField(_l("Reason"), [Length(max=200)])


class RemoveForm(FlaskForm):  # type: ignore[misc]
    reason = StringField(_l("Reason"), [Length(max=400)])


class UploadForm(FlaskForm):  # type: ignore[misc]
    file = FileField(_l("File"), [InputRequired(_l("Choose a file first."))])
