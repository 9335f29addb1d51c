"""The practice ledger: only ever added to. What it sums to is kept beside it, and a replay gives the same."""

from __future__ import annotations

from datetime import date  # noqa: TC003 -- the mapping reads the annotations
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from iocop.core.db import Model, Moment
from iocop.core.models import BigKey


class RuleVersion(Model):
    """What a rule is worth from a moment on, by a decision. Its first version came with the site (`rules.RULES`)."""

    __tablename__ = "ledger_rule"
    __table_args__ = (UniqueConstraint("rule", "version"), UniqueConstraint("rule", "since"))

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    rule: Mapped[str] = mapped_column(String(20))
    version: Mapped[int]
    since: Mapped[Moment]
    base_mp: Mapped[int]
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))


class LedgerRow(Model):
    """One event of one member in one domain, in milli-points, with every factor its amount was made of.

    Rows have no state: what undoes a row is another one with the exact negative, which names it.
    """

    __tablename__ = "ledger"
    __table_args__ = (
        CheckConstraint("member_id <> actor_id", name="another"),
        UniqueConstraint("reverses_id"),
        Index("ix_ledger_member_id", "member_id", "id"),
        Index("ix_ledger_source", "source_id", "rule"),
        Index("ix_ledger_actor", "actor_id", "member_id", "at"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    at: Mapped[Moment]
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    domain_id: Mapped[int] = mapped_column(ForeignKey("domain.id"))
    rule: Mapped[str] = mapped_column(String(20))
    rule_version: Mapped[int]
    base_mp: Mapped[int]
    factors: Mapped[dict[str, Any]] = mapped_column(JSON)
    amount_mp: Mapped[int] = mapped_column(BigInteger)
    source_id: Mapped[int] = mapped_column(ForeignKey("contribution.id"))
    """The answer or article it is about."""
    occasion: Mapped[str] = mapped_column(String(40), default="")
    """What tells two acts of the same person on the same thing apart, such as the year of a confirmation."""
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    """Who endorsed; never shown. Empty where nobody else acted."""
    actor_organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    actor_group_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    """The actor's organization group then, where it was proved; all others together count as one."""
    recipient_organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("ledger.id"))
    because: Mapped[str] = mapped_column(String(12), default="")
    """Of a row that undoes another: ``withdrawn``, ``removed``, ``irregular``, ``restored`` or ``moved``."""


class Settlement(Model):
    """Points of one ledger row became standing; what has settled stays settled unless its row is undone."""

    __tablename__ = "settlement"
    __table_args__ = (
        Index("ix_settlement_member_id", "member_id", "domain_id", "day"),
        Index("ix_settlement_ledger_id", "ledger_id"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    at: Mapped[Moment]
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    domain_id: Mapped[int] = mapped_column(ForeignKey("domain.id"))
    ledger_id: Mapped[int] = mapped_column(ForeignKey("ledger.id"))
    """Whose points these are."""
    because_id: Mapped[int] = mapped_column(ForeignKey("ledger.id"))
    """The row that let them settle: mostly itself, else what another organization added, or what undid it."""
    amount_mp: Mapped[int] = mapped_column(BigInteger)
    day: Mapped[date]
    """From which it fades; of an undone settlement, the day it had."""


class Balance(Model):
    """What a member's rows in a domain sum to: kept, and always equal to a replay."""

    __tablename__ = "balance"
    __table_args__ = (Index("ix_balance_domain_id", "domain_id", "standing_mp"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    domain_id: Mapped[int] = mapped_column(ForeignKey("domain.id"), primary_key=True)
    earned_mp: Mapped[int] = mapped_column(BigInteger, default=0)
    """The sum of the ledger's rows: settled and pending."""
    settled_mp: Mapped[int] = mapped_column(BigInteger, default=0)
    """The lifetime points, as a member sees them."""
    organizations: Mapped[int] = mapped_column(default=0)
    """Different proved organization groups whose endorsements stand."""
    participation: Mapped[int] = mapped_column(default=0)
    """Endorsements of questions: welcome, and no expertise."""
    accepted: Mapped[int] = mapped_column(default=0)
    contested: Mapped[int] = mapped_column(default=0)
    """Answers to questions that have an accepted answer."""
    standing_mp: Mapped[int] = mapped_column(BigInteger, default=0)
    """The faded sum on *standing_on*, made anew each night and at each change: what lists are ordered by."""
    standing_on: Mapped[date]


class DayBalance(Model):
    """What settled on one day: standing is the sum of these, each faded by its age."""

    __tablename__ = "day_balance"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    domain_id: Mapped[int] = mapped_column(ForeignKey("domain.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    settled_mp: Mapped[int] = mapped_column(BigInteger)


class CommunityDay(Model):
    """How many were active in the 365 days that end with a day: small communities' shares are wider. Written once."""

    __tablename__ = "community_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    organizations: Mapped[int]
    people: Mapped[int]
