"""What a member gave, for the export of their own data."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from iocop.contributions.marks import DOUBT
from iocop.contributions.models import Attachment, Contribution, Draft, Follow, Mark, Revision
from iocop.core.db import db
from iocop.members.export import exports
from iocop.organizations.models import Organization

_GIVEN = (
    "id", "kind", "root_id", "parent_id", "position", "byline", "label", "language", "licence", "state", "state_reason",
    "created_at", "edited_at", "removed_at", "attribution", "text",
)  # fmt: skip


@exports("contributions")
def contributions(member_id: int) -> list[dict[str, Any]]:
    """Give every text with what it said before; a text removed by a moderator is the author's still."""
    before: dict[int, list[dict[str, Any]]] = {}
    revisions = select(Revision).join(Contribution, Contribution.id == Revision.contribution_id)
    for row in db.session.scalars(
        revisions.where(Contribution.author_id == member_id).order_by(Revision.number)
    ):
        before.setdefault(row.contribution_id, []).append(
            {"number": row.number, "at": row.at, "reason": row.reason, "title": row.title, "text": row.text}
        )
    given = (
        select(Contribution, Organization.name)
        .outerjoin(Organization, Organization.id == Contribution.organization_id)
        .where(Contribution.author_id == member_id)
        .order_by(Contribution.id)
    )
    return [
        {name: getattr(thing, name) for name in _GIVEN}
        | {"organization": organization, "revisions": before.get(thing.id, [])}
        for thing, organization in db.session.execute(given)
    ]


@exports("marks")
def marks(member_id: int) -> list[dict[str, Any]]:
    rows = db.session.scalars(select(Mark).where(Mark.member_id == member_id).order_by(Mark.id))
    return [
        {
            "contribution": row.contribution_id,
            "kind": row.kind if row.value > 0 else DOUBT.key,
            "context": row.context,
            "at": row.at,
            "withdrawn_at": row.withdrawn_at,
        }
        for row in rows
    ]


@exports("drafts")
def drafts(member_id: int) -> list[dict[str, Any]]:
    rows = db.session.scalars(select(Draft).where(Draft.member_id == member_id).order_by(Draft.id))
    return [{"key": row.key, "updated_at": row.updated_at, **row.fields} for row in rows]


@exports("follows")
def follows(member_id: int) -> list[dict[str, Any]]:
    rows = db.session.scalars(select(Follow).where(Follow.member_id == member_id).order_by(Follow.root_id))
    return [{"root": row.root_id, "muted": row.muted, "since": row.since} for row in rows]


@exports("files")
def files(member_id: int) -> list[dict[str, Any]]:
    rows = db.session.scalars(
        select(Attachment)
        .where(Attachment.owner_id == member_id, Attachment.removed_at.is_(None))
        .order_by(Attachment.id)
    )
    return [
        {"name": row.name, "contribution": row.contribution_id, "size": row.size, "at": row.created_at}
        for row in rows
    ]
