"""Terms on loan: a year long, three in a row."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iocop.roles.terms import PAUSE, Term, terms_in_a_row, year_after

BEGAN = datetime(2026, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)

patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""The first draw of a run reads the code's constants, which takes longer than all others."""


def years(*starts: int) -> list[Term]:
    """Terms of a year that begin so many days after the first."""
    return [Term(BEGAN + start * DAY, BEGAN + (start + 365) * DAY) for start in starts]


def test_a_year_ends_on_the_same_day_and_a_leap_days_on_the_first_of_march() -> None:
    assert year_after(BEGAN) == datetime(2027, 3, 1, tzinfo=UTC)
    assert year_after(datetime(2028, 2, 29, 9, tzinfo=UTC)) == datetime(2029, 3, 1, 9, tzinfo=UTC)


def test_terms_without_a_years_pause_between_them_are_one_row() -> None:
    *held, new = years(0, 365, 365 + 365 + 364, 365 + 365 + 364 + 365)

    assert terms_in_a_row(held, new) == 4


def test_a_years_pause_begins_a_new_row() -> None:
    *held, new = years(0, 365, 730, 730 + 365 + 365)

    assert terms_in_a_row(held, new) == 1


def test_a_term_between_others_joins_them() -> None:
    first, new, last = years(0, 365, 730)

    assert terms_in_a_row([first, last], new) == 3


def test_an_office_that_never_began_is_no_term() -> None:
    (new,) = years(0)
    void = Term(BEGAN - 2 * DAY - timedelta(microseconds=1), BEGAN - 2 * DAY)

    assert terms_in_a_row([void], new) == 1


@patient
@given(st.lists(st.integers(365, 1500), max_size=6), st.integers(0, 6))
def test_a_row_is_what_no_pause_divides(gaps: list[int], place: int) -> None:
    terms = years(*(sum(gaps[:count]) for count in range(len(gaps) + 1)))
    new = terms[place % len(terms)]

    rows: list[list[Term]] = [[terms[0]]]
    for before, term in pairwise(terms):
        if term.start - before.end >= PAUSE:
            rows.append([])
        rows[-1].append(term)

    others = [term for term in terms if term is not new]
    assert terms_in_a_row(others, new) == next(len(row) for row in rows if new in row)
