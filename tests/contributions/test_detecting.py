"""The language of a text is told where it is plain, and left open where it is not: never guessed."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iocop.contributions.detecting import detected
from iocop.contributions.languages import LANGUAGES
from tests.contributions.sentences import SENTENCES, UNTOLD


def test_nine_of_ten_sentences_are_told_and_none_is_taken_for_another_language() -> None:
    said = [(code, detected(text), text) for code, texts in SENTENCES.items() for text in texts]

    assert len(said) > 100
    assert {code for code, _ in LANGUAGES} == SENTENCES.keys()
    assert [each for each in said if each[1] not in {"", each[0]}] == []
    assert sum(code == found for code, found, _ in said) >= 0.9 * len(said)


@pytest.mark.parametrize("code", SENTENCES)
def test_a_few_sentences_are_always_told(code: str) -> None:
    texts = SENTENCES[code]

    for start in range(len(texts) - 4):
        assert detected("\n".join(texts[start : start + 5])) == code


@pytest.mark.parametrize("text", UNTOLD)
def test_what_does_not_say_enough_is_left_open(text: str) -> None:
    assert detected(text) == ""


def test_other_languages_with_words_in_common_are_left_open() -> None:
    assert detected("Jak zmierzyć przepływ w starym zaworze, kiedy nie ma licznika i co to jest?") == ""
    assert detected("Eski bir vanada sayaç yoksa debi nasıl ölçülür, deneyen var mı?") == ""


def test_code_quotations_and_addresses_do_not_count() -> None:
    german = SENTENCES["de"][0]
    english = "\n> What would you do if it was not the pump and the alarm is on?\n\n"
    code = "\n```\nif not is_on and the_pump in all or any of them:\n    return what you have\n```\n"

    assert detected(english + german + code + " https://example.org/what/you/have/and/the") == "de"


def test_a_quotation_alone_says_nothing() -> None:
    assert detected("> " + SENTENCES["en"][0]) == ""


@given(st.text())
def test_any_text_has_a_language_or_none(text: str) -> None:
    assert detected(text) in {"", *dict(LANGUAGES)}


@pytest.mark.parametrize("piece", ["a", "`", "> ", "```", "\t", "a/", "a\n", " ", "    \n", "the "])
def test_no_text_takes_long(piece: str) -> None:
    detected("first")
    began = time.process_time()

    detected(piece * 100_000)

    assert time.process_time() - began < 0.05
