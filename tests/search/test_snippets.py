"""What is shown of a text is escaped, short, and marks what was looked for."""

from __future__ import annotations

import re
from html import unescape

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from iocop.search.query import parse
from iocop.search.snippets import LENGTH, Marker


def test_the_words_are_marked_in_whatever_form_they_stand() -> None:
    marked = Marker(parse("valve leak")).whole("Leaking valves & pumps", "en")

    assert str(marked) == "<mark>Leaking</mark> <mark>valves</mark> &amp; pumps"


def test_the_stretch_shown_is_the_one_with_most_of_the_words() -> None:
    text = "valve " + "and so on " * 60 + "the valve began to leak at night " + "and so on " * 60

    shown = Marker(parse("valve leak")).excerpt(text, "en")

    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert "<mark>valve</mark> began to <mark>leak</mark>" in shown


def test_without_a_match_the_beginning_is_shown() -> None:
    assert str(Marker(parse("nothing")).excerpt("A short text.")) == "A short text."


@pytest.mark.parametrize(
    "attack", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "<mark>fake</mark>"]
)
def test_a_text_cannot_break_out(attack: str) -> None:
    marker = Marker(parse("script img mark alert " + attack))
    for shown in (marker.whole(attack), marker.excerpt(f"before {attack} after")):
        page = BeautifulSoup(str(shown), "html.parser")
        assert {tag.name for tag in page.find_all(True)} <= {"mark"}
        assert attack in page.get_text()


@given(st.text(max_size=900), st.text(max_size=40))
def test_any_text_is_kept_letter_for_letter(text: str, typed: str) -> None:
    marker = Marker(parse(typed))

    assert unescape(re.sub("</?mark>", "", str(marker.whole(text)))) == text
    assert len(marker.excerpt(text).striptags()) <= max(LENGTH, len(text)) + 4
