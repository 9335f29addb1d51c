"""The states of an election: one after the other, each at its time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iocop.elections import life
from iocop.elections.models.elections import KINDS, STATES
from iocop.elections.rules import Rules, months_after

BEGINS = datetime(2026, 12, 1, 9, tzinfo=UTC)
kinds = st.sampled_from(KINDS)
verbs = st.sampled_from(life.VERBS)


def after(verbs: list[str], kind: str, *, poll: bool, frozen: bool) -> list[str]:
    """The states an election goes through when these acts are tried one after the other."""
    states = ["draft"]
    for verb in verbs:
        if life.fits(verb, states[-1], kind, poll=poll, frozen=frozen):
            states.append(life.target(verb, states[-1]))
    return states


@given(kinds, st.lists(verbs, max_size=60), st.booleans())
def test_no_verb_skips_a_state(kind: str, tried: list[str], poll: bool) -> None:
    states = after(tried, kind, poll=poll, frozen=True)

    path = life.path(kind, poll=poll)
    for before, now in pairwise(states):
        assert now in {before, "void"} or path.index(now) == path.index(before) + 1


@given(kinds, st.permutations(list(life.VERBS)), st.booleans())
def test_the_right_verbs_lead_to_the_end(kind: str, tried: list[str], poll: bool) -> None:
    states = after([verb for verb in tried if verb != "void"] * 8, kind, poll=poll, frozen=True)

    assert list(dict.fromkeys(states)) == list(life.path(kind, poll=poll))


@given(kinds, st.sampled_from(sorted(life.END)), verbs, st.booleans())
def test_nothing_follows_the_end(kind: str, state: str, verb: str, frozen: bool) -> None:
    assert not life.fits(verb, state, kind, frozen=frozen)


@given(kinds, st.sampled_from(sorted(set(STATES) - life.END)))
def test_every_state_before_the_end_can_become_void(kind: str, state: str) -> None:
    assert life.fits("void", state, kind)
    assert life.target("void", state) == "void"


@given(kinds, verbs, st.booleans())
def test_no_poll_opens_without_the_freeze(kind: str, verb: str, poll: bool) -> None:
    if life.fits(verb, "campaign", kind, poll=poll, frozen=False):
        assert life.target(verb, "campaign") in {"campaign", "void"}


def test_every_state_but_void_lies_on_a_path() -> None:
    paths = {state for kind in KINDS for poll in (True, False) for state in life.path(kind, poll=poll)}

    assert paths == set(STATES) - {"void"}


rules = st.builds(
    Rules,
    nomination_days=st.integers(0, 60),
    voting_days=st.integers(1, 60),
    key_days=st.integers(1, 30),
    complaint_days=st.integers(1, 60),
)


@given(kinds, rules)
def test_proposed_dates_keep_every_least_length_and_leave_a_day_to_act(kind: str, rules: Rules) -> None:
    dates = life.proposed(kind, BEGINS, rules)

    assert list(dates) == sorted(dates)
    assert life.too_short(kind, dates, rules) == {}
    for step in life.STEPS:
        if step.source in life.path(kind) and step.target in life.path(kind):
            first, last = life.earliest(step.verb, dates), life.latest(step.verb, dates, rules)
            if first is not None and last is not None:
                assert last - first >= timedelta(days=1), step.verb


@given(kinds, rules, st.integers(0, 200), st.integers(1, 90))
def test_moved_dates_keep_their_order_and_never_come_earlier(
    kind: str, rules: Rules, gone: int, days: int
) -> None:
    dates = life.proposed(kind, BEGINS, rules)

    moved = life.moved(dates, BEGINS + timedelta(days=gone), days)

    assert list(moved) == sorted(moved)
    assert all(now >= before for before, now in zip(dates, moved, strict=True))
    assert life.too_short(kind, moved, rules) == {}


def test_a_date_too_early_is_named_with_what_it_follows() -> None:
    dates = life.proposed("board", BEGINS, Rules())

    short = dates._replace(closes_at=dates.opens_at + timedelta(days=6))

    assert life.too_short("board", short, Rules()) == {"closes_at": ("opens_at", 7)}


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [("2026-12-01", 36, "2029-12-01"), ("2028-02-29", 12, "2029-02-28"), ("2026-08-31", 6, "2027-02-28")],
)
def test_a_term_ends_on_the_same_day_of_the_month(day: str, months: int, expected: str) -> None:
    assert months_after(datetime.fromisoformat(day).date(), months).isoformat() == expected
