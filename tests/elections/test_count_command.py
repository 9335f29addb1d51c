"""`iocop elections count`: what it prints, what it refuses, and how soon it answers."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from iocop.elections.cli import elections
from iocop.elections.counting import blt, lots, scottish
from iocop.elections.counting.rules import RULES, counter
from tests.elections.counting.large import file_of

BALLOTS = b"""4 2
-4
7 1 2 0
3 2 0
3 3 4 0
1 4 0
0
"Ann"
"Bob"
"Cem"
"Dee"
"Board"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "board.blt"
    path.write_bytes(BALLOTS)
    return path


def said(*words: object, code: int = 0) -> str:
    outcome = CliRunner().invoke(elections, ["count", *map(str, words)])
    assert outcome.exit_code == code, outcome.output
    return outcome.output


def told(*words: object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(said(*words, "--json"))
    return found


def test_json_tells_every_stage_with_five_decimals_that_sum_to_the_valid_papers(file: Path) -> None:
    found = told(file, "--rule", "scottish")

    assert (found["quota"], found["valid"], found["invalid"]) == (5, 13, 1)
    assert found["stages"] == [
        {"1": "7.00000", "2": "3.00000", "3": "3.00000", "nontransferable": "0.00000", "lost": "0.00000"},
        {"1": "5.00000", "2": "4.99997", "3": "3.00000", "nontransferable": "0.00000", "lost": "0.00003"},
        {"1": "5.00000", "2": "4.99997", "3": "0.00000", "nontransferable": "3.00000", "lost": "0.00003"},
    ]
    assert {sum(map(Decimal, stage.values())) for stage in found["stages"]} == {Decimal(13)}
    assert (found["elected"], found["excluded"], found["vacant"]) == ([1, 2], [3], 0)
    assert (found["ties"], found["lots"]) == ([], [])
    assert [act["kind"] for act in found["acts"]] == ["first", "surplus", "exclusion"]
    assert found["acts"][1]["transfers"] == [{"from": 1, "to": 2, "papers": 7, "votes": "1.99997"}]


def test_the_tables_name_everybody_and_mark_who_is_elected(file: Path) -> None:
    text = said(file)

    assert "Valid papers: 13. Invalid: 1. Quota: 5." in text
    assert "1 Ann" in text
    assert "*7.00000" in text
    assert "Elected: 1 Ann, 2 Bob" in text
    assert "Withdrawn: 4 Dee" in text
    assert "from the order of the file (neither --lot nor --seed was given): 1, 2, 3, 4" in text


def test_the_seats_may_be_others_than_the_file_says(file: Path) -> None:
    found = told(file, "--seats", 1)

    assert (found["seats"], found["quota"], found["elected"]) == (1, 7, [1])


def test_what_there_is_not_is_not_told(file: Path) -> None:
    file.write_bytes(BALLOTS.replace(b"-4\n", b""))

    text = said(file, "--seats", 5)

    assert "Withdrawn" not in text
    assert "Excluded" not in text
    assert "Seats that stay vacant: 1" in text


def test_the_lot_is_the_order_that_is_named_and_each_use_of_it_is_listed(file: Path) -> None:
    file.write_bytes(BALLOTS.replace(b"7 1 2 0", b"7 1 0"))

    for lot, chosen in (("3,2,1", 2), ("1, 2, 3, 4", 3)):
        found = told(file, "--lot", lot)
        assert found["excluded"] == [chosen]
        assert found["ties"] == found["lots"]
        assert found["lots"] == [
            {"stage": 2, "purpose": "exclusion", "tied": [2, 3], "chosen": chosen, "decided_at": None}
        ]
    assert "Tie at stage 2, to be excluded, of 2 Bob, 3 Cem: 3 Cem, by lot." in said(file, "--lot", "1,2,3")


def test_a_lot_key_gives_the_lot(file: Path) -> None:
    assert told(file, "--seed", "00ff")["lot"] == list(lots.order(b"\x00\xff", [1, 2, 3, 4]))


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_counts_and_is_told(rule: str, file: Path) -> None:
    found = told(file, "--rule", rule)

    assert found["rule"] == rule
    assert 1 in found["elected"]
    assert counter(rule)(blt.read(BALLOTS), [1, 2, 3, 4]).elected == tuple(found["elected"])
    assert "1 Ann" in said(file, "--rule", rule).partition("Elected: ")[2]


def test_meek_is_told_with_all_its_decimals(file: Path) -> None:
    found = told(file, "--rule", "meek")

    assert found["quota"] == "4.333333334"
    assert len(found["stages"][0]["1"].partition(".")[2]) == 9


def test_without_a_valid_paper_there_is_no_election(file: Path) -> None:
    file.write_bytes(BALLOTS.replace(b"-4", b"-1 -2 -3 -4"))

    assert told(file)["elected"] == []
    assert "No paper is valid: this is no election." in said(file)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--rule", "borda"], "'--rule': 'borda' is not one of 'scottish', 'meek'"),
        (["--seats", "0"], "'--seats': 0 is not in the range x>=1"),
        (["--seats", "two"], "'--seats': 'two' is not a valid integer"),
        (["--lot", "1,2"], "--lot: Name every candidate; missing: 3."),
        (["--lot", "1,2,3,3"], "--lot: A candidate stands twice: name each once."),
        (["--lot", "1,2,5"], "--lot: “5” is no candidate: write numbers from 1 to 4, as 3,1,2."),
        (["--lot", ""], "--lot: “” is no candidate"),
        (["--lot", "1;2;3"], "--lot: “1;2;3” is no candidate"),
        (["--seed", "xyz"], "--seed: Write the lot key in hexadecimal digits, two a byte."),
        (["--seed", ""], "--seed: Write the lot key"),
        (["--lot", "1,2,3", "--seed", "00"], "--seed: Give either --lot or --seed, not both."),
    ],
)
def test_an_option_that_cannot_be_is_named_with_the_mend(words: list[str], sentence: str, file: Path) -> None:
    assert sentence in said(file, *words, code=2)


