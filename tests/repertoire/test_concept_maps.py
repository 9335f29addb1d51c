"""A concept map is drawn from lines of text, with the same propositions as a table."""

from __future__ import annotations

import time

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from iocop.repertoire.anchoring import Quote
from iocop.repertoire.conceptmap import ROW, Proposition, drawn, levels, propositions
from iocop.repertoire.services.noting import comment
from tests.client import Browser
from tests.factories import make_member, viewer_of
from tests.repertoire.factories import make_article

MAP = "```concept-map\nBoiler -- feeds --> Header\nHeader --> Circuit <A>\nThis line is none\n```\n"


@pytest.mark.usefixtures("app")
def test_readers_see_the_drawing_and_the_table(browser: Browser) -> None:
    article = make_article(kind="map", text=f"How heat travels.\n\n{MAP}")

    page = BeautifulSoup(browser.get(f"/a/{article.id}").text, "html.parser")

    svg = page.select_one("svg.concept-map")
    assert svg is not None
    assert [text.text for text in svg.select("text.concept")] == ["Boiler", "Header", "Circuit <A>"]
    rows = [[cell.text for cell in row.select("td")] for row in page.select("figure table tbody tr")]
    assert rows == [["Boiler", "feeds", "Header"], ["Header", "→", "Circuit <A>"]]


@pytest.mark.usefixtures("app")
def test_an_article_explains_its_terms_but_a_term_not_itself(browser: Browser) -> None:
    term = make_article(kind="term", title="Header", summary="Where circuits meet.", text="A header joins.")
    article = make_article(title="Balancing", text="Look at the header first, then at the header again.")

    links = BeautifulSoup(browser.get(f"/a/{article.id}").text, "html.parser").select(".prose a.term")

    assert [(link["href"], link["title"]) for link in links] == [(f"/a/{term.id}", "Where circuits meet.")]
    assert not BeautifulSoup(browser.get(f"/a/{term.id}").text, "html.parser").select(".prose a.term")


def test_lines_of_another_form_are_left_out() -> None:
    assert propositions("A -- b --> C\n\nwords\nD --> E\n-- x -->\n") == [
        Proposition("A", "b", "C"),
        Proposition("D", "", "E"),
    ]


def test_circles_and_loops_end() -> None:
    circle = [Proposition("A", "", "B"), Proposition("B", "", "A"), Proposition("C", "", "C")]

    assert sorted(term for row in levels(circle) for term in row) == ["A", "B", "C"]
    assert drawn(circle, "A circle").startswith("<svg")


TERMS = st.sampled_from([f"term {number}" for number in range(12)])


@given(st.lists(st.builds(Proposition, TERMS, st.just("x"), TERMS), max_size=60))
def test_every_term_has_one_place(links: list[Proposition]) -> None:
    rows = levels(links)

    placed = [term for row in rows for term in row]
    assert sorted(placed) == sorted({term for link in links for term in (link.start, link.end)})
    assert all(len(row) <= ROW for row in rows)
    assert drawn(links, "Map").count("<rect") == len(placed)


@pytest.mark.usefixtures("app")
def test_comments_on_a_map_and_on_a_heading_leave_their_words_alone(browser: Browser) -> None:
    article, member = make_article(kind="map", text=f"{MAP}\n## Steps here\n\nWords.\n"), make_member()
    on_map = comment(viewer_of(member), article.id, Quote("Boiler -- feeds --> Header"), "Since when?", "k1")
    comment(viewer_of(member), article.id, Quote("Steps here"), "Which?", "k2")

    page = browser.sign_in(member).page(f"/a/{article.id}")

    assert [text.text for text in page.select("svg text.concept")] == ["Boiler", "Header", "Circuit <A>"]
    assert page.select_one(f"figure + p > #note-mark-{on_map.id}") is not None
    edit = page.select_one(".section-head a.link-button")
    assert edit is not None
    assert edit["aria-label"] == "Suggest an edit of “Steps here”"


@pytest.mark.parametrize(
    "line", [" " * 60_000 + "x", "A" + " " * 60_000 + "x", "-" * 60_000, "a -- " * 12_000]
)
def test_no_line_takes_long(line: str) -> None:
    started = time.process_time()

    assert propositions(f"{line}\nA --> B") == [Proposition("A", "", "B")]
    assert time.process_time() - started < 1
