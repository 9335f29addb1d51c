"""What stands about affiliations on the pages of members."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import render_template

from iocop.core import clock
from iocop.core.frame import kept_parts
from iocop.core.login import viewer
from iocop.core.slots import fills
from iocop.organizations import queries, wording

if TYPE_CHECKING:
    from collections.abc import Collection

    from markupsafe import Markup


@fills("profile_section")
def affiliations(member_ids: Collection[int], **_about: Any) -> dict[int, Markup]:
    """Where each works and worked, as far as the viewer may read it."""
    (member_id,) = member_ids  # a profile shows one person
    looking = viewer()
    seen_as = (looking.id == member_id, "board_member" in looking.roles)
    key = ("affiliations", member_id, looking.people_version, clock.now().date(), seen_as)
    return kept_parts((member_id,), key, _section)


def _section(member_id: int) -> str:
    rows = queries.affiliations_of((member_id,), viewer())
    return render_template("organizations/_profile.html", rows=rows, wording=wording) if rows else ""
