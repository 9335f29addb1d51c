"""docs/theory.md holds every row once, in words of its own."""

import csv
import os
import re
from collections import Counter
from pathlib import Path

import pytest

from tests.theory_plugin import PIECES, REGISTER, rows_of

TEXT = REGISTER.read_text(encoding="utf-8")
ROWS = rows_of(TEXT)


def shared() -> Path:
    data = os.environ.get("IOCOP_DATA")
    return Path(data).parent if data else REGISTER.parents[2] / "shared"


def twice(values: list[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]


def test_the_register_has_260_distinct_rows() -> None:
    assert len(ROWS) == 260
    assert twice([row.number for row in ROWS]) == []


def test_every_line_that_looks_like_a_row_is_read_as_one() -> None:
    lists = TEXT.split("\n## Paper ", maxsplit=1)[1]

    assert len(re.findall(r"^\|\s*\**\d", lists, re.MULTILINE)) == len(ROWS)


def test_every_row_says_what_is_done_and_how_to_see_it() -> None:
    assert [row.number for row in ROWS if min(len(row.deed), len(row.observation)) < 15] == []
    assert {row.piece for row in ROWS} == set(PIECES)


def test_no_sentence_stands_twice() -> None:
    assert twice([sentence.casefold() for row in ROWS for sentence in (row.deed, row.observation)]) == []


def test_rows_stand_under_their_paper() -> None:
    sections = re.split(r"^## Paper (\d).*$", TEXT, flags=re.MULTILINE)[1:]
    placed = {
        row.number: paper
        for paper, body in zip(sections[::2], sections[1::2], strict=True)
        for row in rows_of(body)
    }

    assert placed == {row.number: row.number[0] for row in ROWS}


def test_every_softened_row_is_explained_and_marked() -> None:
    explained = TEXT.split("## Softened rows")[1].split("\n## ")[0]
    cells = re.findall(r"^\| ([\d., a-e]+) \|", explained, re.MULTILINE)

    assert sorted(", ".join(cells).split(", ")) == sorted(row.number for row in ROWS if row.softened)


def test_rows_and_pieces_are_those_of_the_map() -> None:
    source = shared() / "theory-rows.csv"
    if not source.exists():
        pytest.skip(f"{source} is not here, so the register is not compared with it")
    with source.open(encoding="utf-8", newline="") as table:
        expected = {line["row"]: int(line["issue"]) for line in csv.DictReader(table)}

    assert {row.number: row.piece for row in ROWS} == expected
