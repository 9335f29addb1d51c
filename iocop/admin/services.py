"""The site's own settings, changed in the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from iocop.admin import policy
from iocop.admin.events import SiteChanged
from iocop.core import audit, colours
from iocop.core.db import act
from iocop.core.errors import Invalid
from iocop.core.events import emit
from iocop.core.policy import require
from iocop.core.site import change_site

if TYPE_CHECKING:
    from iocop.core.login import Viewer

REGISTRATION = ("open", "approval", "invitation")


def present_site(actor: Viewer, *, name: str, tagline: str, accent: str, registration: str) -> None:
    """Say what the site is called, how it looks, and who may join.

    Args:
        accent: ``#rrggbb``, or empty for the house's own.

    Raises:
        Refused: not an administrator.
        Invalid: no name, a colour nobody could read, or no such way to join.
    """
    name, tagline, accent = " ".join(name.split()), " ".join(tagline.split()), accent.strip().lower()
    if not name:
        raise Invalid(_l("The community needs a name."), "name")
    if registration not in REGISTRATION:
        raise Invalid(_l("Choose who may join."), "registration")
    _check_accent(accent)
    with act():
        require(policy.may_administer(actor))
        change_site(name=name, tagline=tagline, accent=accent, registration=registration)
        changed = ("name", "tagline", "accent", "registration")
        audit.record("present_site", actor.id, "site")
        emit(SiteChanged(actor.id, setting_ids=changed))


def _check_accent(accent: str) -> None:
    if not accent:
        return
    try:
        can_be_read = colours.readable(accent)
    except ValueError as error:
        raise Invalid(_l("Give the accent as #rrggbb, such as #1f5fa8."), "accent") from error
    if not can_be_read:
        raise Invalid(
            _l("Words in this colour cannot be read on paper white: choose a darker one."), "accent"
        )
