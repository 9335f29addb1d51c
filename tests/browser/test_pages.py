"""Every page, as everybody who may see it, in a real browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from iocop import create_app
from iocop.core.settings import Settings
from tests.browser.axe import violations
from tests.browser.htmlvalidate import problems_of
from tests.browser.links import doors, through
from tests.browser.pages import ELSEWHERE, itinerary, look_at
from tests.browser.person import GUEST, MEMBER, Person
from tests.browser.practice import NOTHING_WRITTEN

if TYPE_CHECKING:
    from flask import Flask
    from playwright.sync_api import Browser

    from tests.browser.conftest import Opens
    from tests.browser.pages import Look
    from tests.browser.site import Site

pytestmark = pytest.mark.browser


@pytest.fixture(scope="package")
def routes(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An application that is asked for its addresses alone."""
    return create_app(Settings(data_dir=tmp_path_factory.mktemp("routes"), demo=True, log_level="ERROR"))


@pytest.fixture(scope="package")
def looks(chromium: Browser, site: Site, routes: Flask) -> list[Look]:
    """One walk through the site for all tests of this file: loading a page is what takes time."""
    found = []
    for who, paths in itinerary(routes, site):
        person = Person(chromium, site).sign_in(who)
        found += [look for path in paths if (look := look_at(person, who, path))]
        person.close()
    for door in doors(site):
        person = through(chromium, site, door)
        found += [look for look in [look_at(person, door.who, door.path)] if look]
        person.close()
    return found


def test_every_page_is_looked_at(looks: list[Look], routes: Flask) -> None:
    addresses = routes.url_map.bind("localhost")
    seen = {addresses.match(look.path.split("?")[0])[0] for look in looks if look.path != "/nowhere"}
    pages = {rule.endpoint for rule in routes.url_map.iter_rules() if "GET" in (rule.methods or ())}
    leading_on = {"forums.post", "members.me"}

    assert pages - seen == ELSEWHERE | leading_on


def test_axe_finds_nothing_in_light(looks: list[Look]) -> None:
    assert {str(look): look.light for look in looks if look.light} == {}


def test_axe_finds_nothing_in_dark(looks: list[Look]) -> None:
    assert {str(look): look.dark for look in looks if look.dark} == {}


def test_a_page_fits_a_small_phone(looks: list[Look]) -> None:
    assert {str(look): look.narrow for look in looks if look.narrow} == {}


def test_a_page_is_whole_in_letters_of_twice_the_size(looks: list[Look]) -> None:
    assert {str(look): look.large for look in looks if look.large} == {}


def test_the_html_of_a_page_is_valid(looks: list[Look]) -> None:
    found = zip(looks, problems_of([look.html for look in looks]), strict=True)

    assert {str(look): problems for look, problems in found if problems} == {}


def test_a_page_asks_no_other_host_breaks_no_policy_and_misses_nothing(looks: list[Look]) -> None:
    complaints = {look.path: look.complaints for look in looks if look.complaints}

    expected = {"/nowhere": ["404:"], NOTHING_WRITTEN: ["404:"]}
    assert {path: [one[:4] for one in found] for path, found in complaints.items()} == expected


@pytest.mark.parametrize(
    ("who", "path", "button"),
    [(GUEST, "/join", "Join"), (GUEST, "/sign-in", "Sign in"), (MEMBER, "/ask", "Post it")],
)
def test_a_refused_form_says_what_to_mend_to_everybody(
    open_as: Opens, who: str, path: str, button: str
) -> None:
    person = open_as(who)
    page = person.page
    page.goto(path)
    with page.expect_navigation() as navigation:
        page.locator("main").get_by_role("button", name=button).click()

    assert navigation.value.status == 422
    assert page.locator(".error-summary a, .field-error").count() > 0
    assert violations(page) == []
    assert problems_of([navigation.value.text()]) == [[]]
    assert [found[:4] for found in person.complaints.found] == ["422:"]
    person.complaints.found.clear()


@pytest.mark.theory("2.40")
def test_a_thread_shows_no_organizations_logo(looks: list[Look]) -> None:
    threads = [look for look in looks if re.match(r"/t/\d+($|\?)", look.path)]
    pictures = {src for look in threads for src in re.findall(r'<img[^>]+src="([^"]+)"', look.html)}

    assert len(threads) >= 4
    assert all("author-line" in look.html for look in threads)
    assert [src for src in pictures if not re.match(r"/id/[^/]+/photo|/attachments/", src)] == []
