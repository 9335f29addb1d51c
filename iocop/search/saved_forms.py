"""The forms of saved searches."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import InputRequired, Length

from iocop.members.forms import Form


class SaveForm(Form):
    """Beside the results; *kind* is the tab."""

    text = StringField(_l("Search"), [InputRequired(_l("Type what to look for.")), Length(max=20_000)])
    kind = HiddenField()
    name = StringField(_l("Name"), [Length(max=80)])
    alert = BooleanField(_l("Tell me of what is new"))


class ChangeForm(Form):
    name = StringField(
        _l("Name"),
        [InputRequired(_l("Give the search a name.")), Length(max=80)],
        description=_l("As you call it."),
    )
    alert = BooleanField(
        _l("Tell me of what is new"),
        description=_l("In the inbox and by mail, as you choose under Notices; by mail once a day at most."),
    )
