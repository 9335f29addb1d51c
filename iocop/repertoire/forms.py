"""The repertoire's forms: one a page. What was typed stays whatever happens."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, TextAreaField
from wtforms.validators import InputRequired

from iocop.core.frame import submission_key


class ReplyForm(FlaskForm):  # type: ignore[misc]
    """Something said below an article or a suggestion."""

    text = TextAreaField(_l("Your text"), [InputRequired(_l("Write something first."))])
    submission_key = HiddenField(default=submission_key)
