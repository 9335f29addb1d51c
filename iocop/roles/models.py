"""Decisions, and the offices people hold by them."""

from __future__ import annotations

from datetime import date  # noqa: TC003 -- the mapping reads the annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from iocop.core.db import Model, Moment
from iocop.core.models import BigKey

ROLES = (
    "administrator",
    "moderator",
    "curator",
    "board_member",
    "returning_officer",
    "facilitator",
    "domain_steward",
)


class Decision(Model):
    """What a body decided, and when. Number 1 is *founding*: its powers end with the first certified board."""

    __tablename__ = "decision"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    body: Mapped[str] = mapped_column(String(80))
    decided_on: Mapped[date]
    text: Mapped[str]
    link: Mapped[str] = mapped_column(String(400), default="")
    recorded_at: Mapped[Moment]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))


class RoleGrant(Model):
    """An office held from one moment until another, site-wide or in one scope, resting on a decision."""

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint(
            "role in ('administrator', 'moderator', 'curator', 'board_member', 'returning_officer', 'facilitator',"
            " 'domain_steward')",
            name="role",
        ),
        CheckConstraint("valid_to is null or valid_to > valid_from", name="order"),
        Index("ix_role_grant_member_id_role", "member_id", "role"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    role: Mapped[str] = mapped_column(String(20))
    scope_kind: Mapped[str] = mapped_column(String(20), default="site")
    """``site``, ``domain`` or ``space``: a reference, checked by the granting service."""
    scope_id: Mapped[int | None]
    valid_from: Mapped[Moment]
    valid_to: Mapped[Moment | None]
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    end_decision_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"))
    suspended_at: Mapped[Moment | None]
    suspended_until: Mapped[Moment | None]
    """An emergency: until then it is not in force; it lapses by itself unless a decision ends the office."""
    suspension_reason: Mapped[str] = mapped_column(String(400), default="")
