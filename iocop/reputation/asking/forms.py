"""The forms of asking: one request to one member, and how one likes to be asked oneself."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from iocop.core.forms import Day, WholeNumber
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


class AvailabilityForm(Form):
    """How often, when and how."""

    per_week = WholeNumber(
        _l("Requests a week, at most"),
        [
            InputRequired(_l("Give a number from 0 to 20.")),
            NumberRange(0, offering.MOST_A_WEEK, message=_l("Give a number from 0 to 20.")),
        ],
        description=_l(
            "Once you were asked so often, you are not suggested for the rest of the week. With 0 never."
        ),
    )
    away_until = Day(
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
