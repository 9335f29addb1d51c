"""Differences between versions lose nothing and stay quick."""

import time
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iocop.core.text.diff import Kind, Segment, rows, sides, word_diff
from tests.bench.comparing import edits, hostile

WORDS = st.lists(
    st.sampled_from(["a", "b", "c d", " ", "\n", "\r\n", "\n\n", "é", "-", "x_1", "\u2028"]), max_size=40
)


def text(segments: Iterable[Segment], *kinds: Kind) -> str:
    return "".join(segment.text for segment in segments if segment.kind in kinds)


def assert_complete(old: str, new: str) -> None:
    segments = word_diff(old, new)
    assert text(segments, Kind.EQUAL, Kind.DELETE) == old
    assert text(segments, Kind.EQUAL, Kind.INSERT) == new
    assert "".join(part.text for row in rows(old, new) for part in row.old) == old
    assert "".join(part.text for row in rows(old, new) for part in row.new) == new
    assert "".join(part.text for row in sides(old, new) for part in row.old) == old
    assert "".join(part.text for row in sides(old, new) for part in row.new) == new


@given(WORDS, WORDS)
def test_both_versions_can_be_read_from_the_difference(old: list[str], new: list[str]) -> None:
    assert_complete("".join(old), "".join(new))


@given(st.text(), st.text())
def test_any_two_texts_have_a_difference(old: str, new: str) -> None:
    assert_complete(old, new)


def test_a_changed_word_is_shown_in_its_line() -> None:
    assert word_diff("same\nthe old house\n", "same\nthe new house\n") == [
        Segment(Kind.EQUAL, "same\nthe "),
        Segment(Kind.DELETE, "old "),
        Segment(Kind.INSERT, "new "),
        Segment(Kind.EQUAL, "house\n"),
    ]


def test_lines_stand_beside_their_counterparts() -> None:
    found = rows("a\nb\nc\nd\n", "a\nx\nc\n")

    assert [row.kind for row in found] == [Kind.EQUAL, Kind.CHANGE, Kind.EQUAL, Kind.DELETE]
    assert found[1].inline == (Segment(Kind.DELETE, "b\n"), Segment(Kind.INSERT, "x\n"))
    assert found[3].new == ()


def test_lines_that_are_alike_in_what_became_of_them_are_one_row() -> None:
    found = sides("a\nb\nc\nd\n", "a\nb\nx\ny\nc\nD\n")

    assert [(row.kind, [part.text for part in row.old], [part.text for part in row.new]) for row in found] == [
        (Kind.EQUAL, ["a\nb\n"], ["a\nb\n"]), (Kind.INSERT, [], ["x\ny\n"]), (Kind.EQUAL, ["c\n"], ["c\n"]),
        (Kind.CHANGE, ["d\n"], ["D\n"]),
    ]  # fmt: skip


def test_equal_texts_have_no_difference() -> None:
    assert word_diff("a b\n", "a b\n") == [Segment(Kind.EQUAL, "a b\n")]
    assert word_diff("", "") == []


def test_a_small_change_in_a_long_text_stays_small() -> None:
    old = [f"word{number % 900} and{number}" for number in range(5000)]
    new = old.copy()
    new[100], new[4900] = "changed", "too"

    for between in (" ", "\n"):
        segments = word_diff(between.join(old), between.join(new))
        assert len(text(segments, Kind.DELETE)) < 50


LENGTH = 64 * 1024
HARD = {
    "one letter": ("a " * (LENGTH // 2), "a " * (LENGTH // 2 - 50) + "b"),
    "two letters": ("a b " * (LENGTH // 4), "b a c " * (LENGTH // 6)),
    "empty lines": ("\n" * LENGTH, "x" + "\n" * (LENGTH - 5) + "y"),
    "every other line": (
        "".join(f"{n}\n" for n in range(10_000)),
        "".join(f"{n}\nx\n" for n in range(0, 8_000, 2)),
    ),
    "every other word": (" ".join(map(str, range(10_000))), " ".join(f"{n} x" for n in range(0, 10_000, 2))),
    "backwards": (" ".join(map(str, range(10_000))), " ".join(map(str, range(10_000, 0, -1)))),
    "nothing shared": ("a\n" * (LENGTH // 2), "b\n" * (LENGTH // 2)),
    "short lines": ("a\nb\nc\n" * (LENGTH // 6), "c\nb\na\nd\n" * (LENGTH // 8)),
}


@pytest.mark.parametrize(("old", "new"), HARD.values(), ids=HARD.keys())
def test_hard_texts_are_compared_in_time(old: str, new: str) -> None:
    started = time.process_time()
    assert_complete(old, new)

    assert time.process_time() - started < 5  # three comparisons


@pytest.mark.parametrize(("old", "new"), edits().values(), ids=edits().keys())
def test_a_long_texts_edits_are_compared_at_once(old: str, new: str) -> None:
    started = time.process_time()
    rows(old, new)

    assert time.process_time() - started < 1  # measured: a tenth of it


@pytest.mark.parametrize(("old", "new"), hostile().values(), ids=hostile().keys())
def test_no_two_texts_of_100_kb_take_two_seconds(old: str, new: str) -> None:
    def spent() -> float:
        started = time.process_time()
        word_diff(old, new)
        return time.process_time() - started

    assert min(spent() for _ in range(2)) < 2  # whatever else the machine does can only add


def test_a_line_is_put_beside_the_one_it_became_not_the_next_one() -> None:
    old = "Gone altogether, this one.\nOpen the valve and measure the flow.\n"
    found = rows(old, "Open the valve and measure the pressure.\n")

    assert [row.kind for row in found] == ["delete", "change"]
    added = rows("Open the valve slowly now.\n", "Something new before.\nOpen the valve quickly now.\n")
    assert [row.kind for row in added] == ["insert", "change"]


def test_code_changes_by_line_and_prose_by_word() -> None:
    old, new = (
        "Set x to 1.\n\n```sh\nrun --all --fast\n```\n",
        "Set x to 2.\n\n```sh\nrun --all --slow\n```\n",
    )

    assert [(part.kind, part.text) for part in word_diff(old, new) if part.kind != "equal"] == [
        ("delete", "1"), ("insert", "2"), ("delete", "run --all --fast\n"), ("insert", "run --all --slow\n"),
    ]  # fmt: skip
