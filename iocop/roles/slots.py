"""Offices on the pages of members."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from flask import render_template
from markupsafe import Markup
from sqlalchemy import bindparam, select

from iocop.core import clock
from iocop.core.db import db
from iocop.core.slots import fills
from iocop.roles import queries, wording
from iocop.roles.models import RoleGrant

if TYPE_CHECKING:
    from collections.abc import Collection


_HELD = (
    select(RoleGrant)
    .where(RoleGrant.member_id.in_(bindparam("members", expanding=True)), queries.in_force(bindparam("now")))
    .order_by(RoleGrant.valid_from)
)


@fills("profile_section")
def offices(member_ids: Collection[int], **_about: Any) -> dict[int, Markup]:
    """Which offices each holds now, and by which decision."""
    by_member = defaultdict(list)
    for grant in db.session.scalars(_HELD, {"members": list(member_ids), "now": clock.now()}):
        by_member[grant.member_id].append(grant)
    return {
        member_id: Markup(render_template("roles/_profile.html", grants=grants, wording=wording))  # noqa: S704 -- ours
        for member_id, grants in by_member.items()
    }
