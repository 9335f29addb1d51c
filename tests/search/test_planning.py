"""From what was typed to what engines are asked."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iocop.search.plan import FIELDS, Bounds, Plan, Word
from iocop.search.planning import (
    CODE_WEIGHT,
    MOST_ALIKE,
    SYNONYM_WEIGHT,
    TITLE_WEIGHT,
    plan_like,
    plan_of,
)
from iocop.search.query import SearchQuery, parse
from iocop.search.synonyms import Meaning

EN = frozenset({"en"})
ODD = st.text(st.sampled_from('ab1"-–“” \t\x00().:*?~^+&|!\\/#@_æ漢🔧\u0301'), max_size=60)


def plan(typed: str, languages: frozenset[str] = EN) -> Plan:
    return plan_of(parse(typed), Bounds(), languages)


def stemmed(stem: str, weight: float = 1.0) -> tuple[Word, ...]:
    return Word("stem", stem, weight), Word("title_stem", stem, weight * TITLE_WEIGHT)


@settings(max_examples=200)
@given(ODD)
def test_whatever_was_typed_can_be_asked_of_an_engine(typed: str) -> None:
    found = plan(typed, frozenset({"en", "de"}))

    for group in found.groups:
        assert group
        assert all(way and all(way) for way in group)
        assert all(
            word.field in FIELDS and word.text and word.weight > 0
            for way in group
            for part in way
            for word in part
        )
    for phrase in (*found.phrases, *found.excluded):
        assert phrase
        assert all(phrase)


def test_a_word_is_looked_for_by_its_stem_in_text_and_title() -> None:
    assert plan("valves").groups == (((stemmed("valv"),),),)


def test_a_query_says_no_language_so_each_stem_counts() -> None:
    assert plan("Reset", frozenset({"de", "en"})).groups == (((stemmed("res") + stemmed("reset"),),),)


def test_code_is_looked_for_whole_or_in_all_its_parts() -> None:
    whole = (
        Word("exact", "acad.lsp", CODE_WEIGHT),
        Word("title_exact", "acad.lsp", CODE_WEIGHT * TITLE_WEIGHT),
    )

    assert plan("acad.lsp").groups == (((whole,), (stemmed("acad"), stemmed("lsp"))),)


def test_hyphens_between_letters_are_blanks_but_not_those_of_code() -> None:
    assert plan("high-speed pump").groups == plan("high speed pump").groups
    assert len(plan("x-23").groups) == len(plan("--force").groups) == 1
    assert plan_like("A high-speed pump", Bounds(), EN) == plan_like("high speed pump", Bounds(), EN)


def test_words_of_one_stem_count_once() -> None:
    assert plan("flow flows Flow").groups == plan("flow").groups


@pytest.mark.parametrize(
    ("typed", "needs"),
    [
        ("frost", "all, else any"),
        ("frost coil valve", "all, else any"),
        ("frost on the coil of a valve", "all, else any"),
        ("frost coil valve pump", "any"),
        ("air-to-air heat-pump valve", "all, else any"),
        ("frost coil in:title", "all, else any"),
        ('"frost coil" in:title', "all"),
    ],
)
def test_up_to_three_words_are_all_wanted_of_a_sentence_any(typed: str, needs: str) -> None:
    assert plan(typed).needs == needs


def test_phrases_and_what_is_left_out_are_exact() -> None:
    found = plan('coil "Frost Protections" -valves -"heating coils"')

    assert found.phrases == (("frost", "protections"),)
    assert found.excluded == (("valves",), ("heating", "coils"))
    assert len(found.groups) == 1


@pytest.mark.parametrize(
    ("typed", "exact"),
    [
        ("C++", ("c++",)),
        ("--force", ("--force",)),
        ("acad.lsp", ("acad", "lsp")),
        ("C++ compiler", ("c", "compiler")),
    ],
)
def test_code_in_quotes_is_more_than_its_letters(typed: str, exact: tuple[str, ...]) -> None:
    assert plan(f'"{typed}"').phrases == (exact,)


def test_in_title_only_titles_count() -> None:
    found = plan('valves acad.lsp "frost coil" -noise in:title')

    fields = {word.field for group in found.groups for way in group for part in way for word in part}
    assert fields == {"title_stem", "title_exact"}
    assert found.groups[-1] == (((Word("title_exact", "frost"),), (Word("title_exact", "coil"),)),)
    assert found.excluded == (("noise",),)


def test_another_word_of_the_glossary_counts_a_little_less() -> None:
    query = SearchQuery(
        terms=("noisy", "low-loss", "header"), also=(Meaning(1, 3, ("Weiche", "hydraulic separator")),)
    )

    noisy, header = plan_of(query, Bounds(), EN).groups

    assert noisy == ((stemmed("noisi"),),)
    assert header == (
        (stemmed("low"), stemmed("loss"), stemmed("header")),
        (stemmed("weich", SYNONYM_WEIGHT),),
        (stemmed("hydraul", SYNONYM_WEIGHT), stemmed("separ", SYNONYM_WEIGHT)),
    )


def test_a_stop_word_beside_the_glossarys_words_is_one_still() -> None:
    query = SearchQuery(terms=("the", "header", "of", "noise"), also=(Meaning(1, 2, ("manifold",)),))

    assert len(plan_of(query, Bounds(), EN).groups) == 2


def test_code_with_a_synonym_still_counts_whole() -> None:
    (group,) = plan_of(
        SearchQuery(terms=("MS/TP",), also=(Meaning(0, 1, ("token passing",)),)), Bounds(), EN
    ).groups

    assert group[0] == (
        (Word("exact", "ms/tp", CODE_WEIGHT), Word("title_exact", "ms/tp", CODE_WEIGHT * TITLE_WEIGHT)),
    )
    assert len(group) == 3


def test_words_that_say_nothing_are_dropped_unless_they_are_all_there_is() -> None:
    assert plan("the frost of the coil") == plan("frost coil")
    assert len(plan("to be").groups) == 2
    assert len(plan("IT security").groups) == 2


def test_bounds_are_handed_on_and_are_enough() -> None:
    bounds = Bounds(all_of=(frozenset({"tag=1"}),))

    assert plan_of(parse("tag:x"), bounds, EN) == Plan(bounds=bounds)
    assert not plan_of(parse("tag:x"), bounds, EN).is_empty
    assert plan("-frost").is_empty
    assert plan("***").is_empty
    assert plan("x" * 100).is_empty


def test_what_is_like_a_text_shares_any_of_its_words() -> None:
    found = plan_like("How do I set the reset of acad.lsp?", Bounds(), EN)

    assert found.needs == "any"
    assert [group[-1][0][0].text for group in found.groups] == ["set", "reset", "acad"]
    assert (
        len(plan_like(" ".join(f"word{number}" for number in range(500)), Bounds(), EN).groups) == MOST_ALIKE
    )
    assert plan_like("?!", Bounds(), EN).is_empty


def test_a_plan_costs_about_a_millisecond_at_most() -> None:
    languages = frozenset({"en", "de", "fr", "es", "it", "nl"})
    query = parse("how do I protect heating coils of an air handler from frost with acad.lsp")
    took = []
    for _ in range(5):
        began = time.process_time()
        plan_of(query, Bounds(), languages)
        took.append(time.process_time() - began)

    assert min(took) < 0.004, "a millisecond; under a tracer a few"
