"""How long articles are taken to hold, and what their history says about it. Pure.

Source:
    Kaplan & Meier 1958 (the share that still holds, with articles still running counted as long as they were watched);
    the exponential rate as events over exposure, its half-life as ln 2 over the rate.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from math import exp, log, sqrt
from typing import TYPE_CHECKING, Final, NamedTuple

from iocop.repertoire.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

DAYS_A_MONTH = 365.25 / 12
RENEWAL_WINDOW: Final = timedelta(days=365)
FEWEST: Final = 5
"""Articles below which a figure says more about each of them than about the practice."""

HALF: Final = 0.5 + 1e-12
"""With room for what products of shares lose in rounding."""
NORMAL_95: Final = 1.959964


def review_date(kind: str, since: datetime) -> datetime:
    """Return until when an article of a kind is taken to hold after it was published or confirmed."""
    return since + timedelta(days=round(KINDS[kind].review_months * DAYS_A_MONTH))


class Life(NamedTuple):
    """One time during which an article was taken to hold.

    Attributes:
        days: how long it was watched; not negative.
        ended: whether it ended because it no longer held (stale, outdated, retired). False: it still runs, or was
            cut off by a new text or a confirmation while it held.
    """

    days: float
    ended: bool


class Step(NamedTuple):
    """A point of the survival curve.

    Attributes:
        days: after publication or confirmation.
        at_risk: articles that were still watched just before.
        ended: of them, those that ceased to hold then.
        share: that still hold afterwards, 0 to 1.
    """

    days: float
    at_risk: int
    ended: int
    share: float


def survival(lives: Sequence[Life]) -> list[Step]:
    """Return the Kaplan-Meier curve: one step for each length at which something ceased to hold.

    What was cut off at the same length as something ended still counts as watched there.
    """
    if any(life.days < 0 for life in lives):
        raise ValueError("a life of less than nothing")
    ends = Counter(life.days for life in lives if life.ended)
    lengths = sorted(life.days for life in lives)
    steps: list[Step] = []
    share = 1.0
    for days in sorted(ends):
        at_risk = len(lengths) - bisect_left(lengths, days)
        share *= (at_risk - ends[days]) / at_risk
        steps.append(Step(days, at_risk, ends[days], share))
    return steps


def median_life(steps: Sequence[Step]) -> float | None:
    """Return after how many days at most half still hold; None while more than half always did."""
    return next((step.days for step in steps if step.share <= HALF), None)


@dataclass(frozen=True)
class Decay:
    """The exponential estimate of how quickly articles cease to hold.

    Attributes:
        events: how many did.
        exposure: days watched, over all of them.
    """

    events: int
    exposure: float

    @property
    def rate(self) -> float | None:
        """Events a day; None where nothing was watched yet."""
        return self.events / self.exposure if self.exposure else None

    @property
    def half_life(self) -> float | None:
        """Days after which half are expected to hold no longer; None while nothing ceased to hold."""
        return log(2) / self.rate if self.rate else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The half-life's 95 % interval in days, by the normal approximation of the logarithm of the rate."""
        if self.half_life is None:
            return None
        factor = exp(NORMAL_95 / sqrt(self.events))
        return self.half_life / factor, self.half_life * factor


def decay(lives: Sequence[Life]) -> Decay:
    """Return the maximum-likelihood estimate: events over exposure."""
    return Decay(sum(life.ended for life in lives), sum(life.days for life in lives))


def renewal_rate(renewed: int, articles: int) -> Fraction | None:
    """Return which share of the articles is new, revised or confirmed anew; None without articles.

    Raises:
        ValueError: more renewed articles than there are.
    """
    if renewed > articles:
        raise ValueError(f"{renewed} renewed of {articles} articles")
    return Fraction(renewed, articles) if articles else None
