"""What the forms of several features share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from wtforms import DateField, IntegerField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from iocop.core.login import viewer
from iocop.core.policy import fact

if TYPE_CHECKING:
    from iocop.core.errors import Invalid


class Checkboxes(SelectMultipleField):
    """Several of a few: checkboxes in a list."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class Day(DateField):
    """A day, as browsers send it or as it is typed where they offer no calendar."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Give the day as year, month and day, such as 2027-01-31.")) from None


class WholeNumber(IntegerField):
    """A whole number; what was typed instead of one stays to be mended."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Give a whole number.")) from None


def asked_back(form: Any, field: str, before: str = "") -> Any:
    """Return what a feature above wants to ask about a field that others will read, before the form is acted on.

    Args:
        before: what stands there now; words of it are not asked about again.
    """
    return fact("asked_back", form, viewer(), field, before, default=None)


def show_error(form: Any, error: Invalid) -> None:
    """Put an error beside the field it names, or above the form."""
    field = getattr(form, error.field or "", None)
    if field is not None and hasattr(field, "errors"):
        field.errors = [*field.errors, str(error)]
    else:
        form.form_errors.append(str(error) or _("That did not work"))
