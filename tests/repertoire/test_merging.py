"""Two changes of one text come together by section, and no line of either is lost."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iocop.repertoire.merging import merge

BASE = "Intro.\n\n## A\n\nOne.\n\n## B\n\nTwo.\n"


@pytest.mark.parametrize(
    ("theirs", "yours", "expected"),
    [
        (BASE, BASE, BASE),
        (BASE.replace("One", "1"), BASE.replace("Two", "2"), "Intro.\n\n## A\n\n1.\n\n## B\n\n2.\n"),
        (BASE, BASE + "\n## C\n\nThree.\n", BASE + "\n## C\n\nThree.\n"),
        (BASE.replace("Two.", "2."), BASE.replace("## B", "## N\n\nNew.\n\n## B"),
         "Intro.\n\n## A\n\nOne.\n\n## N\n\nNew.\n\n## B\n\n2.\n"),
        (BASE.replace("## A\n\nOne.\n\n", ""), BASE.replace("Two", "2"), "Intro.\n\n## B\n\n2.\n"),
        ("Intro.\n\n## B\n\nTwo.\n\n## A\n\nOne.\n", BASE.replace("One", "1"), "Intro.\n\n## B\n\nTwo.\n\n## A\n\n1.\n"),
        (BASE.replace("One", "1"), BASE.replace("One", "1"), BASE.replace("One", "1")),
        (BASE.replace("One", "1"), "## N\n\nNew.\n\n" + BASE.removeprefix("Intro.\n\n"),
         "## N\n\nNew.\n\n## A\n\n1.\n\n## B\n\nTwo.\n"),
    ],
    ids=["nothing", "two sections", "an addition", "an addition in between", "a removal", "a move", "the same",
         "another beginning"],
)  # fmt: skip
def test_changes_of_different_sections_come_together(theirs: str, yours: str, expected: str) -> None:
    merged = merge(BASE, theirs, yours)

    assert (merged.text, merged.whole) == (expected, True)


@pytest.mark.parametrize(
    ("theirs", "yours", "conflicts"),
    [
        (BASE.replace("One", "1"), BASE.replace("One", "I"), ("A",)),
        (BASE.replace("## A\n\nOne.\n\n", ""), BASE.replace("One", "1"), ("A",)),
        (BASE + "\n## C\n\n3\n", BASE + "\n## C\n\nIII\n", ("C",)),
        (BASE.replace("Intro", "Start"), BASE.replace("Intro", "Begin"), ("",)),
        ("## B\n\nTwo.\n\nIntro.\n", "## A\n\nOne.\n", ("B",)),
    ],
    ids=[
        "both changed it",
        "one took out what the other changed",
        "both added it",
        "before the headings",
        "both cut",
    ],
)
def test_a_section_that_both_changed_is_a_conflict(
    theirs: str, yours: str, conflicts: tuple[str, ...]
) -> None:
    merged = merge(BASE, theirs, yours)

    assert (merged.text, merged.whole, sorted(merged.conflicts)) == ("", False, sorted(conflicts))


def test_two_orders_are_a_conflict() -> None:
    base = "## A\n\n1\n\n## B\n\n2\n\n## C\n\n3\n"

    merged = merge(base, "## B\n\n2\n\n## A\n\n1\n\n## C\n\n3\n", "## A\n\n1\n\n## C\n\n3\n\n## B\n\n2\n")

    assert merged.conflicts == ("",)


_LINES = st.sampled_from(["## A", "## B", "## C", "# D", "```", "one", "two", "three", "", "four"])
TEXTS = st.lists(_LINES, max_size=10).map("\n".join)


@given(TEXTS, TEXTS, TEXTS)
def test_no_line_of_either_side_is_lost(base: str, theirs: str, yours: str) -> None:
    merged = merge(base, theirs, yours)

    if merged.whole:
        kept = set(merged.text.splitlines())
        old = set(base.splitlines())
        for side in (theirs, yours):
            assert {line for line in side.splitlines() if line} - old <= kept


@given(TEXTS, TEXTS)
def test_who_changed_alone_gets_their_text(base: str, yours: str) -> None:
    for merged in (merge(base, base, yours), merge(base, yours, base)):
        assert merged.whole
        assert [line for line in merged.text.split() if line] == [line for line in yours.split() if line]


def test_two_changes_of_very_many_sections_come_together_at_once() -> None:
    base = "".join(f"# {number}\n\n" for number in range(9_000))
    started = time.process_time()

    merged = merge(base, f"{base}# Theirs\n\n", "".join(f"# {n}\n\n# N{n}\n\n" for n in range(9_000)))

    assert merged.whole
    assert merged.text.endswith("# 8999\n\n# N8999\n\n# Theirs\n")
    assert time.process_time() - started < 2
