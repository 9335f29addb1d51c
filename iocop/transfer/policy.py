"""What may be taken home, and why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from iocop.contributions import policy as contributions
from iocop.core.policy import ALLOWED, Verdict, refused
from iocop.spaces import policy as spaces
from iocop.spaces.labels import Channel

if TYPE_CHECKING:
    from iocop.contributions.models import Contribution
    from iocop.core.login import Viewer


def may_take_home(viewer: Viewer, root: Contribution) -> Verdict:
    """Say whether the viewer may have a topic or an article as a file: they may read it, and its label lets it out."""
    verdict = contributions.may_read(viewer, root)
    if not verdict:
        return verdict
    if root.state != "visible":
        return refused(_l("It is not shown at the moment, so it cannot be taken home."))
    if spaces.may_carry(viewer, root, Channel.EXPORT):
        return ALLOWED
    if root.label == "space":
        return refused(_l("It is shared within its space only: it can be read there, not taken home."))
    return refused(_l("It is shared with members: they can read it here, not take it home."))
