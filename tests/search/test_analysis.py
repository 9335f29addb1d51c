"""Words are found however they are typed; code and acronyms are found as they are."""

from __future__ import annotations

from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iocop.contributions.languages import LANGUAGES as WRITTEN_IN
from iocop.search.analysis import LANGUAGES, analyse, is_code, stem, stems_of, without_stop_words, words


@pytest.mark.parametrize("code", ["vtkMRML_x", "foo.bar", "--flag", "acad.lsp", "MS/TP", "C++", "x-23"])
def test_code_is_kept_whole_and_split(code: str) -> None:
    exact = analyse(f"Set {code}, then stop.", "en").exact

    assert code.lower() in exact
    assert exact[0] == "set"
    assert [word.written for word in words(f"Set {code}, then stop.")][1] == code
    assert is_code(code)


def test_parts_stand_in_order_so_that_phrases_cross_code() -> None:
    assert analyse("open acad.lsp now", "en").exact == ["open", "acad", "lsp", "now", "acad.lsp"]


@pytest.mark.parametrize("acronym", ["AC", "VAV", "CO2", "IT"])
def test_acronyms_are_words(acronym: str) -> None:
    assert acronym.lower() in analyse(f"The {acronym} is on", "en").exact
    assert acronym.lower() in analyse(f"The {acronym} is on", "en").stems


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("valves", "valve", "en"),
        ("Heizungen", "Heizung", "de"),
        ("bombas", "bomba", "es"),
        ("pumpene", "pumpe", "nb"),
        ("pompy", "pompa", "pl"),
        ("Lüftung", "luftung", "xx"),
    ],
)
def test_forms_of_a_word_share_a_stem(one: str, other: str, language: str) -> None:
    assert stem(one, language) == stem(other, language)


def test_every_language_one_can_write_in_has_a_stemmer() -> None:
    assert {code for code, _name in WRITTEN_IN} <= set(LANGUAGES)


def test_a_query_says_no_language_so_each_is_tried() -> None:
    assert stems_of("Reset", {"de", "en"}) == ["res", "reset"]
    assert stems_of("Reset", set()) == ["reset"]


def test_stop_words_go_unless_they_are_all_there_is() -> None:
    assert without_stop_words(["the", "valve"], {"en"}) == ["valve"]
    assert without_stop_words(["the", "IT"], {"en"}) == ["IT"]
    assert without_stop_words(["to", "be"], {"en"}) == ["to", "be"]


@pytest.mark.parametrize(
    ("terms", "left"),
    [
        (["door", "sensor"], ["door", "sensor"]),
        (["die", "casting"], ["die", "casting"]),
        (["Heizung", "in", "der", "Praxis"], ["Heizung", "Praxis"]),
        (["capteur", "de", "la", "porte"], ["capteur", "porte"]),
        (["the", "door"], ["door"]),
        (["valve", "doesn", "t", "close"], ["valve", "close"]),
    ],
)
def test_one_languages_stop_word_is_another_ones_door(terms: list[str], left: list[str]) -> None:
    assert without_stop_words(terms, {"en", "de", "fr", "nl"}) == left


def test_capitals_say_nothing_where_all_is_written_in_them() -> None:
    assert without_stop_words(["HOW", "TO", "BLEED", "A", "RADIATOR"], {"en"}) == ["BLEED", "RADIATOR"]
    assert without_stop_words(["IT", "AC"], {"en"}) == ["IT", "AC"]


def test_where_all_is_in_one_language_its_stop_words_go() -> None:
    assert without_stop_words(["die", "Pumpe"], {"de"}) == ["Pumpe"]
    assert without_stop_words(["en", "pumpe"], {"nb"}) == ["pumpe"]


def test_accents_typed_behind_their_letter_are_part_of_it() -> None:
    apart, together = "Lu\u0308ftung", "L\u00fcftung"

    assert analyse(apart, "de") == analyse(together, "de")
    assert [word.written for word in words(f"die {apart} heute")][1] == apart


def test_an_endless_word_is_no_word() -> None:
    assert analyse("x" * 5000, "en") == ([], [])


@given(st.text(max_size=200), st.sampled_from([*LANGUAGES, "", "xx"]))
def test_any_text_can_be_analysed(text: str, language: str) -> None:
    found = analyse(text, language)

    assert all(found.exact)
    assert len(found.stems) <= len(found.exact)


def test_threads_do_not_share_a_stemmer() -> None:
    wrong: list[str] = []

    def work(start: int) -> None:
        for number in range(start, start + 300):
            word = "".join(chr(97 + (number * step) % 26) for step in (3, 5, 7)) + "ings"
            if stem(word, "en") != stem(word.upper(), "en"):
                wrong.append(word)

    threads = [Thread(target=work, args=(start,)) for start in (0, 1000, 2000)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
