"""A ledger narrowed and added up: sums agree with one another, and nobody can be told from a subtraction."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iocop.reputation import selecting
from iocop.reputation.fading import standing
from iocop.reputation.plot import plot
from iocop.reputation.rules import KINDS, POINT, RULES
from iocop.reputation.selecting import Tally, Wanted, parts_of

patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

wanted = st.builds(
    Wanted,
    domain_id=st.sampled_from([None, 1, 2]),
    kind=st.sampled_from([None, *KINDS]),
    rule=st.sampled_from([None, "answer_endorsed", "article_confirmed"]),
    year=st.sampled_from([None, 2025, 2026]),
)


@st.composite
def tallies(draw: st.DrawFn) -> list[Tally]:
    """What any ledger could add up to: each person of one group, some of it waiting, some undone in another year."""
    keys = draw(
        st.lists(
            st.tuples(
                st.integers(1, 2),
                st.sampled_from(["answer_endorsed", "answer_accepted", "article_confirmed"]),
                st.sampled_from([2025, 2026]),
                st.integers(1, 12),
            ),
            unique=True,
            max_size=25,
        )
    )
    found = []
    for domain_id, rule, year, person in keys:
        earned = draw(st.integers(-5, 25)) * POINT
        settled = draw(st.integers(0, max(0, earned // POINT))) * POINT
        group = person % 3 or None
        name = f"Group {group}" if group else None
        found.append(Tally(domain_id, rule, year, person, group, name, 1, person, earned, settled, settled))
    return found


@patient
@given(tallies(), wanted)
def test_every_way_of_adding_up_gives_the_same(rows: list[Tally], narrowed: Wanted) -> None:
    parts = parts_of(rows)
    chosen = [part for part in parts if narrowed.takes(part)]
    whole = selecting.summed(chosen)

    by_organization = selecting.by_organization(parts, narrowed)
    ways = (
        selecting.by_domain(chosen).values(),
        selecting.by_kind(chosen).values(),
        [sum_ for _, sum_ in by_organization.named]
        + [by_organization.others[1], by_organization.unproved, by_organization.alone],
    )
    for sums in ways:
        columns = zip(*sums, strict=True) if sums else [()] * 3
        assert tuple(map(sum, columns)) == whole
    assert whole.settled + whole.waiting == sum(part.tally.earned for part in chosen)
    assert whole.waiting >= 0


@patient
@given(tallies(), wanted)
def test_an_organization_is_named_only_where_it_hides_its_people(rows: list[Tally], narrowed: Wanted) -> None:
    parts = parts_of(rows)
    for name, _ in selecting.by_organization(parts, narrowed).named:
        of_it = [part for part in parts if part.tally.organization == name and part.stands]
        inside = {part.tally.actor_id for part in of_it if narrowed.takes(part)}
        outside = {part.tally.actor_id for part in of_it if not narrowed.takes(part)}
        assert len(inside) >= 5
        assert len(outside) == 0 or len(outside) >= 5


def test_what_was_undone_in_another_year_waits_in_neither() -> None:
    """Given in 2025 and settled then, taken back in 2026: the settlement and its negative stand at the first row."""
    given_then = Tally(1, "answer_endorsed", 2025, 7, 1, "Acme", 1, 1, 10_000, 0, 0)
    undone = Tally(1, "answer_endorsed", 2026, 7, 1, "Acme", 1, 2, -10_000, 0, 0)
    parts = parts_of([given_then, undone])
    assert [part.waiting for part in parts] == [0, 0]
    assert not any(part.stands for part in parts)


def test_a_rule_that_is_not_of_the_kind_takes_nothing() -> None:
    assert Wanted(kind="curating", rule="answer_endorsed").rules == frozenset()
    curating = frozenset(name for name, rule in RULES.items() if rule.kind == "curating")
    assert Wanted(kind="curating").rules == curating
    assert Wanted().rules is None


buckets = st.lists(st.tuples(st.integers(0, 4000), st.integers(-50, 300)), min_size=1, max_size=30).map(
    lambda rows: [(date(2016, 1, 1) + timedelta(days=day), points * POINT) for day, points in sorted(rows)]
)


@patient
@given(buckets, st.integers(0, 2000))
def test_the_last_figure_of_the_plot_is_todays_standing(rows: list[tuple[date, int]], after: int) -> None:
    today = rows[-1][0] + timedelta(days=after)
    by_day: dict[date, int] = {}
    for day, points in rows:
        by_day[day] = by_day.get(day, 0) + points

    drawn = plot(rows, today)

    assert drawn is not None
    last = drawn.moments[-1]
    assert last.day == today
    assert last.lifetime == sum(points for _, points in rows)
    assert last.standing == pytest.approx(standing(by_day, today), abs=2)
    assert 2 <= len(drawn.moments) <= 41
    days = [moment.day for moment in drawn.moments]
    assert days == sorted(set(days))
    assert drawn.standing.count("L") == len(drawn.moments) - 1
    heights = [mark.at for mark in drawn.points]
    assert 2 <= len(heights) <= 9
    assert all(12 <= at <= 228 for at in heights)


def test_nothing_settled_is_no_plot() -> None:
    assert plot([], date(2026, 1, 1)) is None
