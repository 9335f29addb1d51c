"""A member's saved searches in the member's own export."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from iocop.core.db import db
from iocop.members.export import exports
from iocop.search.models import SavedSearch, SearchMatch


@exports("saved_searches")
def saved_searches(member_id: int) -> list[dict[str, Any]]:
    rows = db.session.scalars(
        select(SavedSearch).where(SavedSearch.member_id == member_id).order_by(SavedSearch.id)
    )
    return [
        {
            "name": row.name, "text": row.text, "kind": row.kind, "alert": row.alert, "feed": bool(row.feed_hash),
            "saved": row.created_at, "last_told": row.told_at, "found": _found(row.id),
        }
        for row in rows
    ]  # fmt: skip


def _found(saved_id: int) -> list[dict[str, Any]]:
    """Return what the member was told of, by number: what it says is somebody else's."""
    rows = select(SearchMatch.contribution_id, SearchMatch.at).where(SearchMatch.saved_search_id == saved_id)
    return [dict(row) for row in db.session.execute(rows.order_by(SearchMatch.at)).mappings()]
