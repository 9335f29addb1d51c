"""What can happen to offices."""

from __future__ import annotations

from dataclasses import dataclass

from iocop.core.events import Event


@dataclass(frozen=True)
class DecisionRecorded(Event):
    decision_id: int


@dataclass(frozen=True)
class RoleGranted(Event):
    grant_id: int
    member_id: int
    decision_id: int


@dataclass(frozen=True)
class OfficeSuspended(Event):
    """An administrator suspended an office for seven days; it lapses by itself without a decision."""

    grant_id: int
    member_id: int


@dataclass(frozen=True)
class RoleEnded(Event):
    """An office ended early, by a decision, or lapsed on its day (then *decision_id* is the granting one)."""

    grant_id: int
    member_id: int
    decision_id: int