def test_a_file_that_is_not_there_or_no_ballot_file_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.blt"
    broken.write_bytes(BALLOTS.replace(b"3 2 0", b"3 2 9 0"))

    assert "'none.blt' does not exist" in said("none.blt", code=2)
    assert "broken.blt, line 4: There is no candidate 9; the last is 4." in said(broken, code=1)


def test_the_command_needs_neither_application_nor_database_and_starts_at_once(file: Path) -> None:
    work = (
        "import sys; from iocop.core.cli import main\n"
        f"try: main(['elections', 'count', {str(file)!r}])\n"
        "except SystemExit as end: assert not end.code, end\n"
        "print(sorted({'flask', 'sqlalchemy', 'numpy'} & set(sys.modules)))"
    )
    before = resource.getrusage(resource.RUSAGE_CHILDREN)

    done = subprocess.run([sys.executable, "-c", work], capture_output=True, text=True, check=True)

    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert "Elected: 1 Ann, 2 Bob" in done.stdout
    assert done.stdout.endswith("[]\n")
    if "COVERAGE_PROCESS_START" not in os.environ:
        assert after.ru_utime - before.ru_utime < 0.5


def test_a_hundred_thousand_different_ballots_are_counted_in_seconds() -> None:
    from time import process_time

    data = file_of(100_000, candidates=20, seats=7)
    begin = process_time()

    profile = blt.read(data)
    outcome = scottish.count(profile, range(1, 21))

    assert process_time() - begin < 5
    assert len(profile.papers) == outcome.valid == 100_000
    assert len(outcome.elected) == 7


def test_the_example_of_the_document_is_what_the_command_prints(file: Path) -> None:
    text = (Path(__file__).parents[2] / "docs" / "counting.md").read_text(encoding="utf-8")
    _usage, ballots, printed = text.split("```\n")[1:6:2]
    command, _, tables = printed.partition("\n")
    file.write_text(ballots, encoding="utf-8")

    assert said(file, *command.split()[5:]) == tables
