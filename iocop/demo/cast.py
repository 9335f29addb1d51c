"""Who writes and who marks: people of the right kind, who had joined by then. Pure."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from iocop.demo.places import WING, admits

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import date
    from random import Random

    from iocop.demo.people import Community, Person

KIN = {
    "ellerwald": "care", "kereru-ridge": "care", "hollen-marsh": "trade", "wendelstrom": "trade", "norrvale": "trade",
    "saurel": "trade", "valvora": "vendor", "vilar-do-sal": "client", "tidewell": "client", "monsara": "client",
    "boateng": "alone", "blue-kettle": "alone", None: "alone",
}  # fmt: skip
"""Whose words fit whom: what a hospital's engineer says is not said by a vendor."""

SETTLED = timedelta(days=3)
"""How long after joining somebody first writes, at least."""


class Nobody(LookupError):
    """Too few had joined by that day."""


class Cast:
    """The community seen as the people who can say something on a day."""

    def __init__(self, rng: Random, community: Community, today: date) -> None:
        self._rng, self._people, self._today = rng, community.people, today
        self.person = community.by_handle

    def joined(self, day: date) -> list[Person]:
        """Return everybody who had joined a few days before."""
        return [person for person in self._people if person.joined + SETTLED <= day]

    def stand_ins(
        self,
        handles: Iterable[str],
        day: date,
        space: str,
        answering: Collection[str] = (),
        company: str = "",
    ) -> dict[str, str]:
        """Return, for each author of a handwritten thread, who says the same in a variant.

        Args:
            space: where it is said; the wing's people speak for everybody there.
            answering: those for whom people of one *company* speak, where anybody there can.

        Raises:
            Nobody: too few had joined by that day.
        """
        chosen: dict[str, str] = {}
        writers = [person for person in self.joined(day) if person.weight and admits(space, person, day)]
        for handle in dict.fromkeys(handles):
            fits = self._like(handle, day, space)
            free = [each for each in writers if each.handle not in chosen.values() and fits(each)]
            inside = [each for each in free if handle in answering and each.organization(day) == company]
            chosen[handle] = self._one_of(inside or free)
        return chosen

    def other(self, day: date, space: str, without: Collection[str]) -> str:
        """Return anybody who writes in a space and is not among those.

        Raises:
            Nobody: too few had joined by that day.
        """
        there = [each for each in self.joined(day) if each.weight and admits(space, each, day)]
        return self._one_of([each for each in there if each.handle not in without])

    def readers(self, count: int, day: date, space: str, without: str) -> list[str]:
        """Return as many readers of a space as have joined, silent ones too, for marks."""
        there = [
            each.handle for each in self.joined(day) if each.handle != without and admits(space, each, day)
        ]
        return self._rng.sample(there, min(count, len(there)))

    def of(self, organization: str, day: date, space: str, without: str) -> str | None:
        """Return somebody of an organization, if anybody had joined."""
        there = [
            each.handle
            for each in self.joined(day)
            if each.organization(day) == organization and each.handle != without and admits(space, each, day)
        ]
        return self._rng.choice(there) if there else None

    def _like(self, handle: str, day: date, space: str) -> Callable[[Person], bool]:
        if space == WING:
            return lambda _person: True
        kin = KIN[self.person[handle].organization(self._today)]
        alike = {kin, "trade"} if kin == "alone" else {kin}
        return lambda person: KIN[person.organization(day)] in alike

    def _one_of(self, people: Sequence[Person]) -> str:
        if not people:
            raise Nobody
        return self._rng.choices(people, [person.weight for person in people])[0].handle


def renamed(text: str, stand_ins: Mapping[str, str], people: Mapping[str, Person]) -> str:
    """Return a text that speaks of the stand-ins instead of the thread's own people."""
    if not stand_ins:
        return text
    given = {people[old].name.split()[0]: people[new].name.split()[0] for old, new in stand_ins.items()}
    names = "|".join(map(re.escape, given))
    return re.sub(rf"\b({names})\b", lambda match: given[match[1]], text)
