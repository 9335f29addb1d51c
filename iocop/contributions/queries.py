"""Reads of what was given; the hot ones are prebuilt statements."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from flask_babel import lazy_gettext as _l
from sqlalchemy import bindparam, case, select

from iocop.contributions import policy
from iocop.contributions.marks import COUNTED_ONLY, DOUBT
from iocop.contributions.models import (
    Attachment,
    Contribution,
    Draft,
    Follow,
    LabelChange,
    Link,
    Mark,
    ReadMark,
    Revision,
)
from iocop.core import clock
from iocop.core.db import db, placed, places, read
from iocop.core.errors import Missing
from iocop.organizations.models import MemberCard, Organization
from iocop.organizations.queries import stamp
from iocop.spaces.policy import readable
from iocop.spaces.queries import scope_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import Case, Select

    from iocop.core.login import Viewer


@cache
def _own_marks(count: int) -> Select[int, str, int]:
    """Return the statement for so many contributions, made once."""
    return select(Mark.contribution_id, Mark.kind, Mark.value).where(
        Mark.member_id == bindparam("member"),
        Mark.withdrawn_at.is_(None),
        Mark.contribution_id.in_(places(count)),
    )


@cache
def _read_positions(count: int) -> Select[int, int]:
    """Return the statement for so many roots, made once."""
    return select(ReadMark.root_id, ReadMark.position).where(
        ReadMark.member_id == bindparam("member"), ReadMark.root_id.in_(places(count))
    )


def contribution_for(viewer: Viewer, contribution_id: int) -> Contribution:
    """Return a contribution the viewer may read.

    Raises:
        Missing: there is none, or it is not open to the viewer: the two cannot be told apart.
    """
    found = db.session.get(Contribution, contribution_id)
    if found is None or not policy.may_read(viewer, found):
        raise Missing(_l("There is nothing here, or it is not open to you."))
    return found


def own_marks(member_id: int, ids: Collection[int]) -> dict[int, frozenset[str]]:
    """Return the kinds of a member's live marks on some contributions; one statement, none for a guest."""
    kinds: dict[int, set[str]] = {}
    if member_id and ids:
        for row in read(_own_marks(len(ids)), {"member": member_id} | placed(ids)):
            kinds.setdefault(row.contribution_id, set()).add(row.kind if row.value > 0 else DOUBT.key)
    return {key: frozenset(found) for key, found in kinds.items()}


class SignedMark(NamedTuple):
    """A mark as its page shows it: by whom, from where at that time, under which conditions."""

    kind: str
    member_id: int
    name: str
    number: int
    organization: str | None
    evidence: str | None
    context: dict[str, str]
    at: datetime


def signed_marks(contribution_id: int) -> list[SignedMark]:
    """Return the live signed marks on a contribution, oldest first.

    *Helpful* is secret, and so is who confirms something to be counted only: neither is ever listed.
    """
    rows = db.session.execute(
        select(
            Mark.kind, Mark.member_id, MemberCard.name, MemberCard.number, Organization.name.label("organization"),
            Mark.org_evidence, Mark.context, Mark.at,
        )
        .join(MemberCard, MemberCard.member_id == Mark.member_id)
        .outerjoin(Organization, Organization.id == Mark.organization_id)
        .where(Mark.contribution_id == contribution_id, Mark.kind != "helpful", Mark.withdrawn_at.is_(None))
        .order_by(Mark.at, Mark.id)
    )  # fmt: skip
    return [SignedMark(*row) for row in rows if row.context.get("shown") != COUNTED_ONLY]


def doubts(contribution_id: int) -> list[str]:
    """Return why members doubt an answer, in the order of the words, so that nothing tells who or when."""
    given = db.session.scalars(
        select(Mark.context).where(
            Mark.contribution_id == contribution_id, Mark.value < 0, Mark.withdrawn_at.is_(None)
        )
    )
    return sorted(context["reason"] for context in given if context.get("reason"))


def workplace(member_id: int) -> tuple[str, str]:
    """Return the size and the sector of a member's organization, as its page says; empty without one."""
    by = stamp(member_id, None, clock.now())
    organization = db.session.get(Organization, by.organization_id) if by.organization_id else None
    return (organization.size_band, organization.industry) if organization else ("", "")


class RevisionRow(NamedTuple):
    """One line of a history; without name or organization where its author's byline keeps them back."""

    number: int
    at: datetime
    reason: str
    editor_id: int
    name: str
    member_number: int
    organization: str | None


