"""Standing over time as points of a drawing, and the same figures as rows of a table. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, floor, log10
from typing import TYPE_CHECKING, Final, NamedTuple

from iocop.repertoire.curve import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Mark
from iocop.reputation.rules import HALF_LIFE_DAYS, POINT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST: Final = 40
"""Points of a line, at most; a table of more rows would be read by nobody."""
STEPS: Final = (7, 30, 91, 182, 365)
"""Days between two points: the smallest that keeps them few enough."""


class Moment(NamedTuple):
    """What stood at the end of a day, in milli-points: all that ever settled, and what was left of it."""

    day: date
    lifetime: int
    standing: int


@dataclass(frozen=True)
class Plot:
    """What the drawing needs, in its own units: x from the left, y from above.

    Attributes:
        moments: the figures, the first day first.
        standing, lifetime: the lines, as SVG paths.
    """

    moments: Sequence[Moment]
    standing: str
    lifetime: str
    days: Sequence[tuple[float, date]]
    points: Sequence[Mark]


def plot(buckets: Sequence[tuple[date, int]], today: date) -> Plot | None:
    """Return how standing went, as it is counted today; None while nothing has settled.

    Args:
        buckets: milli-points by the day they settled, the first day first; a day may come more than once.
    """
    if not buckets:
        return None
    days = _days(buckets[0][0], today)
    moments = list(_moments(buckets, days))
    highest = max(moment.lifetime for moment in moments) / POINT
    lowest = min(0.0, min(min(moment.standing, moment.lifetime) for moment in moments) / POINT)
    ticks = _ticks(lowest, max(highest, 1.0))
    across, up = _scale(days[0].toordinal(), days[-1].toordinal()), _scale(ticks[0], ticks[-1])

    def line(values: Sequence[int]) -> str:
        pairs = zip(days, values, strict=True)
        return "M" + "L".join(
            f"{_x(across(day.toordinal())):.1f} {_y(up(value / POINT)):.1f}" for day, value in pairs
        )

    shown = days[:: max(1, ceil(len(days) / 6))]
    return Plot(
        moments, line([moment.standing for moment in moments]), line([moment.lifetime for moment in moments]),
        [(_x(across(day.toordinal())), day) for day in shown], [Mark(_y(up(tick)), f"{tick:,}") for tick in ticks],
    )  # fmt: skip


def _days(first: date, today: date) -> list[date]:
    """Return the days that are drawn: evenly apart, counted back from today, and the day before the first points."""
    start = min(first, today) - timedelta(days=1)
    length = (today - start).days
    step = next((step for step in STEPS if length / step <= MOST), STEPS[-1])
    back = [today - timedelta(days=step * number) for number in range(ceil(length / step))]
    return [start, *reversed(back)]


def _moments(buckets: Sequence[tuple[date, int]], days: Sequence[date]) -> Iterator[Moment]:
    """Fade from day to day: what is left of a sum is the sum of what is left."""
    lifetime, standing, at, waiting = 0, 0.0, days[0], list(reversed(buckets))
    for day in days:
        standing *= _left(day - at)
        at = day
        while waiting and (waiting[-1][0] <= day or day is days[-1]):
            settled_on, milli = waiting.pop()
            lifetime += milli
            standing += milli * _left(max(timedelta(), day - settled_on))
        yield Moment(day, lifetime, round(standing))


def _left(age: timedelta) -> float:
    return float(2 ** (-age.days / HALF_LIFE_DAYS))


def _ticks(lowest: float, highest: float) -> list[int]:
    """Return three to eight round numbers of points that hold all values between them."""
    rough = (highest - lowest) / 4
    power = 10 ** floor(log10(rough)) if rough >= 1 else 1
    step = next((power * factor for factor in (1, 2, 5, 10) if power * factor >= rough), power)
    return list(range(floor(lowest / step) * step, ceil(highest / step) * step + 1, step))


class _Scale(NamedTuple):
    low: float
    high: float

    def __call__(self, value: float) -> float:
        return (value - self.low) / (self.high - self.low) if self.high > self.low else 0.0


def _scale(low: float, high: float) -> _Scale:
    return _Scale(low, high)


def _x(share: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * share


def _y(share: float) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - share)
