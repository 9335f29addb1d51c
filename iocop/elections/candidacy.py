"""Who may stand: what holds a member up on the day they are proposed. Pure; standing and level are never asked."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from iocop.roles.terms import Term, terms_in_a_row

if TYPE_CHECKING:
    from datetime import datetime

    from iocop.elections.rules import Rules

HINDRANCES: Final = (
    "not_a_member",
    "suspended",
    "pseudonym",
    "too_new",
    "unaffiliated",
    "elsewhere",
    "officer",
    "stays",
    "terms",
    "full",
)
"""In the order they are asked: the first that holds is told."""


class Contender(NamedTuple):
    """A member as a nomination sees them at one moment.

    Attributes:
        real_name: whether they go by their own name here, as candidates do.
        country: two letters; empty where it is not said.
        affiliated: whether they belong to an organization on that day.
        officiates: whether they are an officer of the election.
        stays: whether they hold the office beyond the day the new term begins.
        terms: their terms of the office so far.
        full: whether their organizations hold all the seats they may already.
    """

    state: str
    real_name: bool
    joined_at: datetime
    country: str
    affiliated: bool
    officiates: bool
    stays: bool
    terms: tuple[Term, ...]
    full: bool


def hindrance(person: Contender, rules: Rules, term: Term, at: datetime) -> str:
    """Return why somebody may not stand, one of `HINDRANCES`; empty: they may.

    Args:
        term: what they would be elected for.
    """
    found = {
        "not_a_member": person.state not in {"active", "suspended"},
        "suspended": person.state == "suspended",
        "pseudonym": not person.real_name,
        "too_new": at - person.joined_at < timedelta(days=rules.days_to_stand),
        "unaffiliated": rules.affiliation and not person.affiliated,
        "elsewhere": bool(rules.regions) and person.country not in rules.regions,
        "officer": person.officiates,
        "stays": person.stays,
        "terms": terms_in_a_row(person.terms, term) > rules.most_terms,
        "full": person.full,
    }
    return next((reason for reason in HINDRANCES if found[reason]), "")
