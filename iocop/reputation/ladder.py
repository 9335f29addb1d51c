"""The ladder of one practice domain: what each level asks for, and how a member steps up and down. Pure.

Evidence is whole milli-points and counts, so a level never turns on a rounding. A steward, the fifth level, holds an
office by appointment and is no matter of evidence.

Source:
    The community's own rule (docs/decisions.md). Levels bought by presence, as in Discourse's trust levels, say
    nothing of expertise; tiers that never fall, as Kaggle's, keep no one's knowledge fresh. Here one falls slowly,
    after a notice, and the badge stays.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Final, NamedTuple

from iocop.reputation.rules import POINT

NOTICE: Final = timedelta(days=60)
"""From being told that a level's conditions no longer hold until it goes down."""
BETWEEN: Final = timedelta(days=365)
"""Least time between two steps down of one member in one domain."""
STEWARD: Final = 5
LOOKED_AT: Final = 2
"""The version of the ladder's rule from which on level 3 is looked at by people, and sellers reach no level 4."""
REVIEWED: Final = 3
"""The level that two people look at before a member reaches it for the first time."""
UNSOLD: Final = 4
"""The level that nobody holds in a domain of products their organization sells."""


class Level(NamedTuple):
    """What a level asks for; all of it must hold.

    Attributes:
        standing_mp: least standing, in milli-points.
        organizations: least number of different proved organization groups that endorsed; see `gate`.
        accepted: least number of accepted answers.
        reliability: least `reliability`, 0 to 1.
    """

    standing_mp: int
    organizations: int
    accepted: int = 0
    reliability: Fraction = Fraction(0)


LEVELS: Final = {
    1: Level(20 * POINT, 2),
    2: Level(150 * POINT, 4, 3),
    3: Level(600 * POINT, 8, 15, Fraction(30, 100)),
    4: Level(2000 * POINT, 12, 50, Fraction(38, 100)),
}
"""Each asks for no less than the one below it in any respect."""

TOP: Final = max(LEVELS)


class Evidence(NamedTuple):
    """What a member has to show in a domain now.

    Attributes:
        standing_mp: faded points, in milli-points; may be negative.
        organizations: different proved organization groups whose endorsements stand.
        accepted: answers that their askers accepted.
        contested: answers to questions that have an accepted answer, with those accepted.
    """

    standing_mp: int = 0
    organizations: int = 0
    accepted: int = 0
    contested: int = 0


class Needs(NamedTuple):
    """What is still missing for a level; all empty where nothing is.

    Attributes:
        standing_mp: milli-points of standing.
        organizations: further organization groups.
        accepted: further accepted answers that the count and the reliability together ask for.
        reliability: the share asked for, where it is not reached; else None.
    """

    standing_mp: int = 0
    organizations: int = 0
    accepted: int = 0
    reliability: Fraction | None = None

    def __bool__(self) -> bool:
        return any(self)


def reliability(evidence: Evidence) -> Fraction:
    """Return how often an answer was the one, (accepted + 2) / (contested + 6): a third where nothing is known."""
    return Fraction(evidence.accepted + 2, evidence.contested + 6)


def gate(organizations: int, active: int | None) -> int:
    """Return how many organizations a level asks for in a community with so many active ones.

    Args:
        active: organization groups active within a year; None: not counted yet, so nothing is asked less.

    Returns:
        At most half of the active ones, rounded up: a small community's levels can be reached.
    """
    return organizations if active is None else min(organizations, (active + 1) // 2)


def lacking(evidence: Evidence, level: int, active: int | None = None) -> Needs:
    """Return what is missing for a level from 1 to 4.

    Adding exactly this to the evidence (with `reliability`, by answers that are all accepted) makes the conditions
    hold, and nothing less does.

    Args:
        active: organization groups active within a year; see `gate`.
    """
    asked = LEVELS[level]
    accepted = max(asked.accepted - evidence.accepted, 0)
    reached = reliability(evidence) >= asked.reliability
    if not reached:
        accepted = max(accepted, _accepted_for(evidence, asked.reliability))
    return Needs(
        max(asked.standing_mp - evidence.standing_mp, 0),
        max(gate(asked.organizations, active) - evidence.organizations, 0),
        accepted,
        None if reached else asked.reliability,
    )


def _accepted_for(evidence: Evidence, share: Fraction) -> int:
    """Return how many answers more, each accepted, bring the reliability to a share below 1."""
    # (a + n + 2) / (c + n + 6) >= s  gives  n >= (s (c + 6) - a - 2) / (1 - s)
    needed = (share * (evidence.contested + 6) - evidence.accepted - 2) / (1 - share)
    return -((-needed.numerator) // needed.denominator)


def level_of(evidence: Evidence, active: int | None = None) -> int:
    """Return the highest level whose conditions all hold, 0 to 4."""
    return max((level for level in LEVELS if not lacking(evidence, level, active)), default=0)


def reachable(level_now: int, highest: int, *, granted: bool, sells: bool) -> int:
    """Return how far conditions that hold as far as *level_now* carry, where people have a word in it.

    Args:
        highest: the highest level the member had there: what was reached once is looked at no more.
        granted: whether two people agreed to level 3.
        sells: whether an organization of the member sells what the domain is about.

    Source:
        The community's own rule: arithmetic alone cannot tell a slow circle of several companies from experts.
    """
    level = level_now if granted or highest >= REVIEWED else min(level_now, REVIEWED - 1)
    return min(level, UNSOLD - 1) if sells else level


class Step(StrEnum):
    """What happens to a rung now."""

    STAY = "stay"
    RISE = "rise"  # to the level whose conditions hold, at once
    NOTICE = "notice"  # the member is told that they no longer hold
    CLEAR = "clear"  # they hold again
    LOWER = "lower"  # by one level; the badge stays


class Standing(NamedTuple):
    """A rung, as far as time and steps are concerned."""

    level: int = 0
    noticed_at: datetime | None = None
    lowered_at: datetime | None = None


def next_step(rung: Standing, level_now: int, now: datetime) -> Step:
    """Say what happens to a rung whose conditions hold as far as *level_now*.

    A level goes down no sooner than 60 days after its holder was told, and 365 days after it last went down; and
    nobody is told earlier than those 60 days before it can happen.
    """
    if level_now > rung.level:
        return Step.RISE
    if level_now == rung.level:
        return Step.STAY if rung.noticed_at is None else Step.CLEAR
    if rung.noticed_at is None:
        return Step.NOTICE if lowered_from(now, rung.lowered_at) <= now + NOTICE else Step.STAY
    return Step.LOWER if lowered_from(rung.noticed_at, rung.lowered_at) <= now else Step.STAY


def lowered_from(noticed_at: datetime, lowered_at: datetime | None) -> datetime:
    """Return the moment from which a level of which its holder was told may go down."""
    due = noticed_at + NOTICE
    return due if lowered_at is None else max(due, lowered_at + BETWEEN)
