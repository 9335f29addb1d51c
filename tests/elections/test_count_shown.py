"""A count as members see it: the drawing, the table of stages, and the sentences about them."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup
from flask import render_template_string
from flask_babel import force_locale

from iocop.elections.counting.marks import approval, plurality
from iocop.elections.counting.meek import meek
from iocop.elections.counting.outcome import Outcome, Stage, Tie
from iocop.elections.counting.papers import Paper, Profile
from iocop.elections.counting.picture import flow
from iocop.elections.counting.questions import Answers, affirmation, motion
from iocop.elections.counting.schulze import schulze
from iocop.elections.counting.scottish import count
from iocop.elections.wording import CountWords
from tests.browser.htmlvalidate import CHECKER, problems

if TYPE_CHECKING:
    from flask import Flask

NAMES = ("Ann <Abel>", "Bob", "Cem", "Dorothea Castellanos-Ruiz", "Eve")
PAGE = """{% from "elections/_flow.html" import flow %}{% from "elections/_stages.html" import stages %}<!DOCTYPE html>
<html lang="en"><head><title>A count</title></head>
<body><main><h1>A count</h1>{{ flow(picture, words) }}{{ stages(words) }}</main></body></html>"""

TABLE = '{% from "elections/_stages.html" import stages %}{{ stages(words) }}'
PAIRS = '{% from "elections/_pairs.html" import pairs %}{{ pairs(words) }}'
OUTSIDE = "Abstentions and blank papers count for the quorum, and for nothing else."


def election() -> Profile:
    said = {((1,), (2,)): 11, ((2,),): 4, ((3,), (4,)): 3, ((4,), (3,)): 3, ((5,), (4,)): 2, ((5,),): 1}
    return Profile(2, NAMES, tuple(Paper(ranks, number) for ranks, number in said.items()))


def words(outcome: Outcome | None = None) -> CountWords:
    return CountWords(outcome or count(election(), [1, 2, 3, 4, 5]), NAMES)


def shown(told: CountWords) -> str:
    return render_template_string(PAGE, picture=flow(told.outcome), words=told)


@pytest.fixture
def page(app: Flask) -> BeautifulSoup:
    with app.test_request_context():
        return BeautifulSoup(shown(words()), "html.parser")


def test_the_drawing_and_the_table_are_valid_html(app: Flask) -> None:
    if not (CHECKER.parent / "node_modules").is_dir():
        pytest.skip("`make tools` installs what checks HTML")
    with app.test_request_context():
        pages = [shown(words()), shown(words(meek(election(), [1, 2, 3, 4, 5])))]

    assert [problems(page) for page in pages] == [[], []]


def test_the_table_has_every_candidate_at_every_stage_and_sums_to_the_papers(page: BeautifulSoup) -> None:
    outcome = words().outcome
    rows = {row("th")[0].text: [cell.get_text(" ") for cell in row("td")] for row in page.select("tbody tr")}

    assert len(rows) >= len(NAMES) + 1
    assert {len(cells) for cells in rows.values()} == {len(outcome.stages)}
    assert rows["Ann <Abel>"][0].split() == ["11.00000", "elected"]
    assert set(rows["Together"]) == {"24.00000"}
    assert "excluded" in " ".join(rows["Eve"])


def test_the_drawing_names_everybody_says_what_it_is_and_marks_who_is_elected(page: BeautifulSoup) -> None:
    drawing = page.select_one("svg.flow-votes")
    assert drawing is not None
    labelled = [page.find(id=part) for part in str(drawing["aria-labelledby"]).split()]

    assert all(label is not None and label.text for label in labelled)
    assert len(drawing.select(".tick")) == 2
    assert len(drawing.select(".cross")) == len(words().outcome.excluded)
    assert set(NAMES) <= {title.text for title in page.select(".flow-names title")}
    fates = {title.text for title in drawing.select(".fate title")}
    assert {"elected at stage 1", "excluded at stage 3"} <= fates
    assert not page.select("[style], script")


def test_a_long_name_is_cut_beside_the_drawing_and_whole_in_its_title(page: BeautifulSoup) -> None:
    texts = [text.get_text() for text in page.select(".flow-names text")]

    assert NAMES[3] + "Dorothea Castell…" in texts
    assert "BobBob" in texts


def test_every_stage_is_told(page: BeautifulSoup) -> None:
    told = [item.text for item in page.select(".happened li")]

    assert (
        told[0] == "Every paper counts for whom it names first. Ann <Abel> reaches the quota and is elected."
    )
    assert told[1].startswith("What Ann <Abel> has above the quota is passed on. The votes go to Bob (")
    assert "Eve" in told[2]
    assert "stood equal" in " ".join(told)


@pytest.mark.parametrize(
    ("tie", "said"),
    [
        (
            Tie(1, "winner", (2, 3), 3, None),
            "Bob and Cem stood equal for a seat: Cem was taken. The lot decided.",
        ),
        (
            Tie(4, "exclusion", (2, 3, 5), 2, 1),
            "Bob, Cem, and Eve stood equal as the lowest: Bob was excluded. The votes at stage 1 decided.",
        ),
        (
            Tie(2, "surplus", (2, 3), 2, None),
            "Bob and Cem had equal surpluses: that of Bob was transferred first. The lot decided.",
        ),
    ],
    ids=["a seat", "an exclusion", "a surplus"],
)
def test_a_tie_is_told_with_what_decided_it(app: Flask, tie: Tie, said: str) -> None:
    with app.test_request_context():
        assert words().tie(tie) == said


def one_stage(
    stage: Stage, elected: tuple[int, ...] = (), units: int = 1, quota: int | None = None
) -> CountWords:
    first = Stage("first", (), dict.fromkeys(stage.totals, units))
    return CountWords(Outcome("scottish", units, quota, 9, 0, (first, stage), elected, ()), NAMES)


@pytest.mark.parametrize(
    ("stage", "elected", "said"),
    [
        (Stage("fill", (), {1: 3}, elected=(1,)), (1,),
         "As many continue as there are seats left; nothing more is transferred. Ann <Abel> is elected."),
        (Stage("fill", (), {1: 3, 2: 1}, elected=(1,), excluded=(2,)), (1,),
         ("Bob has the fewest votes and is excluded. As many continue as there are seats left;"
          " nothing more is transferred. Ann <Abel> is elected.")),
        (Stage("cap", (2,), {1: 5, 2: 0}, nontransferable=1, excluded=(2,)), (),
         ("Bob is excluded: the seats their organization may hold are taken."
          " The votes go to Ann <Abel> (1). Not transferable: <1.")),
        (Stage("exclusion", (2,), {1: 6, 2: 0}, elected=(1,)), (),
         ("Bob has the fewest votes and is excluded. The votes go to Ann <Abel> (1)."
          " In office already, and above the quota: Ann <Abel>.")),
    ],
    ids=["the last seats", "the last seats after an exclusion", "a full organization", "who sits already"],
)  # fmt: skip
def test_what_happened_is_told(app: Flask, stage: Stage, elected: tuple[int, ...], said: str) -> None:
    with app.test_request_context():
        assert one_stage(stage, elected, units=3, quota=6).happened(2) == said


LEVEL = Profile(2, NAMES, (Paper(((1,), (2,)), 3), Paper(((2, 3),), 2), Paper(((4,),))))


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (approval(LEVEL, [1, 2, 3, 4, 5]), "Every mark counts once. Bob and Ann <Abel> are elected."),
        (plurality(LEVEL, [1, 2, 3, 4, 5]),
         "Every paper counts for whom it names first. Ann <Abel> and Dorothea Castellanos-Ruiz are elected."),
        (schulze(LEVEL, [1, 2, 3, 4, 5]),
         ("Everybody is compared with everybody: who wins along the strongest paths is elected. The table has the papers"
          " that name somebody first. Ann <Abel> and Bob are elected.")),
        (affirmation({2: Answers(5, 1)}, 1, Fraction(1, 2), lot=[2]),
         ("Who has enough yes is affirmed, and of those who are the most yes count. The table has the yes."
          " Bob is elected.")),
        (motion(Answers(5, 1), 9), f"{OUTSIDE} The motion is carried."),
        (motion(Answers(1, 1), 9), f"{OUTSIDE} The motion is not carried."),
        (motion(Answers(2, 1), 9, quorum=Fraction(1, 2)),
         f"{OUTSIDE} The quorum was missed; the motion is not carried."),
    ],
    ids=["approval", "plurality", "schulze", "affirmation", "carried", "not carried", "no quorum"],
)  # fmt: skip
def test_every_other_rule_is_told_in_its_own_words(app: Flask, outcome: Outcome, said: str) -> None:
    with app.test_request_context():
        told = words(outcome)
        table = BeautifulSoup(render_template_string(TABLE, words=told), "html.parser")

    (item,) = table.select(".happened li")
    assert item.text.split(" stood equal")[0].startswith(said)
    assert len(table.select("thead th")) == 2


def test_every_pair_is_shown_with_who_is_ahead(app: Flask) -> None:
    with app.test_request_context():
        page = BeautifulSoup(
            render_template_string(PAIRS, words=words(schulze(LEVEL, [1, 2, 3, 4, 5]))), "html.parser"
        )

    papers, paths = page.select("table")
    (ann,) = [row for row in papers.select("tbody tr") if row("th")[0].text == "Ann <Abel>"]
    assert [cell.text for cell in ann("td")] == ["", "3", "3", "3", "3"]
    assert [cell.text for cell in ann.select("strong")] == ["3", "3", "3", "3"]
    assert len(paths.select("tbody tr")) == len(NAMES)


def test_votes_are_whole_where_nothing_is_divided_and_exact_elsewhere(app: Flask) -> None:
    with app.test_request_context():
        whole = one_stage(Stage("first", (), {1: 4}))
        divided = one_stage(Stage("first", (), {1: 123_456_789}), units=100_000)
        assert (whole.exactly(1234), divided.exactly(123_456_789)) == ("1,234", "1,234.56789")
        assert (divided.whole(123_456_789), divided.whole(1), divided.whole(0)) == ("1,235", "<1", "0")


def test_figures_and_lists_follow_the_language(app: Flask) -> None:
    with app.test_request_context(), force_locale("de"):
        assert words().listed([2, 3]) == "Bob und Cem"
        assert words().exactly(123_456_789) == "1.234,56789"
