"""A member's inbox and choices in the member's own export."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from iocop.core.db import db
from iocop.members.export import exports
from iocop.notifications.models import Notice, NoticeChoice


@exports("notices")
def notices(member_id: int) -> list[dict[str, Any]]:
    rows = select(
        Notice.kind, Notice.matter, Notice.words, Notice.contribution_id, Notice.at, Notice.read_at
    ).where(Notice.member_id == member_id)
    return [dict(row) for row in db.session.execute(rows.order_by(Notice.at, Notice.id)).mappings()]


@exports("notice_choices")
def notice_choices(member_id: int) -> list[dict[str, Any]]:
    rows = select(NoticeChoice.kind, NoticeChoice.inbox, NoticeChoice.mail)
    own = rows.where(NoticeChoice.member_id == member_id).order_by(NoticeChoice.kind)
    return [dict(row) for row in db.session.execute(own).mappings()]
