"""Nominations, who seconds them, and what members complain of."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from iocop.core.db import Model, Moment
from iocop.core.models import BigKey


class Nomination(Model):
    """A member proposed for an election, from the proposal to a candidate's number in the freeze."""

    __tablename__ = "nomination"
    __table_args__ = (
        CheckConstraint(
            "state in ('proposed', 'declined', 'accepted', 'admitted', 'refused', 'withdrawn')", name="state"
        ),
        UniqueConstraint("election_id", "member_id"),
        UniqueConstraint("election_id", "number"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    election_id: Mapped[int] = mapped_column(ForeignKey("election.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    nominated_by_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    nominated_at: Mapped[Moment]
    state: Mapped[str] = mapped_column(String(10), default="proposed")
    answered_at: Mapped[Moment | None]
    statement: Mapped[str] = mapped_column(default="")
    statement_html: Mapped[str] = mapped_column(default="")
    interests: Mapped[str] = mapped_column(default="")
    """Declared interests: whom the candidate works for, advises, owns."""
    reason: Mapped[str] = mapped_column(default="")
    """Why the officers refused it, as the candidate reads it."""
    number: Mapped[int | None]
    """The candidate's number in the freeze."""
    group_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    """The organization group at the freeze."""
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("contribution.id"))
    """The campaign thread."""
    mailing: Mapped[str] = mapped_column(default="")
    mailing_sent_at: Mapped[Moment | None]
    serves: Mapped[bool | None]
    """For a casual vacancy: whether an unelected candidate is willing."""


class Seconding(Model):
    """A member who wants to see this candidate stand."""

    __tablename__ = "seconding"
    __table_args__ = (UniqueConstraint("nomination_id", "member_id"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    seconded_at: Mapped[Moment]


class ElectionComplaint(Model):
    """What a member complains of, and what two officers answered. `did_not_vote`: a token was issued in their name."""

    __tablename__ = "election_complaint"
    __table_args__ = (
        CheckConstraint("kind in ('complaint', 'refused_nomination', 'did_not_vote')", name="kind"),
        CheckConstraint("second_officer_id is null or second_officer_id <> first_officer_id", name="two"),
        Index("ix_election_complaint_election_id", "election_id"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    election_id: Mapped[int] = mapped_column(ForeignKey("election.id"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str]
    made_at: Mapped[Moment]
    answer: Mapped[str] = mapped_column(default="")
    upheld: Mapped[bool | None]
    first_officer_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    first_at: Mapped[Moment | None]
    second_officer_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    answered_at: Mapped[Moment | None]
