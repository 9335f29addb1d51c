"""One form a page."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import InputRequired, Length, Optional

from iocop.contributions.marks import COUNTED_ONLY, SHORTEST_DOUBT
from iocop.organizations.wording import SIZES


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


class ConfirmForm(WorksHereForm):
    """*Works here* on an article: the same, with how large and of what kind the place is, and who may know."""

    size = SelectField(
        _l("Size of your organization"), [Optional()], choices=[SelectChoice(*pair) for pair in SIZES.items()],
        description=_l("Taken from your organization's page; change it, or choose “Not said”."),
    )  # fmt: skip
    sector = StringField(
        _l("Sector"),
        [Length(max=80)],
        description=_l("Taken from your organization's page; change it, or leave it empty."),
    )
    shown = RadioField(
        _l("Who may know that it was you"),
        choices=[
            SelectChoice("named", _l("Everybody: my name, my organization and what I write here are shown.")),
            SelectChoice(
                COUNTED_ONLY,
                _l(
                    "Nobody: my organization is counted only, once three are, and nothing I write here is shown."
                ),
            ),
        ],
        default="named",
    )


class OutdatedForm(FlaskForm):  # type: ignore[misc]
    reason = TextAreaField(
        _l("What is no longer right"),
        [InputRequired(_l("Say what is no longer right, so that others can judge it.")), Length(max=400)],
    )


class DoubtForm(FlaskForm):  # type: ignore[misc]
    reason = TextAreaField(
        _l("What is wrong with it"),
        [
            InputRequired(_l("Say what is wrong with it: its author reads that, and can mend it.")),
            Length(
                min=SHORTEST_DOUBT, max=400,
                message=_l("Give the reason in 20 to 400 characters, so that its author can mend it."),
            ),
        ],
        description=_l("About the answer, not its author, in 20 to 400 characters."),
    )  # fmt: skip


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
