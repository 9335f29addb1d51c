"""Reads the warnings need; none of them leaves a trace."""

from iocop.safety.queries.checking import check
from iocop.safety.queries.lists import (
    contact_for,
    own_words,
    roles_of,
    switched_off,
    term_count,
)
from iocop.safety.queries.rooms import competitors_meet

__all__ = [
    "check",
    "competitors_meet",
    "contact_for",
    "own_words",
    "roles_of",
    "switched_off",
    "term_count",
]
