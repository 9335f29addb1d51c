"""What looked irregular in the ledger: evidence for people to judge, never a verdict."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from iocop.core.db import Model, Moment
from iocop.core.models import BigKey


class Irregularity(Model):
    """A ring of mutual endorsements, or a day far above a member's own."""

    __tablename__ = "irregularity"
    __table_args__ = (
        CheckConstraint("kind in ('ring', 'jump')", name="kind"),
        CheckConstraint("state in ('open', 'told', 'upheld', 'unfounded')", name="state"),
        Index("ix_irregularity_state", "state", "found_at"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    kind: Mapped[str] = mapped_column(String(4))
    key: Mapped[str] = mapped_column(String(64), unique=True)
    """Names the finding, so that a nightly search does not open it twice."""
    found_at: Mapped[Moment]
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Counts only: edges, shares inside, days; ids of members, no text."""
    state: Mapped[str] = mapped_column(String(9), default="open")
    told_at: Mapped[Moment | None]
    told_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    decided_at: Mapped[Moment | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    note: Mapped[str] = mapped_column(String(1000), default="")
    """What its members read of the decision."""


class IrregularityParty(Model):
    """A member whom an irregularity concerns, with what they said of it."""

    __tablename__ = "irregularity_party"

    irregularity_id: Mapped[int] = mapped_column(ForeignKey("irregularity.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True, index=True)
    answer: Mapped[str] = mapped_column(String(2000), default="")
    answered_at: Mapped[Moment | None]
