"""What a member reported, and what was decided about them, in the member's own export; moderators are not named."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select

from iocop.contributions.models import Contribution
from iocop.core.db import db
from iocop.members.export import exports
from iocop.moderation.models import Report, Ruling


@exports("reports")
def reports(member_id: int) -> list[dict[str, Any]]:
    rows = select(Report.contribution_id, Report.reason, Report.note, Report.at)
    own = rows.where(Report.reporter_id == member_id).order_by(Report.at, Report.id)
    return [dict(row) for row in db.session.execute(own).mappings()]


@exports("rulings")
def rulings(member_id: int) -> list[dict[str, Any]]:
    rows = select(Ruling.kind, Ruling.contribution_id, Ruling.reason, Ruling.at, Ruling.until)
    about = (
        rows.outerjoin(Contribution, Contribution.id == Ruling.contribution_id)
        .where(or_(Ruling.member_id == member_id, Contribution.author_id == member_id))
        .order_by(Ruling.at, Ruling.id)
    )
    return [dict(row) for row in db.session.execute(about).mappings()]
