"""Chips, facets, reasons and mended words on the page of results: every one of them a link that types."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from iocop.contributions.models import Contribution, ContributionDomain, ContributionTag
from iocop.core import clock
from iocop.core.db import act, db
from iocop.domains.models import Domain, Tag
from tests.factories import saved
from tests.search.factories import (
    index_all,
    let_in,
    make_answer,
    make_firm,
    make_person,
    make_space,
    make_topic,
)

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

    from iocop.forums.models import Topic
    from tests.client import Browser


def facets(page: BeautifulSoup) -> dict[str, list[str]]:
    """Return the choices by the headings above them, as people read them."""
    return {
        section.h2.get_text(): [" ".join(link.get_text(" ").split()) for link in section.select("a")]
        for section in page.select(".facets section") if section.h2
    }  # fmt: skip


def typed_by(page: BeautifulSoup, selector: str, words: str) -> str:
    """Return what the box holds once a link that begins so is followed."""
    link = next(one for one in page.select(selector) if one.get_text().strip().startswith(words))
    return parse_qs(urlsplit(str(link["href"])).query).get("q", [""])[0]


def titles(page: BeautifulSoup) -> list[str]:
    return [heading.get_text() for heading in page.select(".list-row h2")]


def why(page: BeautifulSoup) -> list[str]:
    return [
        " ".join(line.get_text(" ").split()).removeprefix("Why it is here: ") for line in page.select(".why")
    ]


def file_under(topic: Topic, domain: Domain | None = None, tag: Tag | None = None) -> None:
    if domain:
        saved(ContributionDomain(contribution_id=topic.id, domain_id=domain.id))
    if tag:
        saved(ContributionTag(contribution_id=topic.id, tag_id=tag.id))


def test_facets_count_topics_and_following_one_finds_as_many(browser: Browser) -> None:
    cooling, pumps = saved(Domain(slug="cooling", name="Cooling water")), saved(Tag(slug="pumps"))
    firm, other = make_firm(name="Norrvale Oy", slug="norrvale"), make_firm(name="Acme", slug="acme")
    first = make_topic("Frost one", organization_id=firm.id)
    second = make_topic("Frost two", organization_id=other.id)
    make_topic("Frost three", organization_id=other.id, byline="employer_hidden")
    file_under(first, cooling, pumps)
    file_under(second, cooling)
    for topic in (first, second):
        make_answer(topic, "frost again", organization_id=firm.id)
    with act():
        db.session.merge(first).accepted_id = make_answer(first, "no").id
    index_all()

    page = browser.page("/search?q=frost")

    shown = facets(page)
    assert shown["Domain"] == ["Cooling water 2"]
    assert shown["Tag"] == ["pumps 1"]
    assert shown["Organization at the time"] == ["Norrvale Oy 2", "Acme 1"]
    assert shown["Questions"] == ["Open 2", "Solved 1"]
    assert "Year" not in shown  # all are of one year: that narrows nothing
    for words, text in (
        ("Cooling", "frost domain:cooling"), ("pumps", "frost tag:pumps"), ("Norrvale", "frost org:norrvale"),
        ("Solved", "frost status:solved"),
    ):  # fmt: skip
        assert typed_by(page, ".facets a", words) == text
        number = next(one for each in shown.values() for one in each if one.startswith(words)).split()[-1]
        assert len(titles(browser.page(f"/search?q={text.replace(' ', '+')}"))) == int(number)


def test_a_chosen_facet_is_marked_and_taken_away_again(browser: Browser) -> None:
    file_under(make_topic("Frost one"), saved(Domain(slug="cooling", name="Cooling")))
    make_topic("Frost two")
    index_all()

    page = browser.page("/search?q=frost+domain:cooling")

    assert titles(page) == ["Frost one"]
    assert [link.get_text(" ", strip=True) for link in page.select(".facets [aria-current]")] == [
        "Cooling (remove)"
    ]
    assert typed_by(page, ".facets a", "Cooling") == "frost"
    assert [chip.get_text(" ", strip=True) for chip in page.select(".chips a")] == [
        "frost (remove)", "about Cooling (remove)",
    ]  # fmt: skip
    assert typed_by(page, ".chips a", "frost") == "domain:cooling"


def test_facets_count_only_what_the_viewer_may_read(browser: Browser) -> None:
    insider, closed = make_person(), make_space("named")
    let_in(insider, closed)
    secret, common = saved(Tag(slug="secret")), saved(Tag(slug="common"))
    inside = make_topic("Frost inside", space_id=closed.id)
    file_under(inside, tag=secret)
    file_under(make_topic("Frost outside"), tag=common)
    make_topic("Frost untagged")
    file_under(make_topic("Frost moved", created_at=clock.now()), tag=common)
    index_all()
    moved = db.session.query(Contribution).order_by(Contribution.id.desc()).first()
    assert moved is not None
    with act():
        db.session.get_one(Contribution, moved.id).space_id = closed.id

    assert facets(browser.page("/search?q=frost"))["Tag"] == ["common 1"]
    index_all()
    assert facets(browser.fresh().sign_in(insider).page("/search?q=frost"))["Tag"] == ["common 2", "secret 1"]


def test_many_values_are_shortened_with_more(browser: Browser) -> None:
    author = make_person()
    for number in range(9):
        file_under(make_topic(f"Frost {number}", author_id=author.id), tag=saved(Tag(slug=f"tag-{number}")))
    index_all()

    page = browser.page("/search?q=frost")

    assert len(page.select(".facets section > ul a")) == 6
    assert [one.get_text() for one in page.select(".facets section summary")] == ["3 more (Tag)"]


def test_what_a_filter_does_not_mean_is_said(browser: Browser) -> None:
    make_topic("Frost")
    index_all()

    page = browser.page("/search?q=frost+tag:nosuch")

    assert "No tag is called “nosuch”." in page.select(".chip-problem")[0].get_text()
    assert titles(page) == []
    assert typed_by(page, ".chips a", "tagged “nosuch”") == "frost"


def test_each_hit_says_why(browser: Browser) -> None:
    solved = make_topic("Frost on the coil at night", "Ice.")
    with act():
        db.session.merge(solved).accepted_id = make_answer(solved, "Glycol.", works_here=3).id
    make_topic("Ice", "frost and a coil")
    index_all()

    assert why(browser.page("/search?q=frost+coil")) == [
        "your words are in the title · has an accepted answer".replace(" · ", " "), "all your words",
    ]  # fmt: skip
    assert why(browser.page("/search?q=glycol")) == [
        "it has your word confirmed in practice at 3 organizations the accepted answer"
    ]


def test_an_exact_title_comes_first(browser: Browser) -> None:
    make_topic("Frost at the pump", "The frost came back.")
    make_topic("Frost pump", "Something else.")
    index_all()

    page = browser.page("/search?q=frost+pump")

    assert titles(page)[0] == "Frost pump"
    assert why(page)[0] == "the title is what you typed"


def test_a_misspelt_word_is_mended_by_words_that_everybody_may_read(browser: Browser) -> None:
    make_topic("Frost on the coil")
    make_topic("Frorst heaves", label="members")
    index_all()

    page = browser.page("/search?q=frots+tag:none")

    assert typed_by(page, ".did-you-mean a", "f") == "frost tag:none"
    assert browser.page("/search?q=frost").select(".did-you-mean") == []
    assert browser.page('/search?q="frots"').select(".did-you-mean") == []


def test_files_and_spaces_have_their_tabs(browser: Browser) -> None:
    space = make_space()
    with act():
        space.name, space.about = "Frost room", "All about frost."
    saved_tab = make_space("named")
    with act():
        saved_tab.name = "Frost cellar"
    index_all()

    page = browser.page("/search?q=frost&kind=spaces")

    assert titles(page) == ["Frost room"]
    assert [tab.get_text(" ", strip=True) for tab in page.select("nav.tabs a")][4:] == ["Files 0", "Spaces 1"]
    assert titles(browser.page("/search?q=frost+kind:space")) == ["Frost room"]


def test_all_that_the_box_understands_is_explained_by_examples_that_work(browser: Browser) -> None:
    page = browser.page("/search/help")

    links = [str(link["href"]) for link in page.select(".operators a")]
    assert len(links) >= 15
    for link in links:
        assert browser.get(link).status_code == 200, link
