"""Small elections as Hypothesis draws them, with every kind of paper that a rule may meet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from iocop.elections.counting.papers import Paper, Profile

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from iocop.elections.counting.outcome import Outcome

patient = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
"""The first draw of a run reads the code's constants, which takes longer than all others."""


@st.composite
def papers(draw: st.DrawFn, candidates: int) -> Paper:
    """Ranks, some shared, some empty, and how many papers say so; none at all sometimes."""
    named = draw(st.permutations(range(1, candidates + 1)))[: draw(st.integers(0, candidates))]
    ranks: list[tuple[int, ...]] = []
    for number in named:
        how = draw(st.sampled_from(["next", "next", "next", "shared", "gap"]))
        if how == "shared" and ranks:
            ranks[-1] += (number,)
        else:
            ranks += [(), (number,)] if how == "gap" else [(number,)]
    return Paper(tuple(ranks), draw(st.integers(0, 9)))


@st.composite
def profiles(draw: st.DrawFn, most: int = 6) -> Profile:
    count = draw(st.integers(1, most))
    said = draw(st.lists(papers(count), max_size=12))
    withdrawn = draw(st.frozensets(st.integers(1, count), max_size=1))
    return Profile(draw(st.integers(1, count)), ("",) * count, tuple(said), withdrawn)


@st.composite
def disguises(draw: st.DrawFn) -> tuple[Profile, Sequence[int], Profile, Sequence[int], Mapping[int, int]]:
    """An election with its lot, and the same one under other numbers, its papers shuffled, split and merged.

    The last is what each candidate is called in the disguise.
    """
    profile = draw(profiles())
    numbers = range(1, len(profile.candidates) + 1)
    lot = draw(st.permutations(numbers))
    called = dict(zip(numbers, draw(st.permutations(numbers)), strict=True))
    single = [Paper(paper.ranks) for paper in profile.papers for _ in range(paper.count)]
    halves = (
        [replace(paper, count=half) for paper in single for half in (1, 0)] if draw(st.booleans()) else single
    )
    bundles: dict[Any, int] = {}
    for paper in halves:
        bundles[paper.ranks] = bundles.get(paper.ranks, 0) + paper.count
    merged = [Paper(ranks, count) for ranks, count in bundles.items()]
    shuffled = draw(st.permutations(merged if draw(st.booleans()) else halves))
    other = replace(
        profile,
        papers=tuple(
            Paper(tuple(tuple(called[number] for number in rank) for rank in paper.ranks), paper.count)
            for paper in shuffled
        ),
        withdrawn=frozenset(called[number] for number in profile.withdrawn),
    )
    return profile, lot, other, [called[number] for number in lot], called


def renamed(outcome: Outcome, called: Mapping[int, int]) -> dict[str, Any]:
    """Return what was found, with everybody under the name of the disguise, in a form that can be compared."""

    def all_of(numbers: Sequence[int]) -> tuple[int, ...]:
        return tuple(called[number] for number in numbers)

    def table(value: object) -> object:
        if isinstance(value, dict):
            return {called.get(cast("int", key), key): table(below) for key, below in value.items()}
        return value

    notes = dict(outcome.notes)
    for name in ("pairwise", "paths"):
        notes[name] = table(notes.get(name))
    notes["order"] = [set(all_of(level)) for level in cast("list[list[int]]", notes.get("order", []))]
    notes["keep_factors"] = [table(stage) for stage in cast("list[object]", notes.get("keep_factors", []))]
    return {
        "papers": (outcome.valid, outcome.invalid, outcome.quota, outcome.vacant),
        "placed": (all_of(outcome.elected), all_of(outcome.excluded)),
        "stages": [
            (stage.kind, all_of(stage.moved), table(stage.totals), stage.nontransferable, stage.lost,
             all_of(stage.elected), all_of(stage.excluded))
            for stage in outcome.stages
        ],
        "ties": [(tie.stage, tie.purpose, set(all_of(tie.tied)), called[tie.chosen]) for tie in outcome.ties],
        "notes": notes,
    }  # fmt: skip
