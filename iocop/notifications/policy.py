"""Who may read and close a notice: whose inbox it lies in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from iocop.core.policy import ALLOWED, Verdict, refused

if TYPE_CHECKING:
    from iocop.core.login import Viewer
    from iocop.notifications.models import Notice


def may_open(actor: Viewer, notice: Notice) -> Verdict:
    if notice.member_id != actor.id:
        return refused(_l("This notice is somebody else's."))
    return ALLOWED


def may_choose(actor: Viewer) -> Verdict:
    """Anybody signed in, suspended or not, says what they want to be told."""
    if not actor.is_authenticated:
        return refused(_l("Sign in to say what you want to be told."))
    return ALLOWED
