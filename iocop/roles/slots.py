"""Offices on the pages of members."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import render_template
from sqlalchemy import bindparam, select

from iocop.core import clock
from iocop.core.db import db
from iocop.core.frame import kept_parts
from iocop.core.login import viewer
from iocop.core.slots import fills
from iocop.roles import queries, wording
from iocop.roles.models import RoleGrant

if TYPE_CHECKING:
    from collections.abc import Collection

    from markupsafe import Markup


_HELD = (
    select(RoleGrant)
    .where(RoleGrant.member_id == bindparam("member"), queries.in_force(bindparam("now")))
    .order_by(RoleGrant.valid_from)
)


@fills("profile_section")
def offices(member_ids: Collection[int], **_about: Any) -> dict[int, Markup]:
    """Which offices each holds now, and by which decision."""
    (member_id,) = member_ids  # a profile shows one person
    key = ("offices", member_id, viewer().people_version, clock.now().date())
    return kept_parts((member_id,), key, _section)


def _section(member_id: int) -> str:
    grants = db.session.scalars(_HELD, {"member": member_id, "now": clock.now()}).all()
    return render_template("roles/_profile.html", grants=grants, wording=wording) if grants else ""
