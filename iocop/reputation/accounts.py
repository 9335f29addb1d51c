"""What one member has in one domain: the sums that are kept, and what waits to settle. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from typing import TYPE_CHECKING

from iocop.reputation.rules import RULES
from iocop.reputation.settling import Pool

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
        self._groups: Counter[int] = Counter()
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
        first = chain.first
        if chain.sealed:
            return
        if first.rule == "question_endorsed":
            self.participation += by
        elif first.actor_group_id and RULES[first.rule].by_others:
            stood = self._groups[first.actor_group_id]
            self._groups[first.actor_group_id] = stood + by
            self.organizations += (stood + by > 0) - (stood > 0)
