"""Two people look before a member reaches level 3 for the first time: what they were shown, and what they said."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from iocop.core.db import Model, Moment
from iocop.core.models import BigKey


class LadderRule(Model):
    """Since when the ladder is climbed by a version of its rule (`ladder.LOOKED_AT`); without a row by the first."""

    __tablename__ = "ladder_rule"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    since: Mapped[Moment]


class LevelReview(Model):
    """A member has come to what level 3 of a domain asks for; a *declined* one is followed by another, later."""

    __tablename__ = "level_review"
    __table_args__ = (
        CheckConstraint("state in ('open', 'granted', 'declined')", name="state"),
        CheckConstraint("(state = 'open') = (closed_at is null)", name="closed"),
        Index("ix_level_review_member_id", "member_id", "domain_id"),
        Index("uq_level_review_open", "member_id", "domain_id", unique=True,
              sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    domain_id: Mapped[int] = mapped_column(ForeignKey("domain.id"))
    opened_at: Mapped[Moment]
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What the conditions rested on then, as of `RungChange`."""
    state: Mapped[str] = mapped_column(String(8), default="open")
    closed_at: Mapped[Moment | None]


class LevelWord(Model):
    """What one of the two says; their organization is that of the moment, 0 for whoever has not proved any."""

    __tablename__ = "level_word"
    __table_args__ = (CheckConstraint("power in ('steward', 'curator', 'board')", name="power"),)

    review_id: Mapped[int] = mapped_column(ForeignKey("level_review.id"), primary_key=True)
    org_group_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    power: Mapped[str] = mapped_column(String(7))
    """Which office let them look."""
    agrees: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(1000), default="")
    """What the member reads of it."""
    at: Mapped[Moment]
