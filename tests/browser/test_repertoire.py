"""A curator's day and an author's day in a real browser; the repertoire as a guest and a member find it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from iocop.demo.personas import CURATORS
from tests.browser import curating, deeds
from tests.browser.person import MEMBER, PHONE, SOLE_PRACTITIONER
from tests.browser.practice import CURATOR

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator

    from tests.browser.conftest import Opens
    from tests.browser.person import Person
    from tests.browser.site import Site

pytestmark = pytest.mark.browser

OTHER_CURATOR = CURATORS[0]
"""Of another organization than `CURATOR`."""


def article_address(person: Person) -> str:
    """Return where the published suggestion that is open leads."""
    notice = person.page.locator(".notice").filter(has_text="Published")
    return str(notice.get_by_role("link").get_attribute("href"))


@pytest.mark.theory("3.3")
def test_a_curators_day_by_the_keyboard_alone(open_as: Opens, site: Site) -> None:
    author, curator, confirmer, guest = (open_as(who) for who in (SOLE_PRACTITIONER, CURATOR, MEMBER, ""))
    other = curating.sign_in_by_password(open_as, site, OTHER_CURATOR, script=True)
    title = "Venting a riser from the top"
    suggestion = curating.suggest_article(
        author, title, "Close the lower valves before you open the upper one."
    )

    curating.open_from_queue(curator, title)
    curating.review(curator, "Approve", "We do it like this.")
    expect(curator.page.locator(".flashes")).to_contain_text("It waits for somebody of another organization.")
    guest.page.goto(suggestion)
    expect(guest.page.locator(".page-header")).to_contain_text("Waiting for review")
    curating.open_from_queue(other, title)
    curating.review(other, "Approve")
    expect(other.page.locator(".flashes")).to_contain_text("Approved, and done")

    article = article_address(other)
    guest.page.goto(article)
    _is_sealed(guest)
    _goes_stale_and_is_confirmed(site, guest, confirmer, article)
    _is_retired(guest, confirmer, (curator, other), title)


def _is_sealed(guest: Person) -> None:
    standing = guest.page.locator(".standing")
    expect(standing).to_contain_text("Wendelstrom Gebäudetechnik GmbH")
    expect(standing).to_contain_text("Norrvale Mechanical Inc.")
    expect(_banner(guest, "Not confirmed lately")).to_have_count(0)


def _goes_stale_and_is_confirmed(site: Site, guest: Person, confirmer: Person, article: str) -> None:
    curating.pass_the_review_date(site, int(article.split("/")[2]))
    guest.page.reload()
    expect(_banner(guest, "Not confirmed lately")).to_contain_text("It may still hold.")

    confirmer.page.goto(article)
    curating.confirm(confirmer, "Four risers, nine storeys.")

    guest.page.reload()
    expect(_banner(guest, "Not confirmed lately")).to_have_count(0)
    expect(guest.page.locator(".standing")).to_contain_text("Confirmed in practice at 1 organization")


def _is_retired(guest: Person, member: Person, reviewers: tuple[Person, Person], title: str) -> None:
    member.page.goto(guest.page.url)
    curating.suggest_obsolete(member, "The new valves vent themselves.")
    for one in reviewers:
        curating.open_from_queue(one, title)
        curating.review(one, "Approve")

    guest.page.reload()
    expect(_banner(guest, "Obsolete")).to_contain_text("The new valves vent themselves.")
    expect(_banner(guest, "Obsolete")).to_contain_text("Suggested by Niamh Carrick")
    expect(guest.page.locator(".reading")).to_contain_text("Close the lower valves")


def _banner(person: Person, words: str) -> Locator:
    return person.page.locator("main .notice").filter(has_text=words)


def test_an_authors_day_without_scripts(open_as: Opens, site: Site) -> None:
    author = open_as(MEMBER, script=False, width=PHONE)
    curator = open_as(CURATOR, script=False)
    other = curating.sign_in_by_password(open_as, site, OTHER_CURATOR, script=False)
    title = "Labelling a manifold so that it lasts"
    curating.suggest_article(author, title, "Use a good pen.")

    curating.open_from_queue(curator, title)
    curating.review(curator, "Decline", "No pen lasts five winters: say what does.")
    expect(curator.page.locator(".flashes")).to_contain_text("Its author is told, with your words.")
    deeds.open_from_inbox(author, title, "No pen lasts five winters: say what does.")
    expect(author.page.locator(".page-header")).to_contain_text("Declined")
    curating.improve(author, "Engrave a plate of two colours and screw it on.", "A plate instead of a pen")
    for one in (curator, other):
        curating.open_from_queue(one, title)
        curating.review(one, "Approve")
    deeds.open_from_inbox(author, title, "What you suggested is published")

    author.page.goto(article_address(author))
    expect(author.page.locator(".reading")).to_have_text("Engrave a plate of two colours and screw it on.")
    expect(author.page.locator(".imprint")).to_contain_text("Niamh Carrick")


@pytest.mark.theory("1.39", "3.54")
def test_a_guest_finds_an_article_sees_its_licence_and_takes_it_home(guest: Person, tmp_path: Path) -> None:
    page, title = guest.page, "Finding the lost ΔT at part load"
    page.goto("/")
    page.get_by_role("navigation").get_by_role("link", name="Repertoire").first.click()
    page.locator("main").get_by_role("link", name="How-tos").click()
    page.get_by_role("link", name=title).click()
    expect(page.locator(".reading h2")).not_to_have_count(0)
    expect(page.locator("a[rel=license]")).to_have_text("CC BY-SA 4.0")

    page.get_by_role("link", name="Take it home").click()
    page.get_by_label("Markdown").check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()

    download.value.save_as(tmp_path / "pack.md")
    assert (tmp_path / "pack.md").read_text("utf-8").startswith(f"# {title}")


@pytest.mark.theory("1.62", "4.1")
@pytest.mark.parametrize(
    "section", ["How-tos", "Routines", "Conduct", "Glossary", "Concept maps", "Traditions", "Coping with…"]
)
def test_each_section_is_in_the_menu_and_its_articles_can_be_edited(member: Person, section: str) -> None:
    page = member.page
    page.goto("/repertoire")
    page.locator("main nav").get_by_role("link", name=section).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(section)

    page.locator("main .list-row").get_by_role("link").first.click()
    title = page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("link", name="Suggest an edit", exact=True).click()

    expect(page.get_by_label("Title")).to_have_value(title)
    expect(page.get_by_label("Text", exact=True)).to_have_value(re.compile(r"\S"))
