"""Every piece of what was typed is a chip that says what it means and can be taken away."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iocop.search.chips import FILTERS, KINDS, ORDERS, chips
from iocop.search.query import FILTERS as NAMES
from iocop.search.query import ORDERS as ORDER_NAMES
from iocop.search.query import TAB_WORDS, Filter, parse
from iocop.search.resolving import KIND_OF_TAB, NOT_KNOWN

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Boiler", "Boiler"),
        ('"frost coil"', "“frost coil”"),
        ("-boiler", "not “boiler”"),
        ('-"frost coil"', "not “frost coil”"),
        ("in:title", "in titles"),
        ("order:latest", "newest first"),
        ("order:votes", "most helpful first"),
        ("@ada", "by Ada Lovelace"),
        ("-@ada", "not by Ada Lovelace"),
        ('org:"acme ltd"', "from acme ltd"),
        ("tag:valve", "tagged “valve”"),
        ("-tag:valve", "not tagged “valve”"),
        ("kind:people", "only members"),
        ("-kind:file", "no files"),
        ("kind:banana", "only banana"),
        ("after:2026-03-14", "from 14 March 2026 on"),
        ("-after:2026-03-14", "before 14 March 2026"),
        ("year:2026", "of 2026"),
        ("version:100%s", "version 100%s"),
    ],
)
def test_what_a_chip_says(typed: str, words: str) -> None:
    names = {
        Filter("by", "ada"): "Ada Lovelace", Filter("by", "ada", negated=True): "Ada Lovelace",
        Filter("after", "2026-03-14"): "14 March 2026", Filter("after", "2026-03-14", negated=True): "14 March 2026",
    }  # fmt: skip

    (chip,) = chips(parse(typed), names, {})

    assert chip.words == words
    assert not chip.problem
    assert not chip.without


def test_a_chip_knows_the_box_without_it() -> None:
    shown = chips(parse('frost -coil tag:valve order:latest "dew point"'), {}, {})

    assert [chip.role for chip in shown] == ["term", "excluded", "filter", "order", "phrase"]
    assert shown[2].without == 'frost -coil order:latest "dew point"'


def test_a_chip_says_why_it_means_nothing_here() -> None:
    query = parse("frost tag:nothing")

    told = [chip.problem for chip in chips(query, {}, {query.filters[0]: "No tag is called “nothing”."})]

    assert told == ["", "No tag is called “nothing”."]


def test_every_operator_order_and_kind_has_its_words() -> None:
    assert set(FILTERS) == set(NOT_KNOWN) == set(NAMES)
    assert set(ORDERS) == set(ORDER_NAMES)
    assert set(KINDS) == set(KIND_OF_TAB) == set(TAB_WORDS.values())


def test_every_operator_stands_in_the_document() -> None:
    document = (ROOT / "docs" / "search.md").read_text()

    assert [name for name in (*NAMES, "in", "order") if f"{name}:" not in document] == []


@given(st.text(max_size=80))
def test_whatever_was_typed_has_chips(typed: str) -> None:
    query = parse(typed)

    shown = chips(query, {}, {})

    assert len(shown) == len(query.pieces)
    assert all(chip.words.strip() for chip in shown)
