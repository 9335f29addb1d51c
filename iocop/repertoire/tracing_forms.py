"""The forms of the pages about where articles come from and what is said of their passages."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import InputRequired, Length

from iocop.core.frame import submission_key
from iocop.repertoire.fields import LONGEST
from iocop.repertoire.kinds import KINDS


class DistilForm(FlaskForm):  # type: ignore[misc]
    """An article made of a thread's paragraphs."""

    title = StringField(
        _l("Title"), [InputRequired(_l("Give it a title of at least 3 characters.")), Length(max=LONGEST["title"])],
        description=_l("What a colleague would search for: the answer's subject rather than the question."),
    )  # fmt: skip
    kind = SelectField(
        _l("Kind"), [InputRequired()], choices=[SelectChoice(kind.key, kind.name) for kind in KINDS.values()]
    )
    text = TextAreaField(_l("Draft"), [InputRequired(_l("Choose at least one paragraph."))])
    note = StringField(_l("What changes, and why"), [Length(max=200)])
    article = HiddenField()
    proposal = HiddenField()
    version = HiddenField()
    submission_key = HiddenField(default=submission_key)


class NoteForm(FlaskForm):  # type: ignore[misc]
    """A comment on a passage."""

    text = TextAreaField(_l("Your comment"), [InputRequired(_l("Write something first."))])
    quote = HiddenField()
    before = HiddenField()
    after = HiddenField()
    submission_key = HiddenField(default=submission_key)
