"""The forms of asking: one request to one member, and how one likes to be asked oneself."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from iocop.members.choices import time_zones
from iocop.members.forms import Form
from iocop.reputation.services import asking, offering


class RequestForm(Form):
    """Why just them."""

    note = TextAreaField(
        _l("Why do you ask just them?"),
        [Length(max=asking.LONGEST_NOTE, message=_l("Keep it to 300 characters."))],
        description=_l("They alone read it, beside your question."),
    )


class _Day(DateField):
    """A day; what is none says how one is written."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Give the day as year, month and day, such as 2027-01-31.")) from None


class _Number(IntegerField):
    """A whole number; its range says what is wrong with anything else."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            self.data = None


class AvailabilityForm(Form):
    """How often, when and how."""

    per_week = _Number(
        _l("Requests a week, at most"),
        [
            InputRequired(_l("Give a number from 0 to 20.")),
            NumberRange(0, offering.MOST_A_WEEK, message=_l("Give a number from 0 to 20.")),
        ],
        description=_l(
            "Once you were asked so often, you are not suggested for the rest of the week. With 0 never."
        ),
    )
    away_until = _Day(
        _l("Away until"),
        [Optional()],
        description=_l("The first day you can be asked again. Until then nobody is led to you."),
    )
    time_zone = SelectField(
        _l("Time zone"), [Optional()], description=_l("So that others know when you sleep.")
    )
    note = StringField(
        _l("How do you like to be reached?"),
        [Length(max=offering.LONGEST_NOTE, message=_l("Keep it to 200 characters."))],
        description=_l("Such as: best on Mondays, in English or Polish. Members read it beside your name."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = [SelectChoice(name, name.replace("_", " ")) for name in time_zones()]
        self.time_zone.choices = [SelectChoice("", str(_l("Not said"))), *zones]
