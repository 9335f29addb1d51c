"""A page's frame: few requests, kept for long, and right for who is looking."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

from iocop.core import assets, policy
from iocop.core.site import change_site
from tests.client import Browser
from tests.factories import make_member

if TYPE_CHECKING:
    from flask import Flask

REQUESTS = 6


class Waiting:
    def __init__(self, unread: int, queue: int) -> None:
        self.unread, self.queue = unread, queue


def loaded(page: BeautifulSoup) -> set[str]:
    """What a browser fetches for a page, and what its style sheet names."""
    found = {str(tag["href"]) for tag in page.select("link[rel=stylesheet], link[rel=icon]")}
    found |= {str(tag["src"]) for tag in page.select("script[src], img[src]")}
    return found | {str(tag["href"]).split("#")[0] for tag in page.select("use[href]")}


def test_a_page_is_few_requests(pages: Flask) -> None:
    page = Browser(pages).page("/ground/kept")

    assert 1 + len(loaded(page)) + 1 <= REQUESTS  # the page, what it loads, and the typeface


def test_what_a_page_loads_is_sent_compressed_and_kept_for_ever(pages: Flask) -> None:
    browser = Browser(pages)
    for address in loaded(browser.page("/ground/kept")):
        plain = browser.get(address)
        zipped = browser.get(address, headers={"Accept-Encoding": "gzip"})

        assert plain.status_code == 200
        assert gzip.decompress(zipped.data) == plain.data
        assert zipped.headers["Content-Encoding"] == "gzip"
        assert "immutable" in zipped.headers["Cache-Control"]
        assert zipped.headers["Vary"] == "Accept-Encoding"
        assert browser.get(address, headers={"If-None-Match": plain.headers["ETag"]}).status_code == 304


def test_the_one_sheet_and_module_hold_all_parts_in_order(pages: Flask) -> None:
    browser = Browser(pages)
    sheet = browser.get("/assets/0/site.css").text
    module = browser.get("/assets/0/site.js").text

    assert (
        sheet.index("@layer tokens, base") < sheet.index("@layer base {") < sheet.index("@layer components {")
    )
    assert module.count("\n}\n") >= len(assets.JOINED["site.js"])
    for address in re.findall(r'url\("([^"]+)"\)', sheet):
        found = browser.get(address)
        assert found.status_code == 200
        found.close()


def test_an_old_address_gives_what_is_new_but_not_for_long(pages: Flask) -> None:
    answer = Browser(pages).get("/assets/0000000000/site.css")

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "path", ["none.css", "../pyproject.toml", "../iocop/core/db.py", "css/../../app.py", "img", "css/x.svg"]
)
def test_only_files_of_the_static_folder_are_sent(pages: Flask, path: str) -> None:
    assert Browser(pages).get(f"/assets/0/{path}").status_code == 404


def test_an_accent_has_a_sheet_of_its_own(pages: Flask) -> None:
    browser = Browser(pages)
    with pages.app_context():
        change_site(accent="#7A1F5C")

    page = browser.page("/ground/kept")
    address = next(address for address in loaded(page) if "accent" in address)
    sheet = browser.get(address)

    assert address == "/assets/accent-7a1f5c.css"
    assert "--accent: light-dark(#7a1f5c, #" in sheet.text
    assert sheet.mimetype == "text/css"


@pytest.mark.parametrize("colour", ["ffff00", "7A1F5C", "zzzzzz", "7a1f5", "7a1f5c00"])
def test_an_accent_that_cannot_be_has_no_sheet(pages: Flask, colour: str) -> None:
    assert Browser(pages).get(f"/assets/accent-{colour}.css").status_code == 404


def test_a_guest_is_shown_the_way_in_and_a_member_their_pages(pages: Flask) -> None:
    with pages.app_context():
        member = Browser(pages).sign_in(make_member(name="Ada Lovelace"))

    guest_head = Browser(pages).page("/ground/kept").select_one(".site-header")
    member_head = member.page("/ground/closed").select_one(".site-header")

    assert guest_head
    assert member_head
    assert guest_head.select_one("a[href='/join']")
    assert not member_head.select_one("a[href='/join']")
    assert "Ada Lovelace" in member_head.text
    assert "Ada Lovelace" not in guest_head.text
    assert not member_head.select_one(".badge")


def test_the_header_says_what_waits_and_asks_once(pages: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def waiting(looking: object) -> Waiting:
        asked.append(looking)
        return Waiting(unread=3, queue=1)

    monkeypatch.setitem(policy._providers, "header", waiting)
    with pages.app_context():
        member = Browser(pages).sign_in(make_member())

    page = member.page("/ground/closed")
    badge = page.select_one(".site-header .badge")

    assert badge
    assert badge.text.split() == ["3", "unread"]
    assert len(asked) == 1
    assert page.select_one(".menu-panel a[href='/moderation']")
    Browser(pages).page("/ground/kept")
    assert len(asked) == 1  # nothing waits for a guest


def test_the_place_in_the_site_is_marked(pages: Flask) -> None:
    page = Browser(pages).page("/forums")
    here = page.select(".site-nav [aria-current]")

    assert [(link["href"], link["aria-current"]) for link in here] == [("/forums", "page")]


def test_the_frame_is_written_anew_when_the_site_changes(pages: Flask) -> None:
    browser = Browser(pages)
    browser.page("/ground/kept")
    with pages.app_context():
        change_site(name="Plantroom Guild", tagline="Controls that work")

    page = browser.page("/ground/kept")
    brand, colophon = page.select_one(".brand"), page.select_one(".colophon")

    assert brand
    assert colophon
    assert brand.text.strip() == "Plantroom Guild"
    assert colophon.text == "Plantroom Guild: Controls that work"
