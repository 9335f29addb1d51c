"""What moderators see on a member's profile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from iocop.core.login import viewer
from iocop.core.slots import fills

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_SECTION = Markup(
    '<section class="stack" aria-labelledby="moderation"><h2 id="moderation">{}</h2><p><a href="{}">{}</a></p></section>'
)


@fills("profile_section")
def moderation_link(member_ids: Collection[int], **_about: Any) -> Mapping[int, Markup]:
    """Lead moderators from a profile to what was decided about the member; nobody else sees it, nor on one's own."""
    if "moderator" not in viewer().roles:
        return {}
    title, words = _("Moderation"), _("What was decided about this member")
    return {
        key: _SECTION.format(title, url_for("moderation.member", member_id=key), words)
        for key in member_ids
        if key != viewer().id
    }
