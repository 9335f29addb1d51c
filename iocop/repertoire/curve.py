"""A survival curve as points of a drawing. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from iocop.repertoire.renewal import DAYS_A_MONTH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iocop.repertoire.renewal import Step

WIDTH: Final = 640
HEIGHT: Final = 260
LEFT: Final = 56
BOTTOM: Final = 32
TOP: Final = 12
RIGHT: Final = 12
MONTHS_APART: Final = (3, 6, 12, 24, 60)


class Mark(NamedTuple):
    """A place on an axis, in the drawing's units, and what stands there."""

    at: float
    words: str


@dataclass(frozen=True)
class Curve:
    """What the drawing needs, in its own units: x from the left, y from above.

    Attributes:
        line: the steps, as an SVG path.
        median: where half hold no longer; None while more than half do.
    """

    line: str
    months: Sequence[Mark]
    shares: Sequence[Mark]
    median: float | None


def curve(steps: Sequence[Step], watched_days: float, median: float | None) -> Curve:
    """Return a Kaplan-Meier curve as a drawing.

    Args:
        watched_days: the longest time anything was watched, where the line ends.
    """
    last = max(watched_days, DAYS_A_MONTH)
    path = [f"M{_x(0, last):.1f} {_y(1):.1f}"]
    path += [f"H{_x(step.days, last):.1f}V{_y(step.share):.1f}" for step in steps]
    path.append(f"H{_x(last, last):.1f}")
    shares = [Mark(_y(part / 4), f"{25 * part} %") for part in range(5)]
    return Curve("".join(path), _months(last), shares, None if median is None else _x(median, last))


def _months(last: float) -> list[Mark]:
    apart = next((step for step in MONTHS_APART if last / DAYS_A_MONTH / step <= 8), MONTHS_APART[-1])
    count = int(last / DAYS_A_MONTH // apart)
    return [Mark(_x(number * apart * DAYS_A_MONTH, last), str(number * apart)) for number in range(count + 1)]


def _x(days: float, last: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * days / last


def _y(share: float) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - share)
