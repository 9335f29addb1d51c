"""The search page: everybody finds what they may read, and nothing else, whatever they type."""

from __future__ import annotations

import shutil
from itertools import product
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from iocop.contributions.events import LabelChanged
from iocop.contributions.models import Contribution, ContributionDomain
from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.events import emit
from iocop.domains.models import Domain
from iocop.search import indexer, results
from iocop.search.matches import NOTHING
from iocop.search.port import EVERYWHERE
from iocop.search.results import TABS
from iocop.spaces.models import SpaceGrant
from tests.factories import saved
from tests.search.factories import (
    index_all,
    let_in,
    make_answer,
    make_firm,
    make_person,
    make_space,
    make_topic,
    statements,
)

if TYPE_CHECKING:
    from bs4 import BeautifulSoup
    from flask import Flask

    from iocop.search.plan import Plan
    from iocop.search.port import Mask, Matches
    from tests.client import Browser


def titles(page: BeautifulSoup) -> list[str]:
    return [heading.get_text() for heading in page.select(".list-row h2")]


def tab_counts(page: BeautifulSoup) -> list[str]:
    return [count.get_text() for count in page.select("nav.tabs .count")]


def test_one_box_on_every_page_leads_to_the_results(browser: Browser) -> None:
    form = browser.page("/search").select_one("form.site-search")

    assert form is not None
    assert form["action"] == "/search"
    assert form["method"] == "get"


def test_a_guest_finds_a_public_topic_and_reads_why(browser: Browser) -> None:
    topic = make_topic("Frost on the coil", "It froze at night when the glycol pump stopped.")
    domain = saved(Domain(slug="cooling", name="Cooling"))
    saved(ContributionDomain(contribution_id=topic.id, domain_id=domain.id))
    with act():
        topic.accepted_id = make_answer(topic, "Keep the pumps running.").id
    index_all()

    page = browser.page("/search?q=frost+pumps")

    assert titles(page) == ["Frost on the coil"]
    row = page.select_one(".list-row")
    assert row is not None
    assert [mark.get_text() for mark in row.select("mark")] == ["Frost", "pump"]
    assert "Cooling" in row.get_text()
    assert "Solved" in row.get_text()
    assert tab_counts(page)[:4] == ["1", "0", "0", "0"]
    assert page.select_one("time[datetime]") is not None


def test_an_answer_that_matches_is_what_the_row_leads_to(browser: Browser) -> None:
    topic = make_topic("Noise in the duct")
    answer = make_answer(topic, "The damper whistles.")
    index_all()

    link = browser.page("/search?q=whistle").select_one(".list-row h2 a")

    assert link is not None
    assert link["href"] == f"/p/{answer.id}"
    assert link.get_text() == "Noise in the duct"


def test_members_and_organizations_have_their_tabs(browser: Browser) -> None:
    make_person(name="Ada Frost", about="Likes <b>coils</b>")
    make_firm(name="Frost & Sons", city="Turku")
    index_all()

    page = browser.page("/search?q=frost&kind=members")
    assert titles(page) == ["Ada Frost"]
    assert "Likes <b>coils</b>" in page.select(".list-row .summary")[0].get_text()
    assert tab_counts(page)[:4] == ["0", "0", "1", "1"]
    assert titles(browser.page("/search?q=frost&kind=organizations")) == ["Frost & Sons"]
    empty = browser.page("/search?q=frost")
    others = {link.get_text() for link in empty.select(".empty a[href*=kind]")}
    assert others == {"Members: 1", "Organizations: 1"}


def test_who_finds_what(browser: Browser) -> None:
    """Guest, a member of no space, a named member: titles and counts alike."""
    outsider, insider = make_person(), make_person()
    public, members, named = make_space("public"), make_space("members"), make_space("named")
    let_in(insider, named)
    make_topic("Frost one", space_id=public.id)
    make_topic("Frost two", space_id=public.id, label="members")
    make_topic("Frost three", space_id=public.id, label="space")
    make_topic("Frost four", space_id=members.id)
    make_topic("Frost five", space_id=named.id)
    index_all()

    def sees(looking: Browser) -> tuple[set[str], str]:
        page = looking.page("/search?q=frost")
        return {title.removeprefix("Frost ") for title in titles(page)}, tab_counts(page)[0]

    assert sees(browser) == ({"one"}, "1")
    assert sees(browser.fresh().sign_in(outsider)) == ({"one", "two", "three", "four"}, "4")
    assert sees(browser.fresh().sign_in(insider)) == ({"one", "two", "three", "four", "five"}, "5")


