"""What remains capitalised is shown; what only begins a sentence is told apart."""

from __future__ import annotations

import pytest

from iocop.transfer.capitals import remaining
from iocop.transfer.sentences import begins_sentence


def left(text: str, language: str = "en", *, code: bool = False) -> list[tuple[str, bool]]:
    return [(one.word, one.stands_out) for one in remaining([(text, code)], language)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We saw it at Kingsbridge.", [("Kingsbridge", True)]),
        ("We met Jane Doe and John.", [("Jane Doe", True), ("John", True)]),
        ("Jane Doe was there.", [("Jane Doe", True)]),
        ("It leaks. Then stop.", []),
        ("Kingsbridge leaks.", [("Kingsbridge", False)]),
        ("Kingsbridge leaks. So does Kingsbridge.", [("Kingsbridge", True)]),
        ("Valves leak, and valves seize.", []),
        ("It was at e.g. Kingsbridge.", [("Kingsbridge", True)]),
        ("They asked Dr. Doe first.", [("Doe", True)]),
        ("We ask him. Ask Jane Doe.", [("Jane Doe", True)]),
        ("Ask Jane Doe.", [("Ask Jane Doe", True)]),
        ("On Monday we got 5 MW and 3 kW at 20 Pa; I know.", []),
        ("The KPN and the V6 and R32.", [("KPN", True)]),
        ("Das war bei Kingsbridge's Neubau", [("Kingsbridge", True), ("Neubau", True)]),
        ("The plan: Kingsbridge.", [("Kingsbridge", True)]),
        ("Line one\nKingsbridge", [("Kingsbridge", False), ("Line", False)]),
        ("· asked Marsh-Lane Depot.", [("Marsh-Lane Depot", True)]),
        ("So Kingsbridge The End.", [("Kingsbridge The End", True)]),
        ("So Kingsbridge The", [("Kingsbridge", True)]),
        ("", []),
    ],
)  # fmt: skip
def test_capitals_are_shown(text: str, expected: list[tuple[str, bool]]) -> None:
    assert left(text) == expected


def test_where_every_noun_is_capitalised_two_in_a_row_and_capitals_throughout_are_shown() -> None:
    assert left("Die Pumpe bei Anna Schmidt und KPN leckt am Flansch.", "de") == [
        ("Anna Schmidt", True),
        ("KPN", True),
    ]


def test_in_code_words_written_like_names_are_shown_and_constants_are_not() -> None:
    assert left('SITE = "Kingsbridge" if TRUE else MyClass', code=True) == [("Kingsbridge", True)]


def test_what_is_shown_comes_with_the_words_around_it() -> None:
    (found,) = remaining([("x " * 40 + "near Kingsbridge there" + " y" * 40, False)], "en")

    assert found.context.startswith("… x")
    assert found.context.endswith("y …")
    assert "near Kingsbridge there" in found.context


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("One. Two", "Two", True), ("One, Two", "Two", False), ("“Two", "Two", True), ("One! “Two", "Two", True),
        ("Dr. Two", "Two", False), ("approx. Two", "Two", False), ("in 5. Two", "Two", True), ("so. Two", "Two", False),
    ],
)  # fmt: skip
def test_a_sentence_begins(text: str, word: str, expected: bool) -> None:
    assert begins_sentence(text, text.index(word)) is expected
