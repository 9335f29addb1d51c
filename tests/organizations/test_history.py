"""The arithmetic of dated affiliations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iocop.organizations import history

DAYS = st.dates(date(2000, 1, 1), date(2030, 12, 31))
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- zoned beside


@dataclass(frozen=True)
class Spell:
    valid_from: date
    valid_to: date | None = None
    organization_id: int = 1
    is_main: bool = False
    id: int = 1
    recorded_at: datetime = datetime(2020, 1, 1, tzinfo=UTC)
    superseded_at: datetime | None = None


@st.composite
def spells(draw: st.DrawFn) -> Spell:
    start = draw(DAYS)
    length = draw(st.none() | st.integers(1, 4000))
    return Spell(
        start, start + timedelta(days=length) if length else None, draw(st.integers(1, 3)), draw(st.booleans()),
        draw(st.integers(1, 1000)),
    )  # fmt: skip


HISTORIES = st.lists(spells(), max_size=6, unique_by=lambda spell: spell.id)


@given(spells())
def test_a_spell_holds_on_its_first_day_and_no_longer_on_its_end(spell: Spell) -> None:
    assert history.holds(spell, spell.valid_from)
    assert not history.holds(spell, spell.valid_from - timedelta(days=1))
    if spell.valid_to:
        assert history.holds(spell, spell.valid_to - timedelta(days=1))
        assert not history.holds(spell, spell.valid_to)


@given(HISTORIES, DAYS)
def test_whoever_is_shown_for_a_day_holds_on_it(rows: list[Spell], day: date) -> None:
    shown = history.main(rows, day)

    assert (shown is None) is (not history.held(rows, day))
    assert shown is None or history.holds(shown, day)
    assert shown is None or shown.is_main or not any(row.is_main for row in history.held(rows, day))


@given(HISTORIES, DAYS)
def test_bridging_only_ever_fills_a_gap_of_at_most_fourteen_days(rows: list[Spell], day: date) -> None:
    found = history.bridged(rows, day)

    if history.held(rows, day):
        assert found == history.main(rows, day)
    elif found is not None:
        assert found.valid_to is not None
        following = min(row.valid_from for row in rows if row.valid_from > day)
        assert found.valid_to <= day < following <= found.valid_to + history.GRACE


@given(HISTORIES, DAYS)
def test_periods_cover_the_same_days_and_do_not_touch(rows: list[Spell], day: date) -> None:
    found = history.periods(rows)

    covered = any(period.start <= day and (period.end is None or day < period.end) for period in found)
    assert covered is bool(history.held(rows, day))
    for before, after in pairwise(found):
        assert before.end is not None
        assert before.end < after.start


@given(spells(), spells())
def test_two_spells_overlap_exactly_where_some_day_holds_both(one: Spell, other: Spell) -> None:
    shared = max(one.valid_from, other.valid_from)

    assert history.overlap(one, other) is (history.holds(one, shared) and history.holds(other, shared))
    assert history.overlap(one, other) is history.overlap(other, one)


@given(MOMENTS, MOMENTS)
def test_of_a_corrected_row_exactly_one_version_is_known_at_any_moment(
    corrected: datetime, moment: datetime
) -> None:
    first = datetime(1999, 1, 1, tzinfo=UTC)
    old = Spell(date(2020, 1, 1), id=1, recorded_at=first, superseded_at=corrected)
    new = Spell(date(2021, 1, 1), id=2, recorded_at=corrected)

    assert history.known([old, new], moment) == [new if moment >= corrected else old]


@pytest.mark.parametrize(
    ("gap", "bridged"), [(2, True), (14, True), (15, False)], ids=["a weekend", "two weeks", "longer"]
)
def test_a_short_gap_between_two_jobs_is_no_unemployment(gap: int, bridged: bool) -> None:
    ended = date(2024, 3, 1)
    rows = [Spell(date(2020, 1, 1), ended, 1), Spell(ended + timedelta(days=gap), None, 2)]

    found = history.bridged(rows, ended)

    assert (found.organization_id if found else None) == (1 if bridged else None)


def test_who_has_left_and_gone_nowhere_is_unaffiliated_at_once() -> None:
    assert history.bridged([Spell(date(2020, 1, 1), date(2024, 3, 1))], date(2024, 3, 1)) is None
