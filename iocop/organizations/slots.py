"""What stands about affiliations on the pages of members."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from flask import render_template
from markupsafe import Markup

from iocop.core.login import viewer
from iocop.core.slots import fills
from iocop.organizations import queries, wording

if TYPE_CHECKING:
    from collections.abc import Collection


@fills("profile_section")
def affiliations(member_ids: Collection[int], **_about: Any) -> dict[int, Markup]:
    """Where each works and worked, as far as the viewer may read it."""
    by_member = defaultdict(list)
    for row in queries.affiliations_of(member_ids, viewer()):
        by_member[row.Affiliation.member_id].append(row)
    return {
        member_id: Markup(render_template("organizations/_profile.html", rows=rows, wording=wording))  # noqa: S704 -- ours
        for member_id, rows in by_member.items()
    }
