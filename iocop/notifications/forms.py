"""What a member wants to be told, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField

from iocop.notifications.models import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping


class ChoicesForm(FlaskForm):  # type: ignore[misc]
    """Two boxes a kind, named ``answer_inbox``, ``answer_mail`` and so on."""

    def chosen(self) -> dict[str, tuple[bool, bool]]:
        return {kind: (self[f"{kind}_inbox"].data, self[f"{kind}_mail"].data) for kind in KINDS}


for _kind in KINDS:
    setattr(ChoicesForm, f"{_kind}_inbox", BooleanField(_l("Inbox")))
    setattr(ChoicesForm, f"{_kind}_mail", BooleanField(_l("Mail")))


def filled(chosen: Mapping[tuple[int, str], tuple[bool, bool]], member_id: int) -> ChoicesForm:
    """Return the form as it was sent, or with what stands."""
    data = {}
    for kind in KINDS:
        data[f"{kind}_inbox"], data[f"{kind}_mail"] = chosen.get((member_id, kind), (True, True))
    return ChoicesForm(data=data)
