"""Names become words in addresses: plain, stable, and their own slug."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from iocop.domains.slugs import LONGEST_TAG, slug, tag_slug


@given(st.text(), st.integers(8, 80))
@example("word " * 20, 40)
def test_a_slug_is_plain_short_and_its_own_slug(name: str, longest: int) -> None:
    found = slug(name, longest)

    assert re.fullmatch(r"-|[a-z0-9]+(-[a-z0-9]+)*", found)
    assert len(found) <= longest
    assert slug(found, longest) == found


@given(st.text(max_size=200))
@example("a" * (LONGEST_TAG - 1) + " b")
@example("a" * (LONGEST_TAG - 1) + ".b")
@example("İ")
@example("\u0301a")
@example("ǰ\u0323")
def test_a_tag_is_short_and_its_own_slug(word: str) -> None:
    found = tag_slug(word)

    assert len(found) <= LONGEST_TAG
    assert tag_slug(found) == found
    assert not re.search(r"[\s_/?&]", found)


@given(st.text(st.characters(categories=["Lo", "Ll", "Mn", "Mc", "Nd"]), max_size=LONGEST_TAG))
@example("हिन्दी")
@example("ไทย")
def test_a_tag_keeps_the_marks_of_its_letters(word: str) -> None:
    """A word of letters and marks is one word, whatever its script."""
    assume(unicodedata.is_normalized("NFKC", word))
    assert "-" not in tag_slug(word)


@given(st.sampled_from("कखगதநமกขכלابت"), st.sampled_from("ािी்ொัֹّ"))
def test_words_that_differ_by_a_mark_are_two_tags(letter: str, mark: str) -> None:
    assert tag_slug(letter + mark) == unicodedata.normalize("NFKC", letter + mark) != tag_slug(letter)


@pytest.mark.parametrize(
    ("name", "longest", "expected"),
    [
        ("Low ΔT at part load", 60, "low-delta-t-at-part-load"), ("Straße & Brücke", 60, "strasse-brucke"),
        ("Måling på Ørsted", 60, "maling-pa-orsted"), ("水力", 60, "-"), ("one two three", 10, "one-two"),
        ("a verylongwordwithoutend", 10, "a-verylong"),
    ],
)  # fmt: skip
def test_names_become_words(name: str, longest: int, expected: str) -> None:
    assert slug(name, longest) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("C++", "c++"), ("C#", "c#"), ("Low Delta_T", "low-delta-t"), ("  Pump  curves ", "pump-curves"),
        ("水力", "水力"), ("node.js", "node.js"), ("...", ""), ("ﬁlter", "filter"), ("हिन्दी", "हिन्दी"),
        ("तापमान नियंत्रण", "तापमान-नियंत्रण"), ("e\u0301te\u0301", "été"), ("க்ஷ", "க்ஷ"),
        (" \u0301 ", ""), ("\u0301pump", "pump"), ("a\u0385b", "a-b"), ("क्\u200dष", "क्ष"), ("heart\ufe0f", "heart"),
    ],
)  # fmt: skip
def test_words_become_tags(word: str, expected: str) -> None:
    assert tag_slug(word) == expected
