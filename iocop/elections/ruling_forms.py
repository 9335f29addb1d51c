"""The form in which a body's decision about the rules of elections is written down."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import InputRequired, Length
from wtforms.widgets import TextInput

from iocop.core.forms import Day, WholeNumber
from iocop.elections.rules import Rules
from iocop.elections.ruling_words import COUNTING, LABELS
from iocop.elections.services.ruling import COUNTED_BY, RANGES, UNASKED
from iocop.members.forms import Form

PLAIN: Final = frozenset("0123456789/.")
"""Of a part: an exponent would make numbers without end."""
LONGEST_SHARE: Final = 20


class Share(Field):
    """A part of a whole, as a pair of whole numbers; what was typed instead stays to be mended."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        p, q = self.data or (0, 1)
        return f"{p}/{q}" if p else "0"

    def process_formdata(self, valuelist: list[str]) -> None:
        text = "".join(valuelist[0].split()) if valuelist else ""
        try:
            share = Fraction(text if set(text) <= PLAIN and len(text) < LONGEST_SHARE else "")
        except (ValueError, ZeroDivisionError):
            raise ValueError(_("Give a part such as 2/3, or 0.")) from None
        self.data = (share.numerator, share.denominator)


def _number(name: str, description: Any = "") -> WholeNumber:
    least, most = RANGES[name]
    needed = InputRequired(_l("Give a number from %(least)s to %(most)s.", least=least, most=most))
    return WholeNumber(LABELS[name], [needed], description=description)


class RuleSetForm(Form):
    """The rules of one kind of election, and the decision they rest on."""

    takes_effect_on = Day(
        _l("In force from"),
        [InputRequired(_l("Choose a day to come."))],
        description=_l("An election past its draft keeps the rules it was begun under."),
    )
    rule = SelectField(LABELS["rule"])
    board_size = _number("board_size")
    cap = BooleanField(
        _l(
            "No organization group holds more than a third of the board (two seats at least), directors who stay counted"
        )
    )
    term_months = _number("term_months", _l("In months."))
    most_terms = _number("most_terms")
    days_to_vote = _number("days_to_vote", _l("In days."))
    days_to_stand = _number("days_to_stand", _l("In days."))
    seconders = _number("seconders", _l("The proposer is not counted."))
    statement_words = _number("statement_words", _l("In words."))
    photo = BooleanField(_l("A candidate gives a photo"))
    regions = StringField(
        LABELS["regions"], description=_l("As two letters each, such as DE, IE. Empty: everybody.")
    )
    affiliation = BooleanField(_l("Only who belongs to an organization on the day votes and stands"))
    quorum = Share(
        LABELS["quorum"],
        [InputRequired(_l("Give a part such as 1/4, or 0."))],
        description=_l("Such as 1/4; 0 asks for none."),
    )
    threshold = Share(
        LABELS["threshold"],
        [InputRequired(_l("Give a part such as 1/2."))],
        description=_l("For affirmations and motions, such as 1/2 or 2/3."),
    )
    more_than = BooleanField(_l("Exactly that part is not enough: it takes more"))
    affirm_uncontested = BooleanField(
        _l(
            "Candidates no more than the seats are voted on one by one, instead of being elected without a poll"
        )
    )
    nomination_days = _number("nomination_days", _l("In days."))
    voting_days = _number("voting_days", _l("In days."))
    key_days = _number("key_days", _l("In days."))
    complaint_days = _number("complaint_days", _l("In days."))
    turnout_by_name = BooleanField(_l("Members can read with the result, by name, who took a voting token"))
    plain_ballots = BooleanField(
        _l(
            "A browser without JavaScript may leave the sealing to the server, which then could read that ballot"
        )
    )
    most_ranks = _number("most_ranks", _l("0: all. A limit makes a ranking say less about who voted."))
    body = StringField(
        _l("Who decided"),
        [InputRequired(_l("Say who decided.")), Length(max=80, message=_l("Keep it to 80 characters."))],
    )
    decided_on = Day(_l("On which day"), [InputRequired(_l("Give the day of the decision."))])
    text = TextAreaField(_l("What was decided"), [InputRequired(_l("Say what was decided."))])
    vote = StringField(
        _l("How it voted"),
        [InputRequired(_l("Say how the body voted, such as “7 for, 1 against, 1 abstained”.")),
         Length(max=200, message=_l("Keep it to 200 characters."))],
        description=_l("Such as “7 for, 1 against, 1 abstained”."),
    )  # fmt: skip
    link = StringField(
        _l("Where the minutes stand"), [Length(max=400, message=_l("Keep it to 400 characters."))]
    )

    def __init__(self, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rule.choices = [SelectChoice(name, COUNTING[name]) for name in COUNTED_BY[kind]]
        for name in UNASKED.get(kind, ()):  # its 0 stands; the page leaves the field out
            if not self[name].raw_data:
                self[name].data, self[name].validators = 0, []

    def rules(self) -> Rules:
        """Return the rules as filled in."""
        given = {name: self[name].data for name in LABELS}
        codes = (self.regions.data or "").replace(",", " ").split()
        return Rules(**given | {"regions": tuple(code.upper() for code in codes)})


def filled(rules: Rules) -> dict[str, Any]:
    """Return what the form shows for some rules."""
    data = {name: getattr(rules, name) for name in LABELS}
    return data | {"regions": ", ".join(rules.regions)}
