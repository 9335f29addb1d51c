"""By thread: what answers what, never deeper than three; the accepted answer first, then the most helpful."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from iocop.forums.queries.topic import DEEPEST, page_of, thread_order


class Row(NamedTuple):
    id: int
    parent_id: int | None
    position: int
    helpful: int = 0
    kind: str = "answer"


@st.composite
def threads(draw: st.DrawFn) -> list[Row]:
    rows = [Row(1, None, 1, kind="question")]
    for key in range(2, draw(st.integers(1, 25)) + 1):
        parent = draw(st.sampled_from(rows)).id
        helpful = draw(st.integers(-2, 5))
        rows.append(Row(key, parent, key, helpful, draw(st.sampled_from(["answer", "reply"]))))
    return draw(st.permutations(rows))


@given(threads(), st.integers(2, 25))
def test_every_post_stands_once_below_what_it_answers(rows: list[Row], accepted: int) -> None:
    order = thread_order(rows, 1, accepted)

    assert sorted(key for key, _ in order) == sorted(row.id for row in rows)
    assert order[0] == (1, 0)
    assert {depth for _, depth in order} <= set(range(DEEPEST + 1))
    place = {key: number for number, (key, _) in enumerate(order)}
    depths = dict(order)
    for row in rows:
        if row.parent_id is not None:
            assert place[row.parent_id] < place[row.id]
        if row.parent_id not in {None, 1}:
            assert depths[row.id] == min(DEEPEST, depths[row.parent_id] + 1)


@given(threads(), st.integers(2, 25))
def test_what_stands_right_below_the_question_is_ranked(rows: list[Row], accepted: int) -> None:
    by_id = {row.id: row for row in rows}

    shown = [by_id[key] for key, _ in thread_order(rows, 1, accepted) if by_id[key].parent_id == 1]

    if accepted in {row.id for row in shown}:
        assert shown.pop(0).id == accepted
    kinds = [row.kind for row in shown]
    assert kinds == sorted(kinds)  # answers before replies
    for one, other in pairwise(shown):
        if one.kind == other.kind:
            assert (one.helpful, -one.position) > (other.helpful, -other.position)


def test_deep_replies_stay_at_the_third_step() -> None:
    rows = [Row(key, key - 1 or None, key) for key in range(1, 8)]

    assert [depth for _, depth in thread_order(rows, 1, None)] == [0, 0, 1, 2, 3, 3, 3]


def test_positions_stand_on_pages_of_twenty() -> None:
    assert [page_of(position) for position in (1, 20, 21, 40, 41)] == [1, 1, 2, 2, 3]
