"""The forms of the settings page and of an organization's list."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.fields.choices import SelectChoice, SelectMultipleField  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from iocop.members.forms import Form
from iocop.safety.wording import NAMES


class OwnWordForm(Form):
    word = StringField(
        _l("Name"), [InputRequired(_l("Type a name.")), Length(max=120)],
        description=_l("A client, a project, a site: as you would write it."),
    )  # fmt: skip
    role = StringField(
        _l("Role that may stand for it"), [Length(max=120)], description=_l("Such as: a dairy in the north")
    )


class RulesForm(Form):
    rules = SelectMultipleField(
        _l("Rules that warn you"), choices=[SelectChoice(rule, name) for rule, name in NAMES.items()],
        widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(),
    )  # fmt: skip


class TryForm(Form):
    text = TextAreaField(
        _l("A text to try"), [InputRequired(_l("Type a text to try.")), Length(max=65_536)],
        description=_l("It is looked through as if competitors met there, and kept nowhere."),
    )  # fmt: skip


class TermsForm(Form):
    terms = TextAreaField(
        _l("Terms, one a line"), [InputRequired(_l("Type at least one term.")), Length(max=100_000)],
        description=_l(
            "One to five words each. A term typed with a capital is looked for where a capital or a digit stands; one"
            " typed small is looked for everywhere."
        ),
    )  # fmt: skip


class UnlistForm(Form):
    gone = TextAreaField(
        _l("Terms to take off, one a line"), [InputRequired(_l("Type at least one term.")), Length(max=100_000)],
        description=_l("Type each as it was typed before: nobody can read the list, so it cannot be picked from one."),
    )  # fmt: skip
