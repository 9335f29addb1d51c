"""When people write: in their own working hours, some in the evening, few at weekends. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from random import Random

HOURS = tuple(range(6, 23))
LIVELY = (1, 4, 8, 9, 8, 6, 5, 7, 8, 8, 6, 3, 2, 3, 4, 3, 1)
"""How much is written in each of these local hours; phones come along to site."""

WEEKEND = 0.2
"""How likely a weekend's post stays there; the others wait for Monday."""


def moment(rng: Random, day: date, zone: str) -> datetime:
    """Return a moment of somebody's day, in UTC."""
    hour = rng.choices(HOURS, LIVELY)[0]
    local = datetime.combine(day, time(hour, rng.randrange(60), rng.randrange(60)), _zone(zone))
    return local.astimezone(UTC)


def working_day(rng: Random, day: date) -> date:
    """Return the day, or for most weekends the Monday after."""
    if day.weekday() < 5 or rng.random() < WEEKEND:
        return day
    return day + timedelta(days=7 - day.weekday())


def awake(at: datetime, zone: str) -> datetime:
    """Return the moment, or the following early morning where somebody would be asleep."""
    local = at.astimezone(_zone(zone))
    return at if local.hour >= 6 else at + timedelta(hours=6 - local.hour, minutes=at.minute % 50)


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
