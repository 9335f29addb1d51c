"""Whoever comes to whichever page is let in as the table says; what a closed room holds shows nowhere else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.client import Browser
from tests.site.addresses import DOORS, Door, addresses
from tests.site.world import LURE, RECLUSE, SECRET, World, closed_room, world

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

LISTS = (
    "/",
    "/forums",
    "/forums/hydronics",
    "/forums/unanswered",
    "/domains",
    "/domains/hydronics",
    "/tags/pumps",
    "/how",
    "/repertoire",
    "/repertoire/how-to",
)
SEARCHES = [
    f"/search?q={LURE}", f"/search?q={LURE}&kind=members", f"/search/similar?title={LURE}", f"/search?q=pumps+{LURE}",
    f"/search?q={LURE}&kind=files", f"/search/suggest?q={LURE}", "/search/suggest?q=pumps", "/members", "/inbox",
]  # fmt: skip
PEOPLE = ("/members", "/id/", "/admin/people", "/moderation/members/", "/moderation/irregularities/")
"""Pages where members are met as persons, whatever they wrote and where."""


def test_the_table_names_every_page(app: Flask) -> None:
    routes = app.url_map.bind("localhost")
    named_ones = (
        "topic", "answer", "article", "proposal", "term", "request", "file", "decision", "grant", "affiliation",
        "member", "space_id", "tag", "saved", "irregularity", "election", "complaint", "rule_set",
        "nomination", "level_review",
    )  # fmt: skip
    keys = {name: number for number, name in enumerate(named_ones, 1)} | {
        "name": "a.png",
        "domain": "hydronics",
        "space": "commons",
        "number": "IOCOP-0000-001X",
    }
    named = {routes.match(address.partition("?")[0], method="GET")[0] for address in addresses(keys)}

    assert named == {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert sum(len(lines.split()) for lines in DOORS.values()) == len(addresses(keys))


def test_every_page_lets_in_whom_it_should(app: Flask) -> None:
    there = world(app)
    expected = addresses(there.keys)

    found = {address: _statuses(there, address) for address in expected}

    assert {key: tuple(door) for key, door in found.items() if door != expected[key]} == {}


def _statuses(there: World, address: str) -> Door:
    return Door(**{who: browser.peek(address).status_code for who, browser in there.doors.items()})


def test_a_closed_rooms_words_show_nowhere_else(app: Flask) -> None:
    there = world(app)
    before = {who: _lists(browser) for who, browser in there.doors.items()}
    closed = closed_room(there)
    inside = Browser(app).sign_in(there.recluse)
    everywhere = [*addresses(there.keys), *addresses(closed), *SEARCHES]

    shown = [
        f"{who} {address}: {word}"
        for who, browser in there.doors.items()
        for address in dict.fromkeys(everywhere)
        for word in _told(browser.peek(address), address, who)
    ]

    assert shown == []
    assert {who: _lists(browser) for who, browser in there.doors.items()} == before
    for address in (
        f"/t/{closed['topic']}",
        f"/a/{closed['article']}",
        "/repertoire",
        "/forums",
        "/forums/hydronics",
        f"/search?q={LURE}",
    ):
        assert SECRET in inside.peek(address).text, f"not even who may read it finds it at {address}"


def _told(page: TestResponse, address: str, who: str) -> list[str]:
    """Return which of the room's words a page tells; an administrator, who opens spaces, knows their names."""
    if who == "administrator" and address.startswith("/admin/spaces"):
        return []
    words = [SECRET] if address.startswith(PEOPLE) else [SECRET, RECLUSE]
    text = (str(page.headers) + page.get_data().decode(errors="replace")).lower()
    for part in address.lower().split("/"):
        text = text.replace(part, "") if SECRET.lower() in part else text  # what was asked may be said back
    return [word for word in words if word.lower() in text]


def _lists(browser: Browser) -> dict[str, str]:
    """Return the lists with their counts, without what differs from one request to the next."""
    return {
        address: re.sub(
            r'(name="(csrf_token|submission_key)" value=)"[^"]*"', r"\1", browser.peek(address).text
        )
        for address in LISTS
    }


def test_a_closed_rooms_pages_are_not_found(app: Flask) -> None:
    there = world(app)
    closed = closed_room(there)
    pages = (
        "/t/{topic}", "/p/{answer}", "/spaces/{space}", "/c/{topic}/history", "/c/{answer}/marks", "/t/{topic}/answer",
        "/p/{answer}/reply", "/p/{answer}/edit", "/p/{answer}/report", "/p/{answer}/accept", "/t/{topic}/close",
        "/a/{article}", "/a/{article}/words", "/p/{article}", "/p/{proposal}", "/repertoire/discussion/{article}",
        "/repertoire/requests/{request}", "/glossary/{term}/names", "/a/{article}/history", "/a/{article}/edit",
        "/repertoire/suggestions/{proposal}", "/a/{article}/keepers", "/a/{article}/confirmations",
        "/a/{article}/credits",
        "/c/{topic}/label", "/c/{topic}/space", "/c/{topic}/remove", "/attachments/{file}/{name}",
    )  # fmt: skip

    found = {
        f"{who} {page}": browser.peek(page.format(**closed)).status_code
        for who, browser in there.doors.items()
        for page in pages
    }

    assert {where: status for where, status in found.items() if status not in {303, 404}} == {}
    assert {where for where, status in found.items() if status == 303} <= {f"guest {page}" for page in pages}
