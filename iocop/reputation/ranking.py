"""Whom to ask: how much somebody has given in a domain, times how reliably, while they can be asked at all."""

from __future__ import annotations

from math import log1p
from typing import TYPE_CHECKING, Final, NamedTuple

from iocop.reputation.rules import POINT

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

ELSEWHERE: Final = 0.25
"""How much a point earned in any domain weighs beside one of the domain asked about."""
USUAL_PER_WEEK: Final = 3
"""Requests a week that a member is asked who has said nothing else."""
WEEK_DAYS: Final = 7
SUGGESTED: Final = 5
"""Most people suggested for one question: a few to choose from, no table to climb."""
OPEN_AT_ONCE: Final = 5
"""Most people asked about one question who have neither answered nor declined."""


class Candidate(NamedTuple):
    """Somebody who may know.

    Attributes:
        standing_mp: in the domains asked about, in milli-points.
        all_mp: in all domains together, in milli-points.
        accepted, contested: accepted answers there, and answers to questions that have an accepted one.
        colleague: of the same organization, or group, as the one who asks.
    """

    member_id: int
    standing_mp: int
    all_mp: int
    accepted: int
    contested: int
    colleague: bool = False


class Asked(NamedTuple):
    """What decides whether a member can be asked about a question at this moment.

    Attributes:
        state: the member's.
        known: gave something in one of the question's domains.
        reads: may read the question.
        has_answered, was_asked: here already; an answer without the author's name is not known of.
        this_week: requests made to the member in the last seven days.
        away_until: the first day they can be asked again.
    """

    name: str
    state: str
    known: bool
    reads: bool
    has_answered: bool
    was_asked: bool
    this_week: int
    per_week: int
    away_until: date | None


def score(standing_mp: int, all_mp: int, accepted: int, contested: int) -> float:
    """Return ln(1 + S + ¼·all)·(accepted + 2)/(contested + 6), with S and all in points.

    Args:
        standing_mp, all_mp: in milli-points; what is below nothing counts as nothing.
        accepted, contested: answers; *contested* holds the accepted ones too.

    Source:
        Zhang, Ackerman and Adamic, Expertise networks in online communities (WWW 2007), compared with rates; the product
        of volume and rate did best on a complete question site (AUC 0.691, raw points 0.669).
    """
    points = max(0.0, (standing_mp + ELSEWHERE * all_mp) / POINT)
    return log1p(points) * (accepted + 2) / (contested + 6)


def ranked(candidates: Iterable[Candidate], most: int = SUGGESTED) -> list[Candidate]:
    """Return the few to suggest: no colleague before anybody else, then by score; equals by their key."""
    return sorted(candidates, key=_place)[:most]


def _place(one: Candidate) -> tuple[bool, float, int]:
    return one.colleague, -score(one.standing_mp, one.all_mp, one.accepted, one.contested), one.member_id


def is_away(away_until: date | None, today: date) -> bool:
    """Say whether somebody is away; *away_until* is the first day they can be asked again."""
    return away_until is not None and today < away_until


def has_enough(asked: int, per_week: int) -> bool:
    """Say whether somebody was asked as often in the last seven days as they are glad to be."""
    return asked >= per_week
