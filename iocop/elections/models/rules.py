"""Rule sets with dates: what an election takes its rules from when it leaves *draft*."""

from __future__ import annotations

from datetime import date  # noqa: TC003 -- the mapping reads the annotations
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from iocop.core.db import Model, Moment
from iocop.core.models import BigKey


class ElectionRuleSet(Model):
    """The rules for one kind of election from a day on, as one decision changed them; never rewritten."""

    __tablename__ = "election_rule_set"
    __table_args__ = (Index("ix_election_rule_set_kind_takes_effect_on", "kind", "takes_effect_on"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    takes_effect_on: Mapped[date]
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The fields of `elections.rules.Rules`."""
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))
    vote: Mapped[str] = mapped_column(String(200))
    """How the body voted on it, such as "7 for, 1 against, 1 abstained"."""
    recorded_at: Mapped[Moment]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
