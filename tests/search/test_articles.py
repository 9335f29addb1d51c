"""Articles are found by what they say, what they are about and what they were once called."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from iocop.core.login import GUEST
from iocop.repertoire import services as repertoire
from iocop.search import indexer, results
from iocop.search.query import parse
from tests.client import Browser
from tests.factories import make_member, viewer_of
from tests.forums.factories import make_topic
from tests.repertoire.factories import curators, make_article, make_proposal

pytestmark = pytest.mark.usefixtures("app")


def _titles(typed: str) -> list[str]:
    return [one.row.title for one in results.find(GUEST, parse(typed), "articles").page.rows]


def test_an_article_is_found_by_its_text_and_what_it_applies_to() -> None:
    make_article(text="Purge the hydronic loop first.", product="Corvane Trend 4")
    indexer.index_new()

    assert _titles("hydronic loop") == ["Balancing a circuit"]
    assert _titles("corvane") == ["Balancing a circuit"]


def test_what_waits_for_review_is_not_found() -> None:
    make_proposal(text="Purge the hydronic loop first.")
    indexer.index_new()

    assert _titles("hydronic") == []


def test_a_members_article_is_found_by_members_alone() -> None:
    make_article(text="Purge the hydronic loop first.", label="members")
    indexer.index_new()

    member = viewer_of(make_member())
    assert _titles("hydronic") == []
    assert results.find(GUEST, parse("hydronic"), "topics").counts["articles"] == 0
    assert results.find(member, parse("hydronic"), "articles").page.total == 1


def test_a_merged_article_is_found_as_what_it_was_merged_into() -> None:
    people = curators()
    kept = make_article(author=people.author, reviewers=(people.ann, people.ben), title="Low-loss header")
    gone = make_article(author=people.author, reviewers=(people.ann, people.ben), title="Hydraulische Weiche")
    merging = make_proposal(
        author=people.author, act="merge", article_id=gone.id, successor_id=kept.id, reason="The same thing."
    )
    for reviewer in (people.ann, people.ben):
        repertoire.approve(viewer_of(reviewer), merging.id, 1)
    indexer.index_new()

    assert _titles("weiche") == ["Low-loss header"]


def test_the_page_has_a_tab_for_articles(browser: Browser) -> None:
    make_article(text="Purge the hydronic loop first.")
    indexer.index_new()

    page = BeautifulSoup(browser.get("/search?q=hydronic&kind=articles").text, "html.parser")

    row = page.select_one(".list-row")
    assert row is not None
    assert "How-to" in row.text
    assert "Approved by two organizations" in row.text


def test_while_asking_the_repertoire_answers(browser: Browser) -> None:
    make_article(title="Purging a hydronic loop", text="Open the drain first.")
    indexer.index_new()

    shown = browser.sign_in(make_member()).get("/search/similar?title=How+do+I+purge+a+hydronic+loop")

    assert "Purging a hydronic loop" in shown.text


def test_who_searches_for_one_word_of_a_term_finds_what_uses_the_others(browser: Browser) -> None:
    term = make_article(kind="term", title="Low-loss header", text="It separates.")
    repertoire.name_term(viewer_of(make_member()), term.id, "Hydraulische Weiche")
    make_topic(title="Heizraum pfeift nachts", text="Die hydraulische Weiche singt.")
    indexer.index_new()

    page = BeautifulSoup(browser.get("/search?q=low-loss+header+singt").text, "html.parser")

    assert "Heizraum pfeift nachts" in page.text
    assert "also calls it: hydraulische weiche" in page.text
