"""The forms of reports and rulings: one a page."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import InputRequired, Length

from iocop.moderation.words import REASONS

TOO_LONG = _l("At most 400 characters.")


class ReportForm(FlaskForm):  # type: ignore[misc]
    """What is wrong with a post."""

    reason = RadioField(
        _l("What is wrong with it?"), choices=[SelectChoice(*reason) for reason in REASONS.items()]
    )
    note = TextAreaField(
        _l("What should moderators know?"),
        [Length(max=400, message=TOO_LONG)],
        description=_l(
            "Only moderators read this. Your name is not shown, neither to the author nor in the log."
        ),
    )


class RulingForm(FlaskForm):  # type: ignore[misc]
    """What is decided about a post; the page offers what is possible."""

    kind = RadioField(_l("Decision"))
    reason = TextAreaField(
        _l("Reason"),
        [Length(max=400, message=TOO_LONG)],
        description=_l(
            "Needed to hide or remove. The author reads it, and it stands in the public log: name nobody, quote nothing."
        ),
    )


class SuspendForm(FlaskForm):  # type: ignore[misc]
    """Until when a member reads without writing, and why."""

    until = DateField(_l("Until"), [InputRequired(_l("Choose the day the suspension ends."))])
    reason = TextAreaField(
        _l("Reason"),
        [InputRequired(_l("Give the reason: the member reads it.")), Length(max=400, message=TOO_LONG)],
        description=_l("The member reads it, and it stands in the public log: name nobody, quote nothing."),
    )


class LiftForm(FlaskForm):  # type: ignore[misc]
    """Why a suspension ends early."""

    reason = TextAreaField(_l("Reason"), [Length(max=400, message=TOO_LONG)])
