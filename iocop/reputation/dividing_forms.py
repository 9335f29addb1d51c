"""The form by which a domain is divided."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, SelectMultipleField
from wtforms.validators import InputRequired


class DivideForm(FlaskForm):  # type: ignore[misc]
    """What goes where, and by which decision."""

    into = SelectField(_l("Into which domain"), [InputRequired(_l("Choose the other domain."))], coerce=int)
    tags = SelectMultipleField(
        _l("What stands under these tags moves"),
        [InputRequired(_l("Choose at least one tag: what stands under it moves."))],
        coerce=int,
    )
    decision = SelectField(
        _l("By which decision"), [InputRequired(_l("Name the decision this rests on."))], coerce=int
    )
