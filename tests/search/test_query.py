"""The box takes anything and makes the best of it."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iocop.search.query import (
    FILTERS,
    LAST_PAGE,
    MOST_CHARACTERS,
    MOST_PIECES,
    Filter,
    SearchQuery,
    page_of,
    parse,
    typed,
)

ODD = st.text(st.sampled_from('ab1"-–“”„ \t\n\x00\x1f\xad\u0301().:*?[]{}~^+&|!\\/#@_æ漢🔧'), max_size=60)
BITS = (
    "tag:", "-tag:", "TAG:", "@", "by:", 'org:"Acme Ltd"', "in:title", "in:", "order:latest", "order:votes", "order:",
    "kind:", "files", '"', "-", "--", "foo", "std::vector", "http://x", "C:\\x", '3/4"', " ", "  ", "before:", "2026-03",
    '"heating coil"', "(", ")", ":", "author:", "é", "\u0301", "_", "\xad", "ﷺ", 'x:"', "'", "，", "＂",
)  # fmt: skip
TYPED = st.one_of(
    st.text(max_size=300), ODD, st.lists(st.sampled_from(BITS), max_size=14).map("".join),
    st.lists(st.sampled_from(BITS), min_size=100, max_size=400).map("".join),
)  # fmt: skip


def filters(text: str) -> tuple[Filter, ...]:
    return parse(text).filters


@given(TYPED, st.text(max_size=12), st.text(max_size=12))
def test_no_text_is_an_error(text: str, order: str, page: str) -> None:
    query = parse(text, order, page)

    assert query.order in {"best", "latest", "helpful"}
    assert 1 <= query.page <= LAST_PAGE
    for words in (*query.terms, *query.phrases, *query.excluded, *(one.value for one in query.filters)):
        assert words == words.strip()
        assert any(letter.isalnum() for letter in words)


@given(TYPED)
def test_what_was_understood_is_understood_again(text: str) -> None:
    query = parse(text)
    again = parse(query.text)

    assert again == replace(query, shortened=False)


@settings(deadline=None)  # one example reads the box a hundred times
@given(TYPED)
def test_a_piece_taken_away_leaves_the_others(text: str) -> None:
    query = parse(text)

    for gone in query.pieces:
        left = parse(query.without(gone))
        assert left.pieces == tuple(piece for piece in query.pieces if piece != gone)
        assert (left.order == "best") or gone.role != "order"


@given(
    st.lists(
        st.tuples(st.sampled_from(("", *BITS)), st.sampled_from(("", " ", '"', ")", '" ', ":", "\x00"))),
        max_size=20,
    )
)
def test_every_word_stands_in_a_piece(around: list[tuple[str, str]]) -> None:
    words = [f"word{number}" for number in range(len(around))]
    query = parse("".join(before + word + after for word, (before, after) in zip(words, around, strict=True)))

    if not query.shortened:
        assert [word for word in words if word not in query.text] == []


@given(st.sampled_from(FILTERS), st.text(max_size=40), st.booleans())
def test_a_filter_is_typed_so_that_it_means_itself(name: str, text: str, negated: bool) -> None:
    for one in filters(f'{"-" if negated else ""}{name}:"{text}"'):
        assert filters(typed(one)) == (one,)
        assert parse(typed(one)).pieces[0].text == typed(one)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("frost protection", SearchQuery(terms=("frost", "protection"))),
        ('"frost protection" coil', SearchQuery(terms=("coil",), phrases=("frost protection",))),
        ("“frost protection”", SearchQuery(phrases=("frost protection",))),
        ("„frost“ «coil»", SearchQuery(phrases=("frost", "coil"))),
        ('"frost', SearchQuery(phrases=("frost",))),
        ("frost -coil", SearchQuery(terms=("frost",), excluded=("coil",))),
        ("frost −coil", SearchQuery(terms=("frost",), excluded=("coil",))),
        ('frost -"heating coil"', SearchQuery(terms=("frost",), excluded=("heating coil",))),
        ("--force rm", SearchQuery(terms=("--force", "rm"))),
        ("MS/TP C++ foo.bar", SearchQuery(terms=("MS/TP", "C++", "foo.bar"))),
        ("std::vector http://x.org/y?z", SearchQuery(terms=("std::vector", "http://x.org/y?z"))),
        ("C:\\Windows\\x", SearchQuery(terms=("C:\\Windows\\x",))),
        ("key:value foo:", SearchQuery(terms=("key:value", "foo"))),
        ("(frost), coil?!", SearchQuery(terms=("frost", "coil"))),
        ('3/4" pipe 1/2" valve', SearchQuery(terms=("3/4", "pipe", "1/2", "valve"))),
        ('he said:"frost coil"', SearchQuery(terms=("he", "said"), phrases=("frost coil",))),
        ("a a a", SearchQuery(terms=("a",))),
        ('- " -- "" *** @ # :', SearchQuery()),
        ("frost\x00coil\x1f", SearchQuery(terms=("frost", "coil"))),
        ("hei\xadzung", SearchQuery(terms=("heizung",))),
        ("\uff46rost", SearchQuery(terms=("frost",))),
        ("tag: by: in: order: -org:", SearchQuery(terms=("tag", "by", "in", "order"), excluded=("org",))),
        ('tag:"" org:"', SearchQuery(terms=("tag", "org"))),
        ("tag::x space:/y", SearchQuery(terms=("tag::x", "space:/y"))),
        ("in:here order:sideways", SearchQuery(terms=("in:here", "order:sideways"))),
        ("in:title IN:Titles", SearchQuery(in_title=True)),
        ('in:"title" order:"latest"', SearchQuery(in_title=True, order="latest")),
        ("-in:title -order:latest", SearchQuery(excluded=("in:title", "order:latest"))),
        ('-"tag:x" -"--force"', SearchQuery(excluded=("tag:x", "--force"))),
    ],
)  # fmt: skip
def test_what_the_box_means(text: str, expected: SearchQuery) -> None:
    assert replace(parse(text), pieces=()) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@anna", Filter("by", "anna")),
        ("(@anna)", Filter("by", "anna")),
        ("by:@anna", Filter("by", "anna")),
        ('by:"Ada Lovelace"', Filter("by", "Ada Lovelace")),
        ("author:anna", Filter("by", "anna")),
        ('org:"Acme Ltd."', Filter("org", "Acme Ltd.")),
        ("org:“Acme Ltd”", Filter("org", "Acme Ltd")),
        ('org:"Acme Ltd', Filter("org", "Acme Ltd")),
        ("Organisation:acme", Filter("org", "acme")),
        ("domain:hydronics", Filter("domain", "hydronics")),
        ("tag：c++", Filter("tag", "c++")),
        ("-tag:noise", Filter("tag", "noise", negated=True)),
        ('-org:"Acme Ltd"', Filter("org", "Acme Ltd", negated=True)),
        ("-@anna", Filter("by", "anna", negated=True)),
        ("STATUS:Solved", Filter("status", "solved")),
        ("before:2026-03-14", Filter("before", "2026-03-14")),
        ("after:2026", Filter("after", "2026")),
        ("year:2026", Filter("year", "2026")),
        ("lang:DE", Filter("lang", "de")),
        ("space:board", Filter("space", "board")),
        ("product:heatcalc", Filter("product", "heatcalc")),
        ("version:2.1", Filter("version", "2.1")),
        ("kind:Files", Filter("kind", "files")),
    ],
)
def test_what_operators_mean(text: str, expected: Filter) -> None:
    query = parse(text)

    assert query.filters == (expected,)
    assert len(query.pieces) == 1


@pytest.mark.parametrize(
    ("one", "text"),
    [
        (Filter("by", "anna"), "@anna"),
        (Filter("by", "Ada Lovelace"), 'by:"Ada Lovelace"'),
        (Filter("tag", "c++", negated=True), "-tag:c++"),
        (Filter("org", "Acme Ltd."), 'org:"Acme Ltd."'),
        (Filter("org", 'The "Pump" Co'), 'org:"The  Pump  Co"'),
        (Filter("version", "2.1"), "version:2.1"),
    ],
)
def test_how_a_filter_is_typed(one: Filter, text: str) -> None:
    assert typed(one) == text


@pytest.mark.parametrize(
    ("text", "given", "order"),
    [
        ("order:latest", "", "latest"),
        ("order:votes", "latest", "helpful"),
        ("order:latest order:best", "latest", "best"),
        ("frost", "latest", "latest"),
        ("frost", "sideways", "best"),
    ],
)
def test_the_box_says_the_order_before_the_address_does(text: str, given: str, order: str) -> None:
    assert parse(text, given).order == order


@pytest.mark.parametrize(
    ("text", "tab"),
    [
        ("kind:topic", "topics"), ("kind:question", "topics"), ("kind:article", "articles"), ("kind:person", "members"),
        ("kind:people", "members"), ("kind:organisation", "organizations"), ("kind:file", "files"),
        ("kind:spaces", "spaces"), ("kind:file kind:article", "articles"), ("-kind:file", ""), ("kind:banana", ""),
        ("frost", ""),
    ],
)  # fmt: skip
def test_a_kind_picks_the_tab(text: str, tab: str) -> None:
    assert parse(text).tab == tab


@pytest.mark.parametrize("text", ["", "-frost", "kind:file", "order:latest in:title", "-tag:x", '-"a b"'])
def test_what_to_leave_out_is_nothing_to_look_for(text: str) -> None:
    assert parse(text).is_empty


@pytest.mark.parametrize("text", ["frost", '"frost"', "tag:x -frost", "before:2026", "-after:2026"])
def test_words_and_filters_are_something_to_look_for(text: str) -> None:
    assert not parse(text).is_empty


def test_the_box_is_the_one_state() -> None:
    query = parse('frost "heating coil" order:latest kind:file')

    assert query.with_filter(Filter("domain", "hydronics")) == f"{query.text} domain:hydronics"
    assert query.with_filter(Filter("kind", "file")) == query.text
    assert query.without_role("order") == 'frost "heating coil" kind:file'
    assert query.without_role("order", "filter") == 'frost "heating coil"'


def test_what_is_too_long_is_shortened_and_said() -> None:
    long = parse("x" * 10_000)
    assert long.terms == ("x" * MOST_CHARACTERS,)
    assert long.shortened
    many = parse(" ".join(f"w{number}" for number in range(60)))
    assert len(many.terms) == MOST_PIECES
    assert many.shortened
    assert not parse("frost " * 60).shortened


@pytest.mark.parametrize("unit", ['"', "tag:", "a", "-", 'a"', "@", ":", 'a:"', "-tag:x ", "(", "\u0301"])
def test_ten_thousand_characters_are_read_at_once(unit: str) -> None:
    text = (unit * 10_000)[:10_000]
    took = []
    for _ in range(3):
        began = time.process_time()
        parse(text)
        took.append(time.process_time() - began)

    assert min(took) < 0.2, "some milliseconds; under a tracer more"


@pytest.mark.parametrize(
    ("asked", "page"),
    [("3", 3), ("", 1), ("0", 1), ("-2", 1), ("9" * 400, LAST_PAGE), ("²", 1), ("1e3", 1), ("٣", 1)],
)
def test_any_page_asked_for_is_one_there_can_be(asked: str, page: int) -> None:
    assert page_of(asked) == page


@settings(max_examples=200)
@given(ODD, ODD)
def test_two_boxes_behind_each_other_hold_what_both_hold(one: str, other: str) -> None:
    first, second = parse(one), parse(other)
    both = parse(f"{first.text} {second.text}")

    assert set(both.terms) == {*first.terms, *second.terms}
    assert set(both.excluded) == {*first.excluded, *second.excluded}
