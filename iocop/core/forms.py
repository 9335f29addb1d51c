"""What the forms of several features share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from wtforms import SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from iocop.core.login import viewer
from iocop.core.policy import fact

if TYPE_CHECKING:
    from iocop.core.errors import Invalid


class Checkboxes(SelectMultipleField):
    """Several of a few: checkboxes in a list."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


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
