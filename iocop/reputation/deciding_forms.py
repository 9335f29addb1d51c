"""The forms of what a recorded decision carries: a domain is divided, a rule is worth something else."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import InputRequired

from iocop.core.forms import Day, WholeNumber
from iocop.reputation.rules import RULES
from iocop.roles.queries import decisions


def offered_decisions() -> list[SelectChoice]:
    """Return the latest recorded decisions, to choose from."""
    return [SelectChoice(row.id, f"{row.id} · {row.body} · {row.decided_on}") for row in decisions(1).rows]


def _decision() -> SelectField:
    return SelectField(
        _l("By which decision"), [InputRequired(_l("Name the decision this rests on."))], coerce=int
    )


class DivideForm(FlaskForm):  # type: ignore[misc]
    """What goes where, and by which decision."""

    into = SelectField(_l("Into which domain"), [InputRequired(_l("Choose the other domain."))], coerce=int)
    tags = SelectMultipleField(
        _l("What stands under these tags moves"),
        [InputRequired(_l("Choose at least one tag: what stands under it moves."))],
        coerce=int,
    )
    decision = _decision()


class RuleForm(FlaskForm):  # type: ignore[misc]
    """What a rule is worth from which day on, and by which decision."""

    rule = SelectField(_l("Rule"), choices=[SelectChoice(key, rule.words) for key, rule in RULES.items()])
    points = WholeNumber(
        _l("Base points"),
        [InputRequired(_l("Give a whole number of points."))],
        description=_l("Before it is weighed. What costs points is below zero."),
    )
    since = Day(
        _l("In force from"),
        [InputRequired(_l("Choose a day to come."))],
        description=_l("From the beginning of that day, UTC. What was earned before keeps its value."),
    )
    decision = _decision()
