"""The inbox and what each member wants to be told of, and how."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from iocop.core.db import Model, Moment
from iocop.core.models import BigKey

KINDS = (
    "answer", "reply", "mention", "acceptance", "distilled", "article", "suggestion", "reviewing", "keeping",
    "search", "standing", "expert", "election", "moderation", "space", "account",
)  # fmt: skip


class Notice(Model):
    """One line of a member's inbox: once for each (event, member)."""

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint(
            "kind in ('answer', 'reply', 'mention', 'acceptance', 'distilled', 'article', 'suggestion', 'reviewing',"
            " 'keeping', 'search', 'standing', 'expert', 'election', 'moderation', 'space', 'account')",
            name="kind",
        ),
        Index("uq_notice_once", "member_id", "event_key", unique=True),
        Index("ix_notice_inbox", "member_id", "at"),
        Index("ix_notice_unread", "member_id", "read_at", "root_id"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    event_key: Mapped[str] = mapped_column(String(80))
    """What it tells of, such as ``posted:12``: the same key never makes a second line."""
    kind: Mapped[str] = mapped_column(String(12))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    contribution_id: Mapped[int | None] = mapped_column(ForeignKey("contribution.id"))
    root_id: Mapped[int | None] = mapped_column(ForeignKey("contribution.id"))
    matter: Mapped[str] = mapped_column(String(16), default="")
    """What exactly, where a kind has several sentences (`notifications.words`), such as ``hide``."""
    words: Mapped[str] = mapped_column(String(500), default="")
    """What the sentence names: a moderator's reason, a space, an office."""
    at: Mapped[Moment]
    read_at: Mapped[Moment | None]


class NoticeChoice(Model):
    """Whether a member wants one kind of notice in the inbox and by mail; no row means yes to both."""

    __tablename__ = "notice_choice"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    inbox: Mapped[bool] = mapped_column(default=True)
    mail: Mapped[bool] = mapped_column(default=True)
