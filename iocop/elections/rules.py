"""The rules of one election as data: what bylaws leave to be decided, in numbers and words."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Rules:
    """What a rule set says; days are calendar days, fractions are pairs of whole numbers.

    Attributes:
        rule: a counting rule of `elections.counting`: ``scottish``, ``meek``, ``schulze``, ``plurality``, ``block``,
            ``approval``, ``affirmation`` or ``motion``.
        board_size: seats of the whole board; the organization cap is max(2, board_size // 3), staying members counted.
        cap: whether the organization cap holds.
        term_months, most_terms: how long a term is, and how many can follow one another.
        days_to_vote, days_to_stand: how long somebody must have been a member when the roll is frozen, when nominated.
        seconders: how many members must want to see a candidate stand, the proposer not counted.
        statement_words, photo: what a candidate must give.
        regions: countries that may vote and stand, as two letters; none: everybody.
        affiliation: whether only who belongs to an organization on the day votes and stands.
        quorum: (p, q): a poll of people or a motion counts from p/q of the roll; (0, 1): always.
        threshold: (p, q): an affirmation or motion needs p/q of yes and no, and `more_than` that where it says so.
        affirm_uncontested: whether candidates no more than the seats are voted on one by one.
        nomination_days, voting_days: how long each lasts at least.
        key_days, complaint_days: how long after the close officers give keys, after the count members complain.
        turnout_by_name: whether it is published who took a token.
        plain_ballots: whether a browser without JavaScript may leave the sealing to the server.
        most_ranks: how many candidates may be ranked; 0: all.
    """

    rule: str = "scottish"
    board_size: int = 7
    cap: bool = True
    term_months: int = 36
    most_terms: int = 2
    days_to_vote: int = 30
    days_to_stand: int = 365
    seconders: int = 2
    statement_words: int = 100
    photo: bool = True
    regions: tuple[str, ...] = ()
    affiliation: bool = False
    quorum: tuple[int, int] = (0, 1)
    threshold: tuple[int, int] = (1, 2)
    more_than: bool = True
    affirm_uncontested: bool = False
    nomination_days: int = 14
    voting_days: int = 7
    key_days: int = 7
    complaint_days: int = 7
    turnout_by_name: bool = False
    plain_ballots: bool = False
    most_ranks: int = 0

    def as_data(self) -> dict[str, Any]:
        return {
            name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()
        }

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Rules:
        """Read what `as_data` wrote; a field that a later version added has its default."""
        known = {field.name for field in fields(cls)}
        given: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in data.items()
            if name in known
        }
        return cls(**given)


def months_after(day: date, months: int) -> date:
    """Return the same day of the month so many months later; the month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
