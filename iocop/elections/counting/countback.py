"""Countback: a seat that falls vacant goes to whom the same papers choose next."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from iocop.elections.counting.scottish import Count

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from iocop.elections.counting.capping import Cap
    from iocop.elections.counting.outcome import Outcome
    from iocop.elections.counting.papers import Profile


def count(
    profile: Profile, lot: Sequence[int], *, sitting: Collection[int], away: Collection[int],
    vacancies: int | None = None, cap: Cap | None = None,
) -> Outcome:  # fmt: skip
    """Count the same papers again, by Scottish rules with the same number of seats and a new quota.

    Who sits cannot be excluded: the lowest other is. It ends when as many others are elected as there are vacancies, or
    once the others who continue are no more than those. A seat left vacant calls for a by-election.

    Args:
        profile, lot: of the election whose seats fell vacant.
        sitting: candidates who were elected and stay; they count in the cap, so its ``already`` leaves them out.
        away: who vacates, and whoever is unwilling or no longer eligible; they are struck like withdrawn candidates.
        vacancies: how many others are to be elected; by default, as many seats as nobody sits in.

    Returns:
        ``elected`` are the others alone; the stages show those sitting as well who reach the quota.

    Raises:
        ValueError: somebody sits who is away; no vacancy; or the lot does not name every candidate once.
    """
    vacant = profile.seats - len(set(sitting)) if vacancies is None else vacancies
    struck = profile.withdrawn | frozenset(away)
    if struck & set(sitting):
        raise ValueError("nobody both sits and is away")
    if vacant < 1:
        raise ValueError("there is no vacancy")
    standing = replace(profile, withdrawn=struck)
    return Count(standing, lot, cap, sitting=sitting, vacancies=vacant).outcome()
