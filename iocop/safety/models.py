"""What is kept to warn by: terms nobody can read, a member's own list, and rules a member has switched off."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from iocop.core.db import Model, Moment
from iocop.core.models import BigKey


class ConfidentialTerm(Model):
    """One term of an organization's list, as a digest under a key that is not in the database."""

    __tablename__ = "confidential_term"
    __table_args__ = (
        UniqueConstraint("organization_id", "digest"),
        CheckConstraint("words between 1 and 5", name="words"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    digest: Mapped[str] = mapped_column(String(64))
    words: Mapped[int]
    capital: Mapped[bool]
    """It was typed with a capital, and is looked for only where one stands."""
    added_by_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    added_at: Mapped[Moment]


class OwnWord(Model):
    """A name a member does not want to post, and the role that may stand for it; the member's alone."""

    __tablename__ = "own_word"
    __table_args__ = (UniqueConstraint("member_id", "folded"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    word: Mapped[str] = mapped_column(String(120))
    folded: Mapped[str] = mapped_column(String(240))
    """As it is compared: folded words with one space between them."""
    role: Mapped[str] = mapped_column(String(120), default="")


class SwitchedOff(Model):
    """A rule that warns a member no more."""

    __tablename__ = "switched_off"
    __table_args__ = (
        CheckConstraint("rule in ('confidential', 'client', 'money', 'address', 'file')", name="rule"),
    )

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    rule: Mapped[str] = mapped_column(String(12), primary_key=True)