def test_what_is_revoked_moved_or_closed_is_gone_at_once(browser: Browser) -> None:
    """Also before the index has heard of it: neither the title nor the number shows."""
    member = make_person()
    named, public = make_space("named"), make_space("public")
    grant = let_in(member, named)
    moved, closed = (
        make_topic("Frost moved", space_id=public.id),
        make_topic("Frost closed", space_id=public.id),
    )
    make_topic("Frost inside", space_id=named.id)
    index_all()
    browser.sign_in(member)
    guest = browser.fresh()
    assert len(titles(browser.page("/search?q=frost"))) == 3
    assert len(titles(guest.page("/search?q=frost"))) == 2

    with act():
        db.session.get_one(SpaceGrant, grant.id).ended_at = clock.now()
        db.session.get_one(Contribution, moved.id).space_id = named.id
        db.session.get_one(Contribution, closed.id).label = "members"
        emit(LabelChanged(member.id, (closed.id,), closed.id))

    for _ in ("before the index has heard of it", "after"):
        page, outside = browser.page("/search?q=frost"), guest.page("/search?q=frost")
        assert titles(page) == ["Frost closed"]
        assert tab_counts(page)[0] == "1"
        assert titles(outside) == []
        assert tab_counts(outside)[0] == "0"
        index_all()


