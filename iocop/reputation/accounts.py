"""What one member has in one domain: the sums that are kept, and what waits to settle. Pure."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from iocop.reputation.rules import RULES
from iocop.reputation.settling import POOLED, Pool

if TYPE_CHECKING:
    from iocop.reputation.chains import Chain


class Account:
    """What a member has in one domain."""

    __slots__ = (
        "_groups",
        "days",
        "earned_mp",
        "moved",
        "organizations",
        "participation",
        "pool",
        "settled_mp",
        "today",
    )

    def __init__(self) -> None:
        self.earned_mp = 0
        self.settled_mp = 0
        self.participation = 0
        self.organizations = 0
        """Of how many proved groups of organizations an endorsement stands."""
        self._groups: dict[int, int] = defaultdict(int)
        self.days: dict[date, int] = defaultdict(int)
        """What settled, by day; without what was given under no name."""
        self.moved: set[date] = set()
        """Days whose sum is another than the one kept."""
        self.pool = Pool()
        self.today = date.min

    @property
    def signed_mp(self) -> int:
        """What settled, without what was given under no name."""
        return sum(self.days.values())

    @property
    def standing_days(self) -> dict[date, int]:
        """What settled, by day, without days on which everything was taken back."""
        return {day: points for day, points in self.days.items() if points}

    def turn(self, day: date) -> None:
        """Go on to a day; time never runs back, also where a row is entered late."""
        if day > self.today:
            self.today = day
            self.pool.forget_before(day.toordinal())

    def stand(self, chain: Chain, by: int) -> None:
        """Count an endorsement that stands, or stands no longer: *by* is 1 or -1."""
        if chain.sealed:
            return
        rule = chain.first.rule
        if rule == "question_endorsed":
            self.participation += by
        elif chain.group != POOLED and RULES[rule].by_others:
            stood = self._groups[chain.group]
            self._groups[chain.group] = stood + by
            self.organizations += (stood + by > 0) - (stood > 0)

    def wait(self, chain: Chain) -> None:
        """Have what has not settled of a chain wait while it stands."""
        if not chain.pooled:
            return
        first = chain.first
        if chain.live:
            self.pool.wait(chain.person, first.id, chain.group, first.amount_mp - chain.settled_mp)
        else:
            self.pool.drop(chain.person, first.id)

    def count(self, chain: Chain, points: int, day: date) -> None:
        """Count points of a chain that settled, or were taken back, under a day."""
        self.settled_mp += points
        if not chain.sealed:
            self.days[day] += points
            self.moved.add(day)
        chain.count(points, day)
        if chain.pooled:
            self.pool.enter(chain.first.id, chain.group, chain.person, points, day.toordinal())
