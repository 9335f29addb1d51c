"""Where members stand on the ladders, and how they came there."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from iocop.core.db import Model, Moment
from iocop.core.models import BigKey


class Rung(Model):
    """A member's level in a domain, 0 to 4; a steward's fifth is an office and stands in `roles`."""

    __tablename__ = "rung"
    __table_args__ = (
        CheckConstraint("level between 0 and 4 and highest between level and 4", name="level"),
        Index("ix_rung_domain_id", "domain_id", "level"),
    )

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    domain_id: Mapped[int] = mapped_column(ForeignKey("domain.id"), primary_key=True)
    level: Mapped[int] = mapped_column(default=0)
    since: Mapped[Moment]
    highest: Mapped[int] = mapped_column(default=0)
    """Its badge is kept: *emeritus* where the level is lower now."""
    noticed_at: Mapped[Moment | None]
    """When the member was told that the conditions no longer hold; empty while they do."""
    lowered_at: Mapped[Moment | None]


class RungChange(Model):
    """A step on a ladder, with what it rested on."""

    __tablename__ = "rung_change"
    __table_args__ = (
        CheckConstraint("why in ('reached', 'lowered')", name="why"),
        Index("ix_rung_change_member_id", "member_id", "at"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    domain_id: Mapped[int] = mapped_column(ForeignKey("domain.id"))
    at: Mapped[Moment]
    old: Mapped[int]
    new: Mapped[int]
    why: Mapped[str] = mapped_column(String(8))
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Standing in milli-points, organizations, accepted and contested answers at that moment."""


class StewardTold(Model):
    """What was told of a steward's term, so that it is told once."""

    __tablename__ = "steward_told"
    __table_args__ = (CheckConstraint("matter in ('silent', 'lapsed')", name="matter"),)

    grant_id: Mapped[int] = mapped_column(ForeignKey("role_grant.id"), primary_key=True)
    matter: Mapped[str] = mapped_column(String(6), primary_key=True)
    since: Mapped[Moment] = mapped_column(primary_key=True)
    """Of a silence: the steward's last deed there; of a lapse: the end of the term."""
    at: Mapped[Moment]
