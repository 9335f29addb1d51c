"""Searching as members do it: by keyboard, on a phone, and without scripts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.person import DESK, MEMBER, PHONE

if TYPE_CHECKING:
    from tests.browser.conftest import Opens

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_the_box_offers_titles_that_the_keyboard_reaches(open_as: Opens, width: int) -> None:
    page = open_as(MEMBER, width=width).page
    page.goto("/forums")

    page.keyboard.press("/")
    page.keyboard.type("heat")
    first = page.get_by_role("option").first
    expect(first).to_be_visible()
    words, address = first.locator("span").first.inner_text(), first.get_attribute("data-address")
    assert violations(page) == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text(words)
    assert page.url.endswith(str(address))


@pytest.mark.parametrize("letter", ["x", "漢"])
def test_a_whole_text_in_the_box_is_a_page_that_says_what_was_read(open_as: Opens, letter: str) -> None:
    page = open_as(MEMBER).page
    page.goto("/search")

    page.locator("#search-box").fill(letter * 10_000)
    page.keyboard.press("Enter")

    expect(page.get_by_text("more than the search reads")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Search")


def test_results_are_narrowed_and_widened_by_keyboard_on_a_phone(open_as: Opens) -> None:
    person = open_as(MEMBER, width=PHONE)
    page = person.page
    page.goto("/search?q=pump")
    before = page.locator("nav.tabs [aria-current] .count").inner_text()

    person.press(page.locator(".facets > summary"))
    person.press(page.locator("nav.facet-lists a", has_text="Hydronics").first)

    expect(page.locator("#search-box")).to_have_value("pump domain:hydronics")
    assert int(page.locator("nav.tabs [aria-current] .count").inner_text()) < int(before)
    person.press(page.locator(".chips a", has_text="Hydronics"))
    expect(page.locator("#search-box")).to_have_value("pump")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_without_scripts_the_page_narrows_and_pages(open_as: Opens, width: int) -> None:
    page = open_as(MEMBER, width=width, script=False).page
    page.goto("/search?q=pump")

    if width == PHONE:
        page.locator(".facets > summary").click()
    page.locator("nav.facet-lists a", has_text="Hydronics").first.click()
    page.get_by_role("link", name="Next").click()

    expect(page).to_have_url(re.compile(r"domain.*page=2"))
    expect(page.locator(".list-row").first).to_be_visible()
