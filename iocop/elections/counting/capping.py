"""The organization cap: no group holds more seats of a board than it may."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping


@dataclass(frozen=True, slots=True)
class Cap:
    """How many seats one group may hold.

    Attributes:
        groups: candidate number to group; who is not named belongs to none and is never barred.
        most: seats one group may hold at most, those of staying directors among them.
        already: seats the groups hold by directors who are no candidates of this count.
    """

    groups: Mapping[int, Hashable]
    most: int
    already: Mapping[Any, int] = field(default_factory=dict)


def usual_most(board: int) -> int:
    """Return how many seats of a board of this size one group may hold by the usual rule: a third, and two at least."""
    return max(2, board // 3)


class Held:
    """The seats every group holds while a count goes on."""

    def __init__(self, cap: Cap | None) -> None:
        self._cap = cap
        self._held = Counter[object](dict(cap.already) if cap else {})

    def take(self, candidate: int) -> None:
        """Give the candidate's group one seat more."""
        if self._cap and candidate in self._cap.groups:
            self._held[self._cap.groups[candidate]] += 1

    def bars(self, candidate: int) -> bool:
        """Say whether the candidate's group has no seat left to take."""
        if self._cap is None or candidate not in self._cap.groups:
            return False
        return self._held[self._cap.groups[candidate]] >= self._cap.most
