"""A quoted stretch is found again after edits, or it is said that its words are gone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iocop.repertoire import anchoring
from iocop.repertoire.anchoring import ALIKE, Quote, find, one_line, quoted, with_marks
from iocop.repertoire.texts import seen

TEXT = (
    "Open every valve. Measure the flow through each radiator. Then close the bypass slowly, a quarter turn at a time,"
    " and measure the flow again. Write both figures down before you leave the plant room."
)
BYPASS = "close the bypass slowly, a quarter turn at a time"


def noted(words: str, text: str = TEXT) -> Quote:
    start = text.index(words)
    return quoted(text, start, start + len(words))


def test_the_very_words_are_found_where_they_stand() -> None:
    place = find(TEXT, noted(BYPASS))

    assert place is not None
    assert (TEXT[place.start : place.end], place.changed) == (BYPASS, False)


def test_words_that_stand_twice_are_told_apart_by_what_is_around_them() -> None:
    second = TEXT.rindex("measure the flow")
    place = find("Measure the flow first. " + TEXT, quoted(TEXT, second, second + 16))

    assert place is not None
    assert place.start == second + 24


def test_an_edited_stretch_is_found_with_a_warning() -> None:
    place = find(TEXT.replace("a quarter turn at a time", "half a turn at a time"), noted(BYPASS))

    assert place is not None
    assert place.changed


def test_what_was_rewritten_between_the_same_words_is_found() -> None:
    rewritten = TEXT.replace("a quarter turn at a time", "by 90 degrees each time")
    place = find(rewritten, noted("a quarter turn at a time"))

    assert place is not None
    assert rewritten[place.start : place.end] == "by 90 degrees each time"


def test_words_that_went_are_gone() -> None:
    assert find("Insulate all pipes.", noted(BYPASS)) is None
    assert find(TEXT.replace("Then " + BYPASS + ", and measure the flow again. ", ""), noted(BYPASS)) is None
    assert find("", noted(BYPASS)) is None
    assert find(TEXT, Quote(" ")) is None


def test_a_very_long_text_is_searched_for_the_very_words_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anchoring, "LONGEST_TEXT", 10)

    assert find(TEXT, noted(BYPASS)) is not None
    assert find(TEXT.replace("slowly", "slow"), noted(BYPASS)) is None


@given(st.data())
def test_every_stretch_is_found_in_the_text_it_was_quoted_from(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(TEXT) - 2))
    end = data.draw(st.integers(start + 1, len(TEXT)))
    quote = quoted(TEXT, start, end)
    place = find(TEXT, quote)

    assert (place is None) == (not quote.words.strip())
    assert place is None or TEXT[place.start : place.end] == one_line(quote.words)


@given(st.text(max_size=120), st.text(max_size=120))
def test_edits_around_a_stretch_never_lose_it(before: str, after: str) -> None:
    edited = one_line(f"{before} {BYPASS} {after}")
    place = find(edited, noted(BYPASS))

    assert place is not None
    assert edited[place.start : place.end] == BYPASS


@given(st.text(max_size=200), st.text(max_size=40), st.text(max_size=90), st.text(max_size=90))
def test_a_place_is_inside_the_text_and_holds_something(
    text: str, words: str, before: str, after: str
) -> None:
    line = one_line(text)
    place = find(line, Quote(words, before, after))

    assert ALIKE > 50
    assert place is None or 0 <= place.start < place.end <= len(line)


HTML = (
    '<h3 id="c-a">First &amp; last</h3>\n<p>Open <strong>every</strong> valve, <a href="/t/1">as said\n here</a>.</p>'
    "<p>Close it.</p>"
)


def test_a_reader_sees_one_line_and_each_letter_has_its_place() -> None:
    view = seen(HTML)

    assert view.text == "First & last Open every valve, as said here. Close it."
    assert HTML[: view.ends[view.text.index("valve") + 4]].endswith("valve")
    assert HTML[: view.ends[view.text.index("&")]].endswith("&amp;")
    assert seen("<p>&#65;</p>\n").text == "A"


@pytest.mark.parametrize(
    "letter", ["\u2028", "\u2029", "\x85", "\n"], ids=["line", "paragraph", "next line", "new line"]
)
def test_letters_that_end_a_line_elsewhere_move_no_mark(letter: str) -> None:
    html = f"<p>One{letter}two.</p>\n<p>The <b>third</b> one.</p>\n<p>Last.</p>"

    marked = with_marks(html, [(Quote("The third"), "<sup>1</sup>"), (Quote("Last"), "<sup>2</sup>")])

    assert "third<sup>1</sup></b>" in marked
    assert "Last<sup>2</sup>." in marked


def test_a_mark_stands_right_behind_its_words_and_never_inside_a_link() -> None:
    marked = with_marks(
        HTML,
        [
            (Quote("every valve"), "<sup>1</sup>"),
            (Quote("as said"), "<sup>2</sup>"),
            (Quote("gone for good"), "x"),
        ],
    )

    assert "valve<sup>1</sup>," in marked
    assert "here</a><sup>2</sup>." in marked
    assert marked.replace("<sup>1</sup>", "").replace("<sup>2</sup>", "") == HTML
    assert with_marks(HTML, []) == HTML
