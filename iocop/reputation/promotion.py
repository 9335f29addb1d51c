"""Who looks before a member reaches level 3, and what comes of what they say. Pure.

Stewards of the domain look. Where those who can are not of two organizations, its curators join them, who carry the
level's chief right by office, and then the board, which appoints stewards.

Source:
    The community's own rule (docs/decisions.md), after that of the repertoire: two people of two organizations, of which
    only a proved affiliation makes one, and everybody without one counts together as one (`repertoire.quorum`).
"""

from __future__ import annotations

from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

NEEDED: Final = 2
"""People, and organizations."""
AGAIN: Final = timedelta(days=90)
"""After a *no* two people look anew, by themselves, if the conditions hold then."""
POWERS: Final = ("steward", "curator", "board")
"""The offices that let somebody look, in the order they are asked."""
WAITED: Final = timedelta(days=365)
"""How far back waiting times are told."""
FEWEST: Final = 3
"""Below so many a median says little."""


class Panel(NamedTuple):
    """Who is asked about one member.

    Attributes:
        powers: the office of each who is asked, also of those whose word would not count.
        near: of these, the member themselves and their colleagues.
        voices: what each counts as: a group of organizations, or 0 for all who have not proved one.
    """

    powers: Mapping[int, str]
    near: frozenset[int]
    voices: Mapping[int, int]

    @property
    def able(self) -> list[int]:
        """Whose word counts."""
        return [member_id for member_id in self.powers if member_id not in self.near]

    def suffices(self, spoken: Collection[int] = ()) -> bool:
        """Say whether two organizations can speak.

        Args:
            spoken: what those who have spoken counted as then.
        """
        return len({self.voices.get(member_id, 0) for member_id in self.able} | {*spoken}) >= NEEDED


def panel(offices: Mapping[str, Collection[int]], near: Collection[int], voices: Mapping[int, int]) -> Panel:
    """Return who is asked: the holders of the first office, and of the next while they are not of two organizations.

    Args:
        offices: holders by power; who holds two is asked by the first.
        near: the member and everybody of their organizations.
    """
    asked: dict[int, str] = {}
    found = Panel(asked, frozenset(), voices)
    for power in POWERS:
        for member_id in offices.get(power, ()):
            asked.setdefault(member_id, power)
        found = Panel(asked, frozenset(near) & asked.keys(), voices)
        if found.suffices():
            break
    return found


def outcome(words: Sequence[bool]) -> str:
    """Return ``open`` until two have spoken, then ``granted`` where both agree, else ``declined``."""
    if len(words) < NEEDED:
        return "open"
    return "granted" if all(words) else "declined"


def median_wait(waits: Sequence[timedelta]) -> timedelta | None:
    """Return the median of waiting times; None where there are fewer than three."""
    if len(waits) < FEWEST:
        return None
    return timedelta(seconds=median(wait.total_seconds() for wait in waits))
