"""Who may vote, frozen, and who took a voting token. Nothing here knows of a ballot."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from iocop.core.db import Model, Moment
from iocop.core.models import BigKey


class RollEntry(Model):
    """One member of a frozen roll. Erasure forgets member and salt; the leaf stays, for the roll is in the archive."""

    __tablename__ = "roll_entry"
    __table_args__ = (
        UniqueConstraint("election_id", "member_id"),
        UniqueConstraint("election_id", "leaf"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    election_id: Mapped[int] = mapped_column(ForeignKey("election.id"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    leaf: Mapped[bytes] = mapped_column(LargeBinary)
    size_band: Mapped[str] = mapped_column(String(12), default="")
    """The size of the employer at the freeze, for turnout by band."""
    blocked_reason: Mapped[str] = mapped_column(default="")
    """Why no token is issued, by a recorded act of the officers."""


class TokenIssue(Model):
    """One entry of the register of tokens: it carries no time and no member, only its place in the chain."""

    __tablename__ = "token_issue"
    __table_args__ = (UniqueConstraint("election_id", "number"), UniqueConstraint("entry_id"))

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    election_id: Mapped[int] = mapped_column(ForeignKey("election.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("roll_entry.id"))
    number: Mapped[int]
    """1, 2, 3, …: its place in the chain."""
    blinded: Mapped[bytes] = mapped_column(LargeBinary)
    blind_signature: Mapped[bytes] = mapped_column(LargeBinary)
    head: Mapped[bytes] = mapped_column(LargeBinary)
    """Of the chain, with this entry."""
    told: Mapped[bool] = mapped_column(default=False)
    """Whether the member was mailed, by a job that tells many at once and keeps no time."""


class BoardHead(Model):
    """A block of the public board, as it was mailed; the hashes of its ballots lie with the ballots."""

    __tablename__ = "board_head"
    __table_args__ = (
        UniqueConstraint("election_id", "number"),
        Index("ix_board_head_mailed_at", "mailed_at"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    election_id: Mapped[int] = mapped_column(ForeignKey("election.id"))
    number: Mapped[int]
    head: Mapped[bytes] = mapped_column(LargeBinary)
    ballots: Mapped[int]
    issues: Mapped[int]
    """How long the register of tokens was when the block was made."""
    issues_head: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[Moment]
    mailed_at: Mapped[Moment | None]
