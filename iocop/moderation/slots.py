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


@fills("profile_section")
def moderation_link(member_ids: Collection[int], **_about: Any) -> Mapping[int, Markup]:
    """Lead moderators from a profile to what was decided about the member; nobody else sees it, nor on one's own."""
    if "moderator" not in viewer().roles:
        return {}
    line = Markup('<p><a class="button small" href="{}">{}</a></p>')
    return {
        key: line.format(url_for("moderation.member", member_id=key), _("Moderation"))
        for key in member_ids
        if key != viewer().id
    }
