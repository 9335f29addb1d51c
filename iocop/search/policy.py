"""Who may save searches, change the saved ones, and tidy what was looked for in vain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from iocop.core import clock
from iocop.core.policy import ALLOWED, Verdict, refused
from iocop.roles.queries import holds

if TYPE_CHECKING:
    from iocop.core.login import Viewer
    from iocop.search.models import SavedSearch


def may_save_search(actor: Viewer) -> Verdict:
    """Anybody signed in, suspended or not: it is a note to themselves."""
    if not actor.is_authenticated:
        return refused(_l("Sign in to save a search."))
    return ALLOWED


def may_change_saved(actor: Viewer, saved: SavedSearch) -> Verdict:
    if saved.member_id != actor.id:
        return refused(_l("This saved search is somebody else's."))
    return ALLOWED


def may_drop_missed(actor: Viewer) -> Verdict:
    """Those who keep the repertoire tidy its board of requests."""
    if actor.suspended:
        return refused(_l("Suspended members cannot do this."))
    now = clock.now()
    if not (holds(actor.id, "curator", now) or holds(actor.id, "administrator", now)):
        return refused(_l("Only curators and administrators take something from this list."))
    return ALLOWED
