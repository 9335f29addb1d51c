"""The forms of those who judge: of what looks irregular, with the answer of whom it concerns, and of candidates."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import InputRequired, Length


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """What a member says of it."""

    answer = TextAreaField(
        _l("Your answer"),
        [
            InputRequired(_l("Write what whoever decides should know.")),
            Length(max=2000, message=_l("Keep it to 2,000 characters.")),
        ],
        description=_l(
            "The moderators who decide read it, and nobody else. You can change it until it is decided."
        ),
    )


class DecisionForm(FlaskForm):  # type: ignore[misc]
    """What became of it, and why."""

    outcome = RadioField(
        _l("Decision"),
        [InputRequired(_l("Choose one of the two."))],
        choices=[
            SelectChoice("unfounded", _l("Unfounded: it is closed, and all points stay")),
            SelectChoice("upheld", _l("Upheld: what they gave one another is taken back from their points")),
        ],
    )
    note = TextAreaField(
        _l("Why"),
        [
            InputRequired(_l("Say why: its members read it.")),
            Length(max=1000, message=_l("Keep it to 1,000 characters.")),
        ],
        description=_l("Its members read it. Write it as you would say it to them."),
    )


class CandidateForm(FlaskForm):  # type: ignore[misc]
    """What one of the two says."""

    agrees = RadioField(
        _l("Your word"),
        [InputRequired(_l("Choose one of the two."))],
        choices=[
            SelectChoice("yes", _l("Yes: these figures are those of somebody others rely on")),
            SelectChoice("no", _l("Not yet")),
        ],
    )
    reason = TextAreaField(
        _l("Why"),
        [Length(max=1000, message=_l("Keep it to 1,000 characters."))],
        description=_l(
            "Needed where you say not yet. The member reads it: write it as you would say it to them."
        ),
    )
