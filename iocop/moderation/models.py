"""Reports and rulings: one queue, and a log of what was done with what reason."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from iocop.core.db import Model, Moment
from iocop.core.models import BigKey

REASONS = ("spam", "unkind", "confidential", "copyright", "off_practice", "held", "other")
RULINGS = ("hide", "restore", "remove", "release", "dismiss", "suspend", "lift")


class Report(Model):
    """Somebody, or the site for a newcomer's first links, asks moderators to look at a contribution."""

    __tablename__ = "report"
    __table_args__ = (
        CheckConstraint(
            "reason in ('spam', 'unkind', 'confidential', 'copyright', 'off_practice', 'held', 'other')", name="reason"
        ),
        Index("ix_report_open", "ruling_id", "at"),
        Index("uq_report_once", "contribution_id", "reporter_id", unique=True,
              sqlite_where=text("ruling_id is null"), postgresql_where=text("ruling_id is null")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    contribution_id: Mapped[int] = mapped_column(ForeignKey("contribution.id"), index=True)
    reporter_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    """Empty when the site itself holds a newcomer's post."""
    reason: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(String(600), default="")
    at: Mapped[Moment]
    ruling_id: Mapped[int | None] = mapped_column(ForeignKey("ruling.id"))


class Ruling(Model):
    """What moderators did, to a contribution or a member, with the reason its author reads."""

    __tablename__ = "ruling"
    __table_args__ = (
        CheckConstraint(
            "kind in ('hide', 'restore', 'remove', 'release', 'dismiss', 'suspend', 'lift')", name="kind"
        ),
        CheckConstraint("contribution_id is not null or member_id is not null", name="subject"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    contribution_id: Mapped[int | None] = mapped_column(ForeignKey("contribution.id"), index=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)
    moderator_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    reason: Mapped[str] = mapped_column(String(600))
    at: Mapped[Moment]
    until: Mapped[Moment | None]
