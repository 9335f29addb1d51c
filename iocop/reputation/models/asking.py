"""Whom to ask: what members offer, and what they were asked."""

from __future__ import annotations

from datetime import date  # noqa: TC003 -- the mapping reads the annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from iocop.core.db import Model, Moment
from iocop.core.models import BigKey


class Availability(Model):
    """How often a member is glad to be asked; without a row, three times a week."""

    __tablename__ = "availability"
    __table_args__ = (CheckConstraint("per_week between 0 and 20", name="per_week"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    per_week: Mapped[int] = mapped_column(default=3)
    away_until: Mapped[date | None]
    """The first day they can be asked again."""
    time_zone: Mapped[str] = mapped_column(String(40), default="")
    note: Mapped[str] = mapped_column(String(200), default="")
    """How they like to be reached, in their own words."""


class ExpertRequest(Model):
    """The asker of a question asked one member for an answer."""

    __tablename__ = "expert_request"
    __table_args__ = (
        CheckConstraint("state in ('open', 'agreed', 'answered', 'declined', 'lapsed')", name="state"),
        UniqueConstraint("topic_id", "expert_id"),
        Index("ix_expert_request_expert_id", "expert_id", "asked_at"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"))
    asker_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    expert_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    note: Mapped[str] = mapped_column(String(300), default="")
    state: Mapped[str] = mapped_column(String(8), default="open")
    asked_at: Mapped[Moment]
    agreed_at: Mapped[Moment | None]
    """When they promised an answer."""
    settled_at: Mapped[Moment | None]


class Greeting(Model):
    """A newcomer was greeted by name; the list of those who wait is short when this works."""

    __tablename__ = "greeting"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    greeter_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    at: Mapped[Moment]
