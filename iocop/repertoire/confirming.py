"""At how many organizations something is confirmed in practice. Pure.

An organization counts that had no part in the text when it confirmed it, by somebody whose affiliation was proved.
Confirmations that are only ever counted stay out until three organizations gave one, so that a count names nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

FEWEST_COUNTED: Final = 3
"""Organizations that confirm without being named, below which nothing says that there are any."""


class Confirmation(NamedTuple):
    """One member's *works here*.

    Attributes:
        org_group_id: the member's organization group at that time; None without one.
        verified: whether that affiliation was proved then.
        counted_only: whether neither name nor organization is shown.
    """

    org_group_id: int | None
    verified: bool
    counted_only: bool
    at: datetime


class Confirmed(NamedTuple):
    """Organizations that confirm it: those that are named, and the further ones that are only counted."""

    named: int
    counted: int

    @property
    def organizations(self) -> int:
        return self.named + self.counted


def counts(given: Confirmation, wrote: Mapping[int, datetime]) -> bool:
    """Say whether a confirmation counts.

    Args:
        wrote: since when each organization group had a part in the text.
    """
    if not given.verified or given.org_group_id is None:
        return False
    since = wrote.get(given.org_group_id)
    return since is None or since > given.at


def confirmed(all_given: Iterable[Confirmation], wrote: Mapping[int, datetime]) -> Confirmed:
    """Return at how many organizations it is confirmed, each counted once."""
    valid = [given for given in all_given if counts(given, wrote)]
    named = {given.org_group_id for given in valid if not given.counted_only}
    further = {given.org_group_id for given in valid if given.counted_only} - named
    return Confirmed(len(named), len(further) if len(further) >= FEWEST_COUNTED else 0)
