"""Days, months and years as they are typed behind ``before:`` and ``after:``. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final, Literal, NamedTuple, TypeAlias

Precision: TypeAlias = Literal["year", "month", "day"]
_PRECISIONS: Final[tuple[Precision, ...]] = ("year", "month", "day")
_YEAR_FIRST: Final = re.compile(r"(\d{4})(?:[-/.](\d{1,2}))?(?:[-/.](\d{1,2}))?", re.ASCII)
_DAY_FIRST: Final = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)


class Start(NamedTuple):
    """The first moment of a year, month or day, in UTC."""

    at: datetime
    precision: Precision

    @property
    def second(self) -> int:
        """Seconds since 1970."""
        return int(self.at.timestamp())


def start_of(written: str) -> Start | None:
    """Return when what somebody typed begins, such as 2026, 2026-03, 2026-03-14 or 14.3.2026; None where it is no day.

    With slashes only the year can come first: 3/4/2026 is two days.
    """
    if found := _YEAR_FIRST.fullmatch(written):
        numbers = [int(group) for group in found.groups() if group]
    elif found := _DAY_FIRST.fullmatch(written):
        numbers = [int(group) for group in reversed(found.groups())]
    else:
        return None
    try:
        year, month, day = [*numbers, 1, 1][:3]
        at = datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None
    return Start(at, _PRECISIONS[len(numbers) - 1])


def year_of(written: str) -> int | None:
    """Return the year somebody typed; None where it is none."""
    start = start_of(written)
    return start.at.year if start and start.precision == "year" else None
