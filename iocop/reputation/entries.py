"""What stands in the ledger, as books take it: rows, and what settled of them. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime


class Entry(NamedTuple):
    """A row of the ledger."""

    id: int
    at: datetime
    member_id: int
    domain_id: int
    rule: str
    rule_version: int
    base_mp: int
    factors: Mapping[str, Any]
    amount_mp: int
    source_id: int
    occasion: str
    actor_id: int | None
    actor_organization_id: int | None
    actor_group_id: int | None
    recipient_organization_id: int | None
    reverses_id: int | None = None
    because: str = ""


class Settled(NamedTuple):
    """A row of the settlements; *ledger_id* is the first row of its chain."""

    at: datetime
    member_id: int
    domain_id: int
    ledger_id: int
    because_id: int
    amount_mp: int
    day: date
