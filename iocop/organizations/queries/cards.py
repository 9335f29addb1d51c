"""Members as they are called now, with where they work: the lines that stand beside what they wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from iocop.core.db import read
from iocop.organizations.models import MemberCard

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Row

_CARDS = select(
    MemberCard.member_id, MemberCard.number, MemberCard.name, MemberCard.photo_key, MemberCard.state,
    MemberCard.organization_id, MemberCard.organization_name,
).where(MemberCard.member_id.in_(bindparam("ids", expanding=True)))  # fmt: skip


def cards(member_ids: Collection[int]) -> dict[int, Row[*tuple[Any, ...]]]:
    """Return members as they are called now, by id, in one statement."""
    if not member_ids:
        return {}
    return {row.member_id: row for row in read(_CARDS, {"ids": list(member_ids)})}
