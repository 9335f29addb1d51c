"""An imported author turns out to be a member: what they gave is the member's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, or_, select, update

from iocop.contributions.events import Rewritten
from iocop.contributions.models import (
    Attachment,
    Contribution,
    Follow,
    LabelChange,
    Mark,
    Mention,
    ReadMark,
    Revision,
)
from iocop.contributions.services.marking import recount
from iocop.core import clock
from iocop.core.db import act
from iocop.core.events import emit
from iocop.core.versions import bump

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import InstrumentedAttribute

_ACTORS: tuple[InstrumentedAttribute[int], ...] = (
    Contribution.author_id,
    Revision.editor_id,
    Attachment.owner_id,
    LabelChange.actor_id,
)


def adopt_contributions(actor_id: int | None, imported_id: int, member_id: int) -> None:
    """Give everything of an imported author to a member; where both did the same, the member's own stands."""
    with act() as session:
        own = select(Contribution.id).where(Contribution.author_id == imported_id).order_by(Contribution.id)
        adopted = tuple(session.scalars(own))
        for column in _ACTORS:
            session.execute(update(column.class_).where(column == imported_id).values({column: member_id}))
        for table, key in ((Follow, "root_id"), (ReadMark, "root_id"), (Mention, "contribution_id")):
            mine = select(getattr(table, key)).where(table.member_id == member_id)
            session.execute(
                delete(table).where(table.member_id == imported_id, getattr(table, key).in_(mine))
            )
            session.execute(update(table).where(table.member_id == imported_id).values(member_id=member_id))
        _adopt_marks(imported_id, member_id)
        bump("people", "topics")
        if adopted:
            emit(Rewritten(actor_id, adopted))


def _adopt_marks(imported_id: int, member_id: int) -> None:
    with act() as session:
        session.expire_all()
        doubled = select(Mark.id).where(
            Mark.member_id == imported_id, Mark.withdrawn_at.is_(None), _marked_by(member_id)
        )
        changed = set(session.scalars(select(Mark.contribution_id).where(Mark.id.in_(doubled))))
        session.execute(update(Mark).where(Mark.id.in_(doubled)).values(withdrawn_at=clock.now()))
        session.execute(update(Mark).where(Mark.member_id == imported_id).values(member_id=member_id))
        changed |= _withdraw_own(member_id)
        for contribution_id in sorted(changed):
            recount(session.get_one(Contribution, contribution_id))


def _marked_by(member_id: int) -> ColumnElement[bool]:
    """The same contribution bears the same live mark of the member already."""
    mine = Mark.__table__.alias("mine")
    return (
        select(mine.c.id)
        .where(
            mine.c.member_id == member_id,
            mine.c.withdrawn_at.is_(None),
            mine.c.contribution_id == Mark.contribution_id,
            mine.c.kind == Mark.kind,
        )
        .exists()
    )


def _withdraw_own(member_id: int) -> set[int]:
    """Withdraw the marks that now stand on own contributions; return whose numbers changed."""
    own = (
        Mark.member_id == member_id,
        Mark.withdrawn_at.is_(None),
        or_(Mark.kind == "helpful", Mark.kind == "works_here"),
        Mark.contribution_id.in_(select(Contribution.id).where(Contribution.author_id == member_id)),
    )
    with act() as session:
        changed = set(session.scalars(select(Mark.contribution_id).where(*own)))
        session.execute(update(Mark).where(*own).values(withdrawn_at=clock.now()))
    return changed
