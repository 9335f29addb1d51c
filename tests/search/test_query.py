"""The box takes anything and makes the best of it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iocop.search.query import LAST_PAGE, MOST_TERMS, SearchQuery, page_of, parse
from iocop.search.whoosh_engine import queries

ODD = st.text(st.sampled_from('ab"-–“”„ \t\n\x00\x1f().:*?[]{}~^+&|!\\/#@æ漢🔧'), max_size=60)


@given(st.one_of(st.text(max_size=500), ODD), st.text(max_size=12), st.text(max_size=12))
def test_no_text_is_an_error(typed: str, order: str, page: str) -> None:
    query = parse(typed, order, page)

    assert query.order in {"best", "latest", "helpful"}
    assert 1 <= query.page <= LAST_PAGE
    for words in (*query.terms, *query.phrases, *query.excluded):
        assert words == words.strip()
        assert any(letter.isalnum() for letter in words)


@settings(max_examples=200)
@given(ODD)
def test_whatever_is_left_can_be_asked_of_the_engine(typed: str) -> None:
    query = parse(typed)
    if not query.is_empty:
        assert queries.all_of(query, {"en", "de"}).normalize() is not None
        assert queries.any_of(query, {"en", "de"}).normalize() is not None


@given(ODD)
def test_what_was_understood_is_understood_again(typed: str) -> None:
    once = parse(typed)
    again = parse(" ".join(once.terms))

    assert again.terms == once.terms


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("frost protection", SearchQuery(terms=("frost", "protection"))),
        ('"frost protection" coil', SearchQuery(terms=("coil",), phrases=("frost protection",))),
        ("“frost protection”", SearchQuery(phrases=("frost protection",))),
        ('"frost', SearchQuery(phrases=("frost",))),
        ("frost -coil", SearchQuery(terms=("frost",), excluded=("coil",))),
        ('frost -"heating coil"', SearchQuery(terms=("frost",), excluded=("heating coil",))),
        ("--force rm", SearchQuery(terms=("--force", "rm"))),
        ("MS/TP C++ foo.bar", SearchQuery(terms=("MS/TP", "C++", "foo.bar"))),
        ("a a a", SearchQuery(terms=("a",))),
        ('- " -- "" ***', SearchQuery()),
        ("frost\x00coil\x1f", SearchQuery(terms=("frost", "coil"))),
        ("\uff46rost", SearchQuery(terms=("frost",))),
    ],
)
def test_what_the_box_means(typed: str, expected: SearchQuery) -> None:
    assert parse(typed) == expected


def test_what_is_too_long_is_shortened_and_said() -> None:
    assert parse("x" * 10_000) == SearchQuery(terms=("x" * 400,), shortened=True)
    many = parse(" ".join(f"w{number}" for number in range(60)))
    assert len(many.terms) == MOST_TERMS
    assert many.shortened


@pytest.mark.parametrize(
    ("asked", "page"),
    [("3", 3), ("", 1), ("0", 1), ("-2", 1), ("9" * 400, LAST_PAGE), ("²", 1), ("1e3", 1), ("٣", 1)],
)
def test_any_page_asked_for_is_one_there_can_be(asked: str, page: int) -> None:
    assert page_of(asked) == page
