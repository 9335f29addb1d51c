"""The offices in a member's own export."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from iocop.core.db import db
from iocop.members.export import exports
from iocop.roles.models import RoleGrant

SHOWN = ("role", "scope_kind", "scope_id", "valid_from", "valid_to", "decision_id", "end_decision_id",
         "suspended_until", "suspension_reason")  # fmt: skip


@exports("offices")
def offices(member_id: int) -> list[dict[str, Any]]:
    rows = db.session.scalars(
        select(RoleGrant).where(RoleGrant.member_id == member_id).order_by(RoleGrant.valid_from, RoleGrant.id)
    )
    return [{key: getattr(row, key) for key in SHOWN} for row in rows]
