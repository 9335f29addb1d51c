"""One practice, many words: what a term is called elsewhere, in articles and in searches."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from iocop.core.login import GUEST
from iocop.repertoire import services, tooltips
from iocop.repertoire.queries import glossary
from iocop.repertoire.tooltips import Term
from tests.client import Browser
from tests.factories import make_member, viewer_of
from tests.forums.factories import make_topic
from tests.people import cast
from tests.repertoire.factories import make_article

TERMS = {"low-loss header": Term("/a/1", 'a "quiet" vessel'), "δt": Term("/a/2", "a difference")}


@pytest.mark.usefixtures("app")
def test_an_organization_says_what_it_calls_a_term(browser: Browser) -> None:
    people = cast()
    term = make_article(kind="term", title="Low-loss header", summary="Separates two circuits.")

    browser.sign_in(people.charlie).post(
        f"/glossary/{term.id}/names",
        data={"word": "Hydraulische Weiche", "by": f"organization:{people.rival.id}", "language": "de"},
    )

    page = BeautifulSoup(browser.get("/glossary").text, "html.parser")
    entry = page.select_one("dl.glossary")
    assert entry is not None
    assert "Separates two circuits." in entry.text
    assert "you at Rival call it so" in " ".join(entry.text.split())
    assert page.select_one("strong[lang=de]") is not None


@pytest.mark.usefixtures("app")
def test_nobody_speaks_for_an_organization_they_do_not_belong_to(browser: Browser) -> None:
    people = cast()
    term = make_article(kind="term", title="Low-loss header")

    answer = browser.sign_in(people.bob).post(
        f"/glossary/{term.id}/names", data={"word": "Weiche", "by": f"organization:{people.rival.id}"}
    )

    assert answer.status_code == 422
    assert not glossary.names_of([term.id])


@pytest.mark.usefixtures("app")
def test_a_word_that_is_known_is_refused_and_stays_in_the_form(browser: Browser) -> None:
    term = make_article(kind="term", title="Low-loss header")
    member = make_member()
    services.name_term(viewer_of(member), term.id, "Weiche", language="de")

    answer = browser.sign_in(member).post(
        f"/glossary/{term.id}/names", data={"word": "weiche", "by": "language"}
    )

    assert answer.status_code == 422
    assert "knows this word" in answer.text
    assert 'value="weiche"' in answer.text


@pytest.mark.usefixtures("app")
def test_a_stranger_takes_no_word_away(browser: Browser) -> None:
    term = make_article(kind="term", title="Low-loss header")
    name = services.name_term(viewer_of(make_member()), term.id, "Weiche")

    answer = browser.sign_in(make_member()).post(f"/glossary/{term.id}/names/{name.id}/remove")

    assert answer.status_code == 403
    assert len(glossary.names_of([term.id])[term.id]) == 1


@pytest.mark.usefixtures("app")
@pytest.mark.theory("3.59")
def test_the_glossary_counts_where_its_terms_are_used(browser: Browser) -> None:
    term = make_article(kind="term", title="Low-loss header", text="It separates.")
    services.name_term(viewer_of(make_member()), term.id, "Weiche")
    make_topic(text="Our low-loss header sings.")
    make_topic(text="Die Weiche pfeift, the Weiche again.")
    make_topic(text="Weichenstellung is another word.")

    services.count_terms()

    assert "used in 2 contributions" in browser.get("/glossary").text


@pytest.mark.usefixtures("app")
def test_a_members_term_is_no_guests_word() -> None:
    make_article(kind="term", title="Low-loss header", label="members")

    assert "low-loss header" not in glossary.words_for(GUEST).terms
    assert "low-loss header" in glossary.words_for(viewer_of(make_member())).terms


def test_each_term_is_linked_once_outside_links_code_and_headings() -> None:
    html = "<h3>ΔT</h3><p><code>ΔT</code> <a href='/x'>ΔT</a> A low ΔT, ΔT; low-loss headers, Low-loss header.</p>"

    marked = tooltips.with_terms(html, TERMS, tooltips.compiled(TERMS))

    soup = BeautifulSoup(marked, "html.parser")
    assert [link.text for link in soup.select("a.term")] == ["ΔT", "Low-loss header"]
    assert soup.select("a.term")[1]["title"] == 'a "quiet" vessel'
    assert soup.text == BeautifulSoup(html, "html.parser").text


@pytest.mark.usefixtures("app")
def test_an_abbreviation_is_not_every_small_word_that_is_spelt_like_it(browser: Browser) -> None:
    term = make_article(kind="term", title="WHO", summary="It sets the limits.", text="It sets the limits.")
    services.name_term(viewer_of(make_member()), term.id, "World health")
    article = make_article(title="Asking", text="Those who ask: the WHO knows, and world health too.")

    links = BeautifulSoup(browser.get(f"/a/{article.id}").text, "html.parser").select(".prose a.term")

    assert [link.text for link in links] == ["WHO"]
    small = make_article(title="Waiting", text="Those who care for world health.")
    page = BeautifulSoup(browser.get(f"/a/{small.id}").text, "html.parser")
    assert [link.text for link in page.select(".prose a.term")] == ["world health"]


def test_a_term_does_not_lead_to_itself() -> None:
    assert "class=" not in tooltips.with_terms("<p>ΔT</p>", TERMS, tooltips.compiled(TERMS), besides="/a/2")


def test_without_terms_a_text_stays_as_it_is() -> None:
    assert tooltips.with_terms("<p>x</p>", {}, tooltips.compiled({})) == "<p>x</p>"


@given(st.lists(st.sampled_from(["ΔT", "low-loss header", "&amp;", "<b>ΔT</b>", " ", "é", "x"]), max_size=30))
def test_marking_never_changes_what_a_text_says(parts: list[str]) -> None:
    html = "<p>" + "".join(parts) + "</p>"

    marked = tooltips.with_terms(html, TERMS, tooltips.compiled(TERMS))

    assert re.sub("<[^>]*>", "", marked) == re.sub("<[^>]*>", "", html)
