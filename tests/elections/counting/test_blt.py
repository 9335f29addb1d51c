"""Ballot files are read as they are written, and what is wrong in one is told with its line."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iocop.elections.counting import blt
from iocop.elections.counting.papers import Paper, Profile
from tests.elections.counting.drawn import patient, profiles

WHOLE = """4 2            # four candidates, two seats
-2

3 1 3 4 0
(b-17) 1 2=3 - 4 0
2 1 3 4 0      # as the first
0 4 0
5 0
0
"Adam"
"Basil"  # he withdrew
"Charlotte "Lotte" Ray"
"Donald"
"Board of 2026"
"""


def lines(*changed: str) -> bytes:
    """A small file of which some lines are others: ``5: 1 2`` puts that on line 5, ``5:`` takes it away."""
    usual = ["3 2", "2 1 2 0", "1 3 0", "4 2=1 3 0", "0", '"Ann"', '"Bob"', '"Cem"', '"Board"']
    for change in changed:
        number, _, text = change.partition(":")
        usual[int(number) - 1] = text.strip()
    return "\n".join(usual).encode()


def test_a_file_is_read_with_remarks_names_of_ballots_gaps_and_shared_ranks() -> None:
    profile = blt.read(WHOLE.encode())

    assert profile == Profile(
        seats=2,
        candidates=("Adam", "Basil", 'Charlotte "Lotte" Ray', "Donald"),
        papers=(
            Paper(((1,), (3,), (4,)), 5),
            Paper(((2, 3), (), (4,)), 1),
            Paper(((4,),), 0),
            Paper((), 5),
        ),
        withdrawn=frozenset({2}),
        title="Board of 2026",
    )


@pytest.mark.parametrize(
    "disguise", ["\ufeff{}", "{}\n\n\n"], ids=["byte order mark", "blank lines at the end"]
)
def test_what_editors_add_is_passed_over(disguise: str) -> None:
    assert blt.read(disguise.format(WHOLE).encode()) == blt.read(WHOLE.encode())


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_lines_may_end_as_on_any_system(ending: str) -> None:
    assert blt.read(WHOLE.replace("\n", ending).encode()) == blt.read(WHOLE.encode())


def test_names_may_stand_without_quotes_as_in_the_scottish_data() -> None:
    profile = blt.read(b'2 1\n7 2 0\n0\nJohn "Jock" COX (Ind)\nAnn #1 ROY\nWard 1 - Banff')

    assert profile.candidates == ('John "Jock" COX (Ind)', "Ann #1 ROY")
    assert profile.title == "Ward 1 - Banff"


def test_lines_of_remarks_may_stand_among_the_names() -> None:
    assert blt.read(lines('7:# he came late\n"Bob"')) == blt.read(lines())


def test_the_name_of_a_ballot_may_have_a_sharp_in_it() -> None:
    assert blt.read(lines("2:(#17) 2 1 2 0 # a remark (no name)")).papers == blt.read(lines()).papers
    assert blt.read(lines("2:2 1 2 0 # (no name)")).papers == blt.read(lines()).papers


def test_several_may_be_withdrawn_on_one_line_or_on_more() -> None:
    text = '4 1\n-2 -3\n-4\n1 1 0\n0\n"A"\n"B"\n"C"\n"D"\n"T"'

    assert blt.read(text.encode()).withdrawn == {2, 3, 4}


def test_blanks_and_leading_zeros_make_no_difference() -> None:
    plain = blt.read(lines())

    assert blt.read(lines("2:2\t01   2 0")).papers == plain.papers


@pytest.mark.parametrize(
    ("data", "line", "reason"),
    [
        (b"", 1, "empty"),
        (b" \n\n# only a remark\n", 1, "empty"),
        (b"\x89PNG\r\n\x1a\n", 1, "not UTF-8"),
        (lines().replace(b"Bob", b"B\xf6b"), 7, "not UTF-8"),
        (lines("1:3"), 1, "first line names the number"),
        (lines("1:3 2 1"), 1, "first line names the number"),
        (lines("1:three 2"), 1, "first line names the number"),
        (lines("1:3 -2"), 1, "first line names the number"),
        (lines("1:0 2"), 1, "at least 1 candidate"),
        (lines("1:3 0"), 1, "at least 1 candidate and 1 seat"),
        (lines("1:999999999 2"), 1, "not as many lines"),
        (lines("1:4 2"), 9, "4 names and a title belong after the ballots; 4 are there"),
        (lines("1:2 2", "3:", "4:"), 9, "After 2 names and the title nothing more"),
        (lines("9:"), 8, "3 names and a title belong after the ballots; 3 are there"),
        (lines("9:\"Board\"\njunk"), 10, "nothing more may follow"),
        (lines("2:2 1 2 1 0"), 2, "Candidate 1 stands twice"),
        (lines("4:4 2=1 2 0"), 4, "Candidate 2 stands twice"),
        (lines("4:4 2=2 0"), 4, "Candidate 2 stands twice"),
        (lines("4:4 02 2 0"), 4, "Candidate 2 stands twice"),
        (lines("3:1 4 0"), 3, "no candidate 4; the last is 3"),
        (lines("3:1 1=4 0"), 3, "no candidate 4"),
        (lines("2:-4"), 2, "no candidate 4"),
        (lines("3:1 99999999999999999999 0"), 3, "no candidate's number"),
        (lines("3:1 2 -3 0"), 3, "“-3” is no candidate's number"),
        (lines("3:1 2= 0"), 3, "“” is no candidate's number"),
        (lines("3:1 x 0"), 3, "“x” is no candidate's number"),
        (lines("3:1 \u0663 0"), 3, "is no candidate's number"),
        (lines("3:1 1 0 2 0"), 3, "0 ends a ballot, and stands at its end alone"),
        (lines("2:2 1 2"), 2, "A ballot ends with 0"),
        (lines("2:2"), 2, "A ballot ends with 0"),
        (lines("3:-1 3 0"), 3, "weight -1 is negative"),
        (lines("2:-2 1 0"), 2, "weight -2 is negative"),
        (lines("3:-3"), 3, "weight -3 is negative"),
        (lines("3:1.5 3 0"), 3, "“1.5” is no weight"),
        (lines("3:junk"), 3, "“junk” is no weight"),
        (lines("3:1" + "0" * 30 + " 3 0"), 3, "is no weight"),
        (lines("3:(b-17 1 3 0"), 3, "no closing parenthesis"),
        (lines("5:"), 6, "single 0 that ends the ballots is missing before the names"),
        (b"3 2\n1 2 0\n1 3 0\n1 1 0", 4, "single 0 that ends the ballots is missing"),
        (lines('7:"Bob'), 7, "ends with one"),
        (lines('7:"Bob" Smith'), 7, "ends with one"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(data: bytes, line: int, reason: str) -> None:
    with pytest.raises(blt.BltError) as raised:
        blt.read(data)

    assert raised.value.line == line
    assert reason in str(raised.value)
    assert str(raised.value).startswith(f"line {line}: ")


def test_a_reason_can_be_told_in_another_language() -> None:
    with pytest.raises(blt.BltError) as raised:
        blt.read(lines("3:1 4 0"))

    assert raised.value.said(
        lambda words: words.replace("There is no candidate", "Es gibt keine Nummer")
    ) == ("line 3: Es gibt keine Nummer 4; the last is 3.")


@patient
@given(data=st.one_of(st.binary(), st.text('0123-=# \n"()ab').map(str.encode), st.text().map(str.encode)))
def test_no_file_does_worse_than_be_refused(data: bytes) -> None:
    refused = None
    try:
        blt.read(data)
    except blt.BltError as error:
        refused = error.line

    assert refused is None or 1 <= refused <= data.count(b"\n") + data.count(b"\r") + 1


@patient
@given(
    profile=profiles(),
    names=st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=7, max_size=7),
)
def test_what_is_written_is_read_again(profile: Profile, names: list[str]) -> None:
    """Equal papers are one afterwards, names on one line, and a quote before # is an apostrophe."""
    named = replace(profile, candidates=tuple(names[: len(profile.candidates)]), title=names[-1])

    read = blt.read(blt.write(named).encode())

    weights: dict[object, int] = {}
    for paper in profile.papers:
        weights[paper.ranks] = weights.get(paper.ranks, 0) + paper.count
    assert (read.seats, read.withdrawn) == (profile.seats, profile.withdrawn)
    assert {paper.ranks: paper.count for paper in read.papers} == weights
    for name, again in zip((*named.candidates, named.title), (*read.candidates, read.title), strict=True):
        if name.isprintable() and "#" not in name:
            assert name == again
    assert blt.read(blt.write(read).encode()) == read
