"""Who may vote: what holds somebody up on the day of the freeze. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

    from iocop.elections.rules import Rules

HINDRANCES: Final = ("not_a_member", "suspended", "too_new", "unaffiliated", "elsewhere")
"""In the order they are asked: the first that holds is told."""


class Person(NamedTuple):
    """A member as the roll sees them at one moment.

    Attributes:
        state: as `members.models.STATES` names it.
        country: two letters; empty where it is not said.
        affiliated: whether they belong to an organization on that day.
    """

    state: str
    joined_at: datetime
    country: str
    affiliated: bool


def hindrance(person: Person, rules: Rules, at: datetime) -> str:
    """Return why somebody may not vote at a moment, one of `HINDRANCES`; empty: they may."""
    if person.state == "suspended":
        return "suspended"
    if person.state != "active":
        return "not_a_member"
    if at - person.joined_at < timedelta(days=rules.days_to_vote):
        return "too_new"
    if rules.affiliation and not person.affiliated:
        return "unaffiliated"
    if rules.regions and person.country not in rules.regions:
        return "elsewhere"
    return ""
