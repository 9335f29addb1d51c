"""The forms of reviewers, and of those who suggest what changes no text."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from iocop.core.frame import submission_key

VERDICTS = [
    SelectChoice("approve", _l("Approve: it is right, and it helps, as it stands")),
    SelectChoice("changes", _l("Ask for changes: say what would make it right")),
    SelectChoice("decline", _l("Decline: say why, so that its author can do better")),
    SelectChoice("recuse", _l("Step aside: I have an interest in this; say which")),
]


OF_REVIEWERS = frozenset({"changes", "recuse"})
"""What level 2 says; the rest takes level 3."""


class ReviewForm(FlaskForm):  # type: ignore[misc]
    """One person's word on one round of a suggestion."""

    round = IntegerField(widget=HiddenInput())
    verdict = RadioField(
        _l("What you think of it"),
        [InputRequired(_l("Choose one."))],
        choices=VERDICTS,
    )
    reason = TextAreaField(
        _l("What you tell its author"),
        [Length(max=2000)],
        description=_l(
            "Its author reads this, and so does who may read the suggestion. Needed unless you approve."
        ),
    )


class SuggestForm(FlaskForm):  # type: ignore[misc]
    """Something suggested about an article that leaves its text as it stands."""

    reason = TextAreaField(
        _l("Why"),
        [InputRequired(_l("Say why: reviewers and readers see it.")), Length(max=400)],
        description=_l("Reviewers decide on it, and readers see it where it applies."),
    )
    label = SelectField(_l("How far it may be shared"))
    successor = StringField(
        _l("The article that takes its place"),
        [Optional(), Length(max=300)],
        description=_l("Its title, its address or its number."),
    )
    submission_key = HiddenField(default=submission_key)
