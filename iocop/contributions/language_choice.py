"""What a form offers as a text's language: any of them or, first, the one it is written in."""

from __future__ import annotations

from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types

from iocop.contributions.detecting import detected
from iocop.contributions.languages import LANGUAGES


def languages_offered(text: str = "") -> list[SelectChoice]:
    """Return a form's choices; the first, whose value is empty, names what was detected as soon as there is a text."""
    name = dict(LANGUAGES).get(detected(text), "")
    found = _("Detected: %(language)s", language=name) if name else _("As it is written")
    return [SelectChoice("", found), *(SelectChoice(*each) for each in LANGUAGES)]
