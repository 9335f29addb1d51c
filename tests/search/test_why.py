"""Each hit says why it was found: what it has of the words, and what speaks for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from iocop.search.query import parse
from iocop.search.snippets import Marker
from iocop.search.synonyms import Meaning
from iocop.search.why import Hit, Reason, reasons


def why(
    typed: str, title: str, text: str = "", also: tuple[Meaning, ...] = (), **more: object
) -> list[Reason]:
    query = replace(parse(typed), also=also)
    marker = Marker(query)
    head, body = marker.read_whole(title, "en"), marker.read(text, "en")
    return reasons(query, marker, Hit(head.words | body.words, head.words, title=title, **more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "title", "text", "expected"),
    [
        ("frost coils", "Frost, coil", "", [Reason("in title", 2)]),
        ("frost coil", "Frost: coil!", "", [Reason("title")]),
        ("frost pump night", "Frost", "the pumps run all night", [Reason("all words")]),
        ("frost pump night", "Frost", "the pumps run", [Reason("some words", 2, 3, "night")]),
        ("frost pump night", "Frost", "", [Reason("some words", 1, 3)]),
        ("frost", "Coil", "some frost", [Reason("word")]),
        ('"frost"', "Coil", "some frost", [Reason("phrase")]),
        ("frost pump night", "Coil", "nothing", [Reason("further")]),
        ("tag:frost", "Coil", "nothing", [Reason("filters")]),
        ("the frost of a coil", "Frost of coils", "", [Reason("in title", 2)]),
        ('"frost on the coil"', "Ice", "there is frost on the coil", [Reason("all words"), Reason("phrase")]),
    ],
)
def test_what_it_has_of_the_words(typed: str, title: str, text: str, expected: list[Reason]) -> None:
    assert why(typed, title, text) == expected


def test_words_further_down_than_was_read_count_too() -> None:
    assert why("frost pump", "Ice", "nothing", whole=True) == [Reason("all words")]


def test_of_people_and_places_it_is_the_name() -> None:
    assert why("ada frost", "Ada Frost", named=True) == [Reason("name")]
    assert why("frost", "Ada Frost", named=True) == [Reason("in name", 1)]
    assert why("handle", "Ada Frost", named=True, whole=True) == [Reason("word")]


def test_another_name_of_the_glossary_is_named() -> None:
    meaning = Meaning(0, 2, ("separator", "hydraulische weiche"))

    assert why("low-loss header singing", "The hydraulische Weiche", "it sings", also=(meaning,)) == [
        Reason("called", words="low-loss header", other="hydraulische weiche")
    ]
    assert why("low-loss header", "Our low-loss header", also=(meaning,))[0].what == "in title"


def test_what_speaks_for_it_follows() -> None:
    found = why("frost", "Coil", "frost", confirmed_at=3, accepted=True, solved=True)

    assert found == [Reason("word"), Reason("confirmed", 3), Reason("accepted")]
    assert why("frost", "Coil", "frost", solved=True) == [Reason("word"), Reason("solved")]
