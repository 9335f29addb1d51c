"""What a member can do about something that waits, and how long things wait. Pure."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from math import ceil
from statistics import median
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

FEWEST: Final = 5
"""Decided items below which a waiting time is not published: one of them would be the figure."""
OFTEN: Final = 0.9


class Part(StrEnum):
    """What somebody can do about a proposal, as `policy.may_review` and the reviewing services would say."""

    DECIDE = "decide"
    WROTE = "wrote"
    NO_RIGHT = "no right"
    CONFLICT = "conflict"
    SAID = "said"  # reviewed this round already
    SPOKEN = "spoken"  # the own organization has approved: the second approval is another's


def part(*, wrote: bool, right: bool, conflict: bool, said: bool, spoken: bool) -> Part:
    """Return a member's part in a proposal that waits; of several reasons the one that is told first."""
    reasons = ((wrote, Part.WROTE), (not right, Part.NO_RIGHT), (conflict, Part.CONFLICT), (said, Part.SAID))
    found = next((reason for holds, reason in reasons if holds), None)
    return found or (Part.SPOKEN if spoken else Part.DECIDE)


class Waiting(NamedTuple):
    """How long decided items had waited.

    Attributes:
        n: how many were decided.
        median, often: half, and nine of ten, waited no longer; None where fewer than five were decided.
    """

    n: int
    median: timedelta | None
    often: timedelta | None


def waiting(times: Iterable[timedelta]) -> Waiting:
    """Return the median and the 90th percentile (nearest rank) of waiting times."""
    found = sorted(times)
    if len(found) < FEWEST:
        return Waiting(len(found), None, None)
    middle = median(time.total_seconds() for time in found)
    return Waiting(len(found), timedelta(seconds=middle), found[ceil(OFTEN * len(found)) - 1])
