"""What attached files say, so that they can be searched."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from iocop.core.db import Model, Moment


class AttachmentText(Model):
    """The words of one attached file; gone as soon as the file is removed."""

    __tablename__ = "attachment_text"
    __table_args__ = (CheckConstraint("state in ('read', 'unreadable', 'skipped')", name="state"),)

    attachment_id: Mapped[int] = mapped_column(ForeignKey("attachment.id"), primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    """*unreadable*: broken, protected or too much work; *skipped*: of a type without words, or too large."""
    text: Mapped[str] = mapped_column(default="")
    at: Mapped[Moment]