def test_one_search_within_what_may_be_read_serves_all_kinds(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_topic("Frost", space_id=make_space("members").id)
    public = make_space("public")
    index_all()
    asked: list[Mask] = []

    def note(_plan: Plan, mask: Mask) -> Matches:
        asked.append(mask)
        return NOTHING

    monkeypatch.setattr(indexer.engine(), "search", note)

    assert titles(browser.page("/search?q=frost")) == []
    assert [(mask.spaces, mask.member) for mask in asked] == [(frozenset({EVERYWHERE, public.id}), False)]


BAD = [
    "x" * 10_000,
    "word " * 2_000,
    '"',
    '"unclosed quotes',
    "-",
    "- - -",
    "AND OR NOT",
    "*",
    "?",
    "a*",
    "[a TO b]",
    "title:^2~",
    "\x01\x02",
    "\x00",
    "fro\x00st",
    "(((((",
    "\\",
    "' or 1=1 --",
    "<script>alert(1)</script>",
    "🔧",
    "漢字",
    "%",
    "_",
    "\u202eabc",
    "frost AND",
]


@pytest.mark.parametrize("indexed", [True, False], ids=["with an index", "without"])
def test_anything_typed_gives_a_page(browser: Browser, *, indexed: bool) -> None:
    make_topic("Frost", "alert script or word")
    if indexed:
        index_all()

    for typed, tab in product(BAD, ("topics", "members", "nonsense")):
        page = browser.get(f"/search?q={quote(typed)}&kind={tab}")
        assert page.status_code == 200, typed
        assert "<script>alert" not in page.text


@pytest.mark.parametrize("page", ["0", "-1", "9999999999", "x", "50", "51"])
def test_a_deep_page_is_the_last_there_is(browser: Browser, page: str) -> None:
    space = make_space()
    author = make_person()
    for number in range(21):
        make_topic(f"Frost {number}", space_id=space.id, author_id=author.id)
    index_all()

    found = titles(browser.page(f"/search?q=frost&page={page}"))

    assert len(found) == (1 if page in {"9999999999", "50", "51"} else 20)
    assert len(titles(browser.page("/search?q=frost&page=2"))) == 1


def test_what_helps_when_nothing_is_found_or_asked(browser: Browser) -> None:
    index_all()

    assert "Nothing found here" in browser.page("/search?q=zzz").get_text()
    assert "open to members only" in browser.page("/search?q=zzz").get_text()
    assert "There is no word in that" in browser.page("/search?q=***").get_text()
    assert "Say also what to look for" in browser.page("/search?q=-frost").get_text()
    assert "What are you looking for?" in browser.page("/search").get_text()
    assert "How to search" in browser.page("/search?q=zzz").get_text()
    assert "more than the search reads" in browser.page(f"/search?q={'x' * 500}").get_text()


def chips(page: BeautifulSoup) -> dict[str, str]:
    """Return the chips by what they say, each with the address it leads to."""
    return {
        str(link.contents[0]).strip(): str(link["href"])
        for link in page.select("ul.chips a")
        if link.contents
    }


@pytest.mark.parametrize("typed", ["frost", "-frost", "in:title", "kind:file", "-tag:nosuch", "order:latest"])
def test_whatever_is_understood_is_a_chip_that_can_be_taken_away(browser: Browser, typed: str) -> None:
    make_topic("Frost")
    index_all()

    ((_, address),) = chips(browser.page(f"/search?q={typed}")).items()

    assert chips(browser.page(address)) == {}


def test_a_chip_that_set_the_tab_or_the_order_takes_it_along(browser: Browser) -> None:
    make_topic("Frost")
    index_all()
    page = browser.page("/search?q=frost+kind:article+order:latest")
    assert (chosen_tab(page), chosen_order(page)) == ("Articles", "latest")

    ordered = browser.page(chips(page)["newest first"])
    assert (chosen_tab(ordered), chosen_order(ordered)) == ("Articles", "best")
    topics = browser.page(chips(page)["only articles"])
    assert (chosen_tab(topics), chosen_order(topics)) == ("Topics", "latest")


def chosen_tab(page: BeautifulSoup) -> str:
    tab = page.select_one("nav.tabs [aria-current]")
    assert tab is not None
    return str(tab.contents[0]).strip()


def chosen_order(page: BeautifulSoup) -> str:
    chosen = page.select_one("select[name=order] option[selected]")
    assert chosen is not None
    return str(chosen["value"])


def test_every_result_of_every_kind_says_why_it_is_here(browser: Browser) -> None:
    reader = make_person(name="Ada Frost")
    make_firm(name="Frost & Sons")
    space = make_space()
    with act():
        space.name = "Frost room"
    make_topic("Coil", "some frost", space_id=space.id)
    index_all()
    browser.sign_in(reader)

    for tab in ("topics", "members", "organizations", "spaces"):
        (row,) = browser.page(f"/search?q=frost&kind={tab}").select(".list-row")
        assert row.select(".why span"), tab
    (row,) = browser.page("/search?q=status:open").select(".list-row")
    assert "it fits your filters" in row.get_text()


def test_order_by_date_and_by_help(browser: Browser) -> None:
    author = make_person()
    make_topic("Frost old", "frost " * 9, author_id=author.id, helpful=9)
    make_topic("Frost new", author_id=author.id)
    index_all()

    assert titles(browser.page("/search?q=frost&order=latest")) == ["Frost new", "Frost old"]
    assert titles(browser.page("/search?q=frost&order=helpful")) == ["Frost old", "Frost new"]
    page = browser.page("/search?q=frost+order:latest&order=helpful")
    box, chosen = page.select_one("#search-box"), page.select_one("option[selected]")
    assert titles(page) == ["Frost new", "Frost old"]
    assert box is not None
    assert box["value"] == "frost"  # so that the menu beside it counts from now on
    assert chosen is not None
    assert chosen["value"] == "latest"


def test_an_attack_in_a_title_or_text_stays_text(browser: Browser) -> None:
    attack = "<img src=x onerror=alert(1)>"
    make_topic(f"Frost {attack}", f"frost {attack}")
    make_person(name="Frost <script>", about=f"frost {attack}")
    make_firm(name="Frost <script>", about=f"frost {attack}")
    index_all()

    for tab in ("topics", "members", "organizations"):
        page = browser.page(f"/search?q=frost&kind={tab}")
        assert len(titles(page)) == 1
        assert page.select(".list-row img") == []
        assert page.select(".list-row script") == []
        assert attack in page.select(".list-row .summary")[0].get_text()


def test_a_sealed_author_is_not_named_and_a_hidden_employer_not_shown(browser: Browser) -> None:
    firm = make_firm(name="Norrvale")
    author = make_person(name="Ada Lovell")
    make_topic("Frost sealed", byline="sealed", author_id=author.id, organization_id=firm.id)
    make_topic("Coil alone", byline="employer_hidden", author_id=author.id, organization_id=firm.id)
    make_topic("Pump named", author_id=author.id, organization_id=firm.id)
    index_all()

    def facts(typed: str) -> str:
        return browser.page(f"/search?q={typed}").select(".list-row .facts")[0].get_text()

    assert "Ada" not in facts("sealed")
    assert "Norrvale" not in facts("sealed")
    assert "Ada Lovell" in facts("alone")
    assert "Norrvale" not in facts("alone")
    assert "Ada Lovell, Norrvale" in facts("named")


def test_without_an_index_titles_are_searched_and_the_page_says_so(app: Flask, browser: Browser) -> None:
    hidden = make_space("named")
    make_topic("Frost on the coil", "glycol")
    make_topic("Frost inside", space_id=hidden.id)
    make_topic("Frost for members", label="members")
    make_person(name="Jack Frost")
    make_firm(name="Frost & Sons")
    index_all()
    shutil.rmtree(app.extensions["settings"].data_dir / "search")

    page = browser.page("/search?q=FROST+coil")
    assert titles(page) == ["Frost on the coil"]
    assert "being built" in page.get_text()
    assert titles(browser.page("/search?q=frost")) == ["Frost on the coil"]
    assert titles(browser.page("/search?q=frost+-coil")) == []
    assert titles(browser.page("/search?q=frost&kind=members")) == ["Jack Frost"]
    assert titles(browser.page("/search?q=frost&kind=organizations")) == ["Frost & Sons"]
    assert titles(browser.page("/search?q=100%25")) == []

    index_all()
    assert "being built" not in browser.page("/search?q=frost").get_text()


def test_more_than_the_pages_reach_is_said(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "MOST_HITS", 2)
    author = make_person()
    for number in range(4):
        make_topic(f"Frost {number}", author_id=author.id)
    index_all()

    assert "4 results, more than the pages show" in browser.page("/search?q=frost").get_text()


@pytest.mark.parametrize("count", [1, 40])
def test_a_page_costs_as_many_statements_whatever_it_shows(browser: Browser, count: int) -> None:
    author, space = make_person(), make_space()
    for number in range(count):
        topic = make_topic(f"Frost {number}", space_id=space.id, author_id=author.id)
        make_answer(topic, "frost again")
        make_person(name=f"Frost {number}")
        make_firm(name=f"Frost {number}")
    index_all()
    browser.sign_in(author).page("/search?q=frost")

    for tab in TABS:
        with statements() as seen:
            browser.get(f"/search?q=frost&kind={tab}")
        assert len(seen) <= 7, seen
