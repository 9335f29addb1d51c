"""Similar topics and articles while a title is typed: those that share more with it than a common word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iocop.search.alike import is_close, weights_of
from tests.repertoire.factories import make_article
from tests.search.factories import index_all, make_person, make_space, make_topic

if TYPE_CHECKING:
    from flask import Flask

    from tests.client import Browser


def test_similar_topics_while_a_title_is_typed(browser: Browser) -> None:
    member = make_person()
    make_topic("Frost on the heating coil at night")
    make_topic("Frost inside the coil", space_id=make_space("named").id)
    make_topic("Something else")
    index_all()
    browser.sign_in(member)

    fragment = browser.page("/search/similar?title=Why+is+there+frost+on+my+coil")

    assert [link.get_text() for link in fragment.select("li a")] == ["Frost on the heating coil at night"]
    assert browser.get("/search/similar?title=short").text == ""
    assert browser.get("/search/similar?title=zzzzzzzzzzzz").text == ""
    assert browser.get("/search/similar").text == ""


def test_similar_topics_come_from_titles_while_there_is_no_index(app: Flask, browser: Browser) -> None:
    make_topic("Frost on the heating coil at night")
    browser.sign_in(make_person())

    page = browser.page("/search/similar?title=the+heating+freezes")
    assert [link.get_text() for link in page.select("a")] == ["Frost on the heating coil at night"]
    assert browser.get("/search/similar?title=the+of+and+a+b+c").text == ""


def test_who_may_read_nothing_is_told_of_nothing_similar(browser: Browser) -> None:
    make_topic("Frost on the heating coil", space_id=make_space("named").id)
    index_all()
    browser.sign_in(make_person())

    assert browser.get("/search/similar?title=frost+on+the+coil").text == ""
    assert browser.fresh().get("/search/similar?title=frost+on+the+coil").status_code == 303


def test_what_shares_only_a_common_word_is_not_offered(browser: Browser) -> None:
    make_article(title="Sizing a heat pump", text="What a heat pump needs.")
    make_topic("Our heat meter counts backwards")
    for number in range(8):
        make_topic(f"Heat, chapter {number}", "More about heat.")
    index_all()
    browser.sign_in(make_person())

    fragment = browser.page("/search/similar?title=Heat+meter+shows+more+than+flow")

    assert [link.get_text() for link in fragment.select("li a")] == ["Our heat meter counts backwards"]


@pytest.mark.parametrize(
    ("shared", "in_title", "close"),
    [
        ("heat", "heat", False),
        ("meter", "", True),
        ("heat flow", "heat flow", True),
        ("heat flow", "heat", False),
        ("reading", "", False),
        ("", "", False),
    ],
)
def test_half_of_the_weight_or_two_telling_words_of_the_title(
    shared: str, in_title: str, close: bool
) -> None:
    weights = weights_of({"heat": 30, "meter": 1, "shows": 60, "flow": 30}, 100)

    assert is_close(weights, frozenset(shared.split()), frozenset(in_title.split())) is close