def as_signed() -> Case[str]:
    """Return how a revision, joined to its contribution, is signed: by its author as the contribution is."""
    return case((Revision.editor_id == Contribution.author_id, Contribution.byline), else_="named")


def revisions(contribution_id: int) -> list[RevisionRow]:
    """Return a contribution's revisions with their editors, newest first."""
    rows = db.session.execute(
        select(
            Revision.number, Revision.at, Revision.reason, Revision.editor_id, MemberCard.name,
            MemberCard.number.label("member_number"), Organization.name.label("organization"),
            as_signed().label("byline"),
        )
        .join(Contribution, Contribution.id == Revision.contribution_id)
        .join(MemberCard, MemberCard.member_id == Revision.editor_id)
        .outerjoin(Organization, Organization.id == Revision.organization_id)
        .where(Revision.contribution_id == contribution_id)
        .order_by(Revision.number.desc())
    )  # fmt: skip
    return [
        RevisionRow(
            row.number, row.at, row.reason, row.editor_id, "" if row.byline == "sealed" else row.name,
            row.member_number, row.organization if row.byline == "named" else None,
        )
        for row in rows
    ]  # fmt: skip


def revision(contribution_id: int, number: int) -> Revision:
    """Return one revision.

    Raises:
        Missing: no revision of that number.
    """
    found = db.session.get(Revision, (contribution_id, number))
    if found is None:
        raise Missing(_l("There is no such version."))
    return found


def label_changes(contribution_id: int) -> Sequence[LabelChange]:
    """Return every move of a contribution's label or space, newest first."""
    return db.session.scalars(
        select(LabelChange)
        .where(LabelChange.contribution_id == contribution_id)
        .order_by(LabelChange.at.desc(), LabelChange.id.desc())
    ).all()


def drafts_of(member_id: int) -> Sequence[Draft]:
    return db.session.scalars(
        select(Draft).where(Draft.member_id == member_id).order_by(Draft.updated_at.desc(), Draft.id)
    ).all()


def draft(member_id: int, key: str) -> dict[str, str]:
    """Return a draft's fields; empty if there is none."""
    fields = db.session.scalar(select(Draft.fields).where(Draft.member_id == member_id, Draft.key == key))
    return dict(fields or {})


def attachment(attachment_id: int) -> tuple[Attachment, Contribution | None] | None:
    """Return a file that was not removed, with the contribution that took it."""
    row = db.session.execute(
        select(Attachment, Contribution)
        .outerjoin(Contribution, Contribution.id == Attachment.contribution_id)
        .where(Attachment.id == attachment_id, Attachment.removed_at.is_(None))
    ).first()
    return (row[0], row[1]) if row else None


def waiting_files(member_id: int) -> Sequence[Attachment]:
    """Return a member's files that no contribution has taken yet, newest first."""
    return db.session.scalars(
        select(Attachment)
        .where(
            Attachment.owner_id == member_id,
            Attachment.contribution_id.is_(None),
            Attachment.removed_at.is_(None),
        )
        .order_by(Attachment.id.desc())
    ).all()


def followed(member_id: int, root_id: int) -> str:
    """Return how a member follows a root: ``followed``, ``muted`` or nothing."""
    muted = db.session.scalar(
        select(Follow.muted).where(Follow.member_id == member_id, Follow.root_id == root_id)
    )
    return "" if muted is None else "muted" if muted else "followed"


def followers(root_id: int) -> dict[int, bool]:
    """Return the members who follow a root, and whether each has muted it."""
    rows = db.session.execute(select(Follow.member_id, Follow.muted).where(Follow.root_id == root_id))
    return {row.member_id: row.muted for row in rows}


def read_positions(member_id: int, root_ids: Collection[int]) -> dict[int, int]:
    """Return how far a member has read under some roots, in one statement; unread roots are left out."""
    if not member_id or not root_ids:
        return {}
    rows = read(_read_positions(len(root_ids)), {"member": member_id} | placed(root_ids))
    return {row.root_id: row.position for row in rows}


def referring_to(viewer: Viewer, contribution_id: int) -> list[tuple[int, str]]:
    """Return the ids of what links to or quotes a contribution, as far as the viewer may read it."""
    rows = db.session.execute(
        select(Link.from_id, Link.kind)
        .join(Contribution, Contribution.id == Link.from_id)
        .where(
            Link.to_id == contribution_id,
            Contribution.state == "visible",
            readable(scope_of(viewer), Contribution.space_id, Contribution.label),
        )
        .order_by(Link.at, Link.from_id)
    )
    return [(row.from_id, row.kind) for row in rows]
