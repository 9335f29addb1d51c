"""Proposals: every change to the repertoire waits here for two people of two organizations."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from iocop.core.db import Model, Moment
from iocop.core.models import BigKey

ACTS = ("new", "edit", "seal", "relabel", "obsolete", "merge", "delete")
STATUSES = ("draft", "waiting", "changes", "declined", "withdrawn", "published")


class Proposal(Model):
    """A suggested change; its text, author and saves stand in its contribution, whose replies are its discussion.

    What it asks for besides the text stands in *fields* (`repertoire.fields.Fields`). Every save that changes
    something begins a new round; approvals count for the round they were given in.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        CheckConstraint(
            "act in ('new', 'edit', 'seal', 'relabel', 'obsolete', 'merge', 'delete')", name="act"
        ),
        CheckConstraint(
            "status in ('draft', 'waiting', 'changes', 'declined', 'withdrawn', 'published')", name="status"
        ),
        CheckConstraint("act = 'new' or article_id is not null", name="article"),
        Index("ix_proposal_queue", "status", "submitted_at", "id"),
    )

    id: Mapped[int] = mapped_column(ForeignKey("contribution.id"), primary_key=True)
    act: Mapped[str] = mapped_column(String(8))
    article_id: Mapped[int | None] = mapped_column(ForeignKey("article.id"), index=True)
    """What it would change; for a new article, what came of it."""
    base_version: Mapped[int | None]
    """The article's version it started from."""
    title: Mapped[str] = mapped_column(String(200))
    fields: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    round: Mapped[int] = mapped_column(default=1)
    status: Mapped[str] = mapped_column(String(9), default="draft")
    submitted_at: Mapped[Moment | None]
    """When it entered the queue, after the last changes asked for."""
    widened_at: Mapped[Moment | None]
    """When it was offered to neighbouring domains."""
    decided_at: Mapped[Moment | None]


class Review(Model):
    """What one person said of one round of a proposal, with their organization at that time."""

    __tablename__ = "review"
    __table_args__ = (
        CheckConstraint("verdict in ('approve', 'changes', 'decline', 'recuse')", name="verdict"),
        CheckConstraint("power in ('curator', 'level', 'none')", name="power"),
        UniqueConstraint("proposal_id", "round", "reviewer_id"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    round: Mapped[int]
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    verdict: Mapped[str] = mapped_column(String(8))
    power: Mapped[str] = mapped_column(String(8))
    """What the right to decide rested on: a dated grant, or the domain's ladder."""
    reason: Mapped[str] = mapped_column(String(2000), default="")
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    org_group_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    org_evidence: Mapped[str | None] = mapped_column(String(10))
    at: Mapped[Moment]


class Passage(Model):
    """A paragraph of a text that was taken from a post: where it came from, whatever becomes of its words."""

    __tablename__ = "passage"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    contribution_id: Mapped[int] = mapped_column(ForeignKey("contribution.id"), index=True)
    """The proposal it was distilled into, or the article that was published from it."""
    post_id: Mapped[int] = mapped_column(ForeignKey("contribution.id"), index=True)
    position: Mapped[int]
    text: Mapped[str]
    """The paragraph as it was taken."""
    at: Mapped[Moment]


class Credit(Model):
    """A person's share in an article's present text, in ten-thousandths; an article's shares sum to 10,000."""

    __tablename__ = "credit"
    __table_args__ = (
        CheckConstraint("share between 1 and 10000", name="share"),
        UniqueConstraint("article_id", "member_id", "sealed"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    sealed: Mapped[bool] = mapped_column(default=False)
    """Whether it is for words that the member gave without their name: it is never shown with it."""
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    """At the time of the member's latest surviving words; empty where they did not name it."""
    share: Mapped[int]


class PassageNote(Model):
    """A comment on a stretch of an article's text; what it is about is kept, should the words go."""

    __tablename__ = "passage_note"

    id: Mapped[int] = mapped_column(ForeignKey("contribution.id"), primary_key=True)
    quote: Mapped[str] = mapped_column(String(400))
    before: Mapped[str] = mapped_column(String(80), default="")
    after: Mapped[str] = mapped_column(String(80), default="")
    number: Mapped[int]
    """The revision it was written on."""
    settled_at: Mapped[Moment | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
