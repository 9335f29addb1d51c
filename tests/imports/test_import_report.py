"""The report of an import accounts for every row."""

import json

import pytest

from iocop.imports.report import Report, Unbalanced
from iocop.imports.words import N_


def finished() -> Report:
    report = Report()
    report.read("Votes.xml", 1_500)
    report.written("Votes.xml", 1_200)
    report.merged("Votes.xml", 200)
    report.skipped("Votes.xml", N_("votes of kind %(kind)s", kind=4), 99)
    report.skipped("Votes.xml", N_("votes of kind %(kind)s", kind=15))
    report.unknown["Users.xml", "Mood"] = 3
    return report


def test_a_report_that_adds_up_passes_its_check() -> None:
    finished().check()


@pytest.mark.parametrize("miscount", [Report.read, Report.written, Report.merged])
def test_a_row_too_many_fails_the_check(miscount: object) -> None:
    report = finished()
    assert callable(miscount)
    miscount(report, "Votes.xml")

    with pytest.raises(Unbalanced, match=r"^Votes\.xml: 150\d rows read, but 150\d accounted for\.$"):
        report.check()


def test_a_skipped_row_that_was_never_read_fails_the_check() -> None:
    report = finished()
    report.skipped("Votes.xml", N_("votes of kind %(kind)s", kind=15))

    with pytest.raises(Unbalanced):
        report.check()


def test_the_table_shows_counts_reasons_and_what_was_unknown() -> None:
    lines = finished().as_text().splitlines()

    assert [cell.strip() for cell in lines[1].strip("┃").split("┃")] == [
        "File",
        "Read",
        "Written",
        "Merged",
        "Skipped",
    ]
    assert [cell.strip() for cell in lines[3].strip("│").split("│")] == [
        "Votes.xml",
        "1,500",
        "1,200",
        "200",
        "100",
    ]
    assert lines[5:] == [
        "Votes.xml: 99 · votes of kind 4",
        "Votes.xml: 1 · votes of kind 15",
        "Users.xml: Mood is not known here (rows: 3).",
    ]


def test_the_table_speaks_the_language_of_who_asks() -> None:
    assert "VOTES OF KIND" in finished().as_text(
        lambda words: words.replace("votes of kind", "VOTES OF KIND")
    )


def test_the_json_says_the_same() -> None:
    said = json.loads(finished().as_json())

    counts = said["files"]["Votes.xml"]
    assert (counts["read"], counts["written"], counts["merged"]) == (1500, 1200, 200)
    assert [(skip["reason"], skip["rows"]) for skip in counts["skipped"]] == [
        ("votes of kind 4", 99),
        ("votes of kind 15", 1),
    ]
    assert said["unknown"] == [{"file": "Users.xml", "attribute": "Mood", "rows": 3}]


def test_a_reason_that_held_for_no_row_is_not_given() -> None:
    report = finished()
    report.skipped("Votes.xml", N_("votes of kind %(kind)s", kind=12), 0)

    assert [rows for _, _, rows in report.skips()] == [99, 1]


def test_a_resumed_import_counts_on() -> None:
    resumed = Report.from_dict(json.loads(finished().as_json()))
    resumed.read("Votes.xml")
    resumed.skipped("Votes.xml", N_("votes of kind %(kind)s", kind=4))

    resumed.check()
    assert "Votes.xml: 100 · votes of kind 4" in resumed.as_text()
    assert resumed.unknown == finished().unknown
