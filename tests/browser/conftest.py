"""One Chromium and one filled site for all browser tests; a test fails on anything its browser complained of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import pytest

from tests.browser.person import GUEST, MEMBER, Person, started_chromium
from tests.browser.site import demo_site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from tests.browser.site import Site


class Opens(Protocol):
    """Opens a browser as somebody: `open_as(MEMBER, theme="dark", width=PHONE, script=False)`."""

    def __call__(self, handle: str = GUEST, **options: Any) -> Person: ...


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    with started_chromium() as browser:
        yield browser


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The served demo; what a test writes stays, so a test looks for its own words only."""
    with demo_site(tmp_path_factory.mktemp("site")) as served:
        yield served


@pytest.fixture
def open_as(chromium: Browser, site: Site) -> Iterator[Opens]:
    opened: list[Person] = []

    def open_browser(handle: str = GUEST, **options: Any) -> Person:
        person = Person(chromium, site, **options)
        opened.append(person)
        return person.sign_in(handle)

    yield open_browser
    for person in opened:
        person.close()
    assert [found for person in opened for found in person.complaints.found] == []


@pytest.fixture
def guest(open_as: Opens) -> Person:
    return open_as()


@pytest.fixture
def member(open_as: Opens) -> Person:
    return open_as(MEMBER)
