"""The arithmetic of dated affiliations: half-open days, two times, short gaps. Pure.

Source:
    R. T. Snodgrass, Developing Time-Oriented Database Applications in SQL (2000), ch. 10: bi-temporal tables.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

GRACE = timedelta(days=14)
"""A gap between two spells that is no longer than this is bridged: a weekend between two jobs is not unemployment."""


class Spell(Protocol):
    """One affiliation as recorded once; *valid_to* is the first day it no longer held."""

    @property
    def id(self) -> int: ...
    @property
    def organization_id(self) -> int: ...
    @property
    def valid_from(self) -> date: ...
    @property
    def valid_to(self) -> date | None: ...
    @property
    def recorded_at(self) -> datetime: ...
    @property
    def superseded_at(self) -> datetime | None: ...
    @property
    def is_main(self) -> bool: ...


Row = TypeVar("Row", bound=Spell)


class Period(NamedTuple):
    """Days from *start* until, and without, *end*; an empty end is still open."""

    start: date
    end: date | None


def holds(spell: Spell, day: date) -> bool:
    """Say whether a spell holds on a day."""
    return spell.valid_from <= day and (spell.valid_to is None or day < spell.valid_to)


def known(rows: Iterable[Row], moment: datetime) -> list[Row]:
    """Return the rows as they were recorded at a moment: later corrections are not known yet."""
    return [
        row
        for row in rows
        if row.recorded_at <= moment and (row.superseded_at is None or moment < row.superseded_at)
    ]


def held(rows: Iterable[Row], day: date) -> list[Row]:
    """Return the rows that hold on a day, the latest begun first."""
    return sorted(
        (row for row in rows if holds(row, day)), key=lambda row: (row.valid_from, row.id), reverse=True
    )


def main(rows: Iterable[Row], day: date) -> Row | None:
    """Return the row shown for a day: the one chosen as main, else the latest begun; None for nobody's."""
    candidates = held(rows, day)
    return next((row for row in candidates if row.is_main), candidates[0] if candidates else None)


def bridged(rows: Sequence[Row], day: date) -> Row | None:
    """Return the main row of a day; in a gap of at most `GRACE` between two spells, the one before goes on.

    A gap that nothing follows is not bridged: who has left, has left.
    """
    found = main(rows, day)
    if found is not None:
        return found
    ended = [(row.valid_to, row) for row in rows if row.valid_to is not None and row.valid_to <= day]
    following = [row.valid_from for row in rows if row.valid_from > day]
    if not ended or not following:
        return None
    last_day = max(end for end, _ in ended)
    if min(following) - last_day > GRACE:
        return None
    return max(
        (row for end, row in ended if end == last_day), key=lambda row: (row.is_main, row.valid_from, row.id)
    )


def periods(spells: Iterable[Spell]) -> list[Period]:
    """Return the days some spells cover together, oldest first; what overlaps or touches becomes one."""
    merged: list[Period] = []
    for spell in sorted(spells, key=lambda each: each.valid_from):
        last = merged[-1] if merged else None
        if last is None or (last.end is not None and last.end < spell.valid_from):
            merged.append(Period(spell.valid_from, spell.valid_to))
        elif last.end is not None:
            later = spell.valid_to and max(last.end, spell.valid_to)
            merged[-1] = Period(last.start, later)
    return merged


def overlap(one: Spell, other: Spell) -> bool:
    """Say whether two spells share a day; one that begins on the other's first day gone does not."""
    return (other.valid_to is None or one.valid_from < other.valid_to) and (
        one.valid_to is None or other.valid_from < one.valid_to
    )
