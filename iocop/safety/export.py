"""A member's own words and switched-off rules, in the member's own export."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from iocop.core.db import db
from iocop.members.export import exports
from iocop.safety.models import OwnWord
from iocop.safety.queries.lists import switched_off


@exports("safe_to_post")
def safe_to_post(member_id: int) -> dict[str, Any]:
    rows = select(OwnWord.word, OwnWord.role).where(OwnWord.member_id == member_id).order_by(OwnWord.id)
    return {
        "names": [dict(row) for row in db.session.execute(rows).mappings()],
        "rules_switched_off": switched_off(member_id),
    }
