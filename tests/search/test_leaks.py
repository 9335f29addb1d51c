"""Whoever looks, by whatever way: nothing of what they may not read appears, not even in a count."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from iocop.core import mail, outbox
from iocop.core.db import db
from iocop.core.limits import limiter
from iocop.core.models import MailRow
from iocop.search import alerts
from iocop.search.looking import write_gathered
from iocop.spaces.policy import may_read
from tests.conftest import empty
from tests.search.factories import index_all
from tests.search.leaking import (
    LURE,
    MEMBERS,
    VIEWERS,
    Case,
    Site,
    contribution,
    make_site,
    searching_with,
    word,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from tests.client import Browser

ENGINES: Final = ("whoosh", "postgresql")
TABS: Final = {"topics": 1, "articles": 2, "files": 1}
"""What each case has under a tab."""
_OF_A_REQUEST: Final = re.compile(r'value="[\w.-]{60,}"|(?<=nonce-)[\w-]+|[?&]v=\w+')


@pytest.fixture(scope="module", params=ENGINES)
def there(request: pytest.FixtureRequest, shared_app: Flask) -> Iterator[Site]:
    """The whole site, indexed once for each database and engine."""
    with shared_app.app_context(), searching_with(shared_app, request.param):
        empty(shared_app)
        limiter.reset()
        index_all()
        alerts.look_through_new()
        site = make_site(shared_app)
        index_all()
        while alerts.look_through_new():
            pass
        outbox.deliver_all()
        mail.send_due()
        yield site
        db.session.remove()


def text_of(browser: Browser, address: str) -> str:
    answer = browser.peek(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.get_data().decode() + str(answer.headers)


def told(site: Site, who: str, text: str, *but: str) -> list[str]:
    """Return the words of unreadable things that stand in a text."""
    lowered = text.lower()
    return [
        f"{who} reads the {thing} of {case.label} in {case.audience}"
        for case in site.closed(who)
        for thing, secret in case.words.items()
        if secret in lowered and secret not in but
    ]


def counts(page: str) -> dict[str, int]:
    """Return the figures of a page's tabs."""
    tabs = BeautifulSoup(page, "html.parser").select(".tabs a")
    return {tab.contents[0].get_text(strip=True).lower(): int(tab.select_one(".count").text) for tab in tabs}  # type: ignore[union-attr]


def facets(page: str) -> dict[str, dict[str, int]]:
    """Return by heading the values of each facet with their figures."""
    found = {}
    for part in BeautifulSoup(page, "html.parser").select(".facet-lists section"):
        links = [link for link in part.select("li a") if link.select_one(".count")]
        found[part.select_one("h2").text] = {  # type: ignore[union-attr]
            link.select_one("span").text: int(link.select_one(".count").text)  # type: ignore[union-attr]
            for link in links
        }
    return found


def test_the_table_of_who_reads_what_is_the_policys(there: Site) -> None:
    for who in VIEWERS:
        for case in there.cases:
            verdicts = {bool(may_read(there.viewer(who), contribution(key))) for key in case.ids}
            assert verdicts == {who in case.readers}, (who, case.audience, case.label)


@pytest.mark.parametrize("who", VIEWERS)
def test_a_search_for_all_finds_and_counts_what_may_be_read(there: Site, who: str) -> None:
    browser, cases = there.browsers[who], there.readable(who)
    rooms = [room for room in there.rooms.values() if room.id in _spaces(there, who)]
    expected = {tab: each * len(cases) for tab, each in TABS.items()} | {"spaces": len(rooms)}
    for tab in (*TABS, "spaces", "members", "organizations"):
        for number in (1, 2) if tab == "articles" else (1,):
            page = text_of(browser, f"/search?q={LURE}&kind={tab}&page={number}")
            assert told(there, who, page) == []
            assert _unsaid(there, who, page) == []
            assert counts(page) == expected | {"members": 0, "organizations": 0}
    for tab, of in (("topics", "tag"), ("articles", "product"), ("files", "tag")):
        page = text_of(browser, f"/search?q={LURE}&kind={tab}")
        shown = facets(page)
        if len(cases) > 1:
            assert shown[of.capitalize()] == {case.words[of]: 1 for case in cases}
            by = {name for case in cases for name in case.signed if name.endswith("Works")}
            if tab != "articles":
                assert shown["Organization at the time"] == dict.fromkeys(by, 1)
        closed = {name for case in there.closed(who) for name in case.signed}
        assert [name for name in closed if name in page] == []


def _spaces(there: Site, who: str) -> frozenset[int]:
    from iocop.spaces.queries import scope_of

    return scope_of(there.viewer(who)).spaces


def _unsaid(there: Site, who: str, page: str) -> list[str]:
    """Return the names of rooms that are closed to somebody and stand on a page."""
    mine = _spaces(there, who)
    return [
        audience
        for audience, room in there.rooms.items()
        if room.id not in mine and any(word(audience, of) in page for of in ("room", "about"))
    ]


@pytest.mark.parametrize("who", VIEWERS)
def test_each_thing_is_found_by_its_readers_by_every_way(there: Site, who: str) -> None:
    browser = there.browsers[who]
    for case in there.cases:
        reads = who in case.readers
        pages = {
            "found": text_of(browser, f"/search?q={case.key}"),
            "articles": text_of(browser, f"/search?q={case.key}&kind=articles"),
            "files": text_of(browser, f"/search?q={case.key}&kind=files"),
        }
        if who != "guest":
            pages["similar"] = text_of(
                browser, f"/search/similar?title=About+{case.key}+{case.words['title']}"
            )
        for thing in ("title", "article", "term", "tag"):
            pages[thing] = text_of(browser, f"/search/suggest?q={case.words[thing][:8]}")
        for way, page in pages.items():
            assert told(there, who, page) == [], way
            seen = [secret for secret in case.words.values() if secret in page]
            assert bool(seen) is reads, (who, way, case.audience, case.label)
        assert counts(pages["found"])["topics"] == int(reads)


@pytest.mark.parametrize("who", VIEWERS)
def test_what_is_unreadable_is_answered_like_what_does_not_exist(there: Site, who: str) -> None:
    """The very page of a word that no text has, but for the word: counts, chips, problems, facets and all."""
    nothing: dict[tuple[str, str], str] = {}
    for case in there.closed(who):
        for secrets, form, tab in _asked(case):
            if (form, tab) not in nothing:
                nonsense = tuple(word("no such thing", secret) for secret in secrets)
                nothing[form, tab] = _blank(there, who, form, nonsense, tab)
            shown = _blank(there, who, form, secrets, tab)
            assert shown == nothing[form, tab], (who, form, case.label, case.audience)


def _asked(case: Case) -> Iterator[tuple[tuple[str, ...], str, str]]:
    every = tuple(case.words.values())
    slips = tuple(secret[:5] + secret[6:] for secret in every)
    yield every[:6], " ".join(["{}"] * 6), "topics"
    yield every[6:], " ".join(["{}"] * 6), "articles"
    yield every[:2], f"{LURE} {{}} -{{}}", "topics"
    yield slips[:4], " ".join(["{}"] * 4), "topics"
    yield slips[5:9], " ".join(["{}"] * 4), "articles"
    yield (case.words["tag"],), f"tag:{{}} {LURE}", "topics"
    yield (case.words["tag"],), f"-tag:{{}} {LURE}", "topics"
    yield (case.words["product"],), f"product:{{}} {LURE}", "articles"
    yield (case.words["version"],), f"version:{{}} {LURE}", "articles"
    if case.audience not in {"public", "members"}:
        yield (word(case.audience, "room"),), f"space:{{}}-{LURE} {LURE}", "topics"


def _blank(there: Site, who: str, form: str, secrets: tuple[str, ...], tab: str) -> str:
    """Return a page with its secrets struck out, and what differs with each request."""
    page = there.browsers[who].peek(f"/search?q={quote(form.format(*secrets))}&kind={tab}").text
    for secret in secrets:
        page = page.replace(secret, "…")
    return _OF_A_REQUEST.sub("", page)


def test_what_everybody_may_read_is_offered_for_a_slip_of_the_pen(there: Site) -> None:
    """So that the test above does not pass because nothing is ever mended."""
    for case in there.cases:
        page = text_of(there.browsers["guest"], f"/search?q={case.words['body'][:5]}{case.words['body'][6:]}")
        assert (case.words["body"] in page) is ("guest" in case.readers)


@pytest.mark.parametrize("who", MEMBERS)
def test_mail_inbox_feeds_and_the_board_tell_what_may_be_read(there: Site, who: str) -> None:
    rows = db.session.scalars(select(MailRow).where(MailRow.recipient_id == there.people[who].id))
    letters = "\n".join(f"{row.subject} {row.body}" for row in rows)
    assert told(there, who, letters) == []
    carried = [case for case in there.readable(who) if case.label != "space"]
    if who != "suspended":
        assert any(case.words["title"] in letters for case in carried)
    for case in there.cases:
        if case.label == "space":
            assert [secret for secret in case.words.values() if secret in letters] == []
    for address in ("/inbox", "/inbox?page=2", "/search/saved"):
        assert told(there, who, text_of(there.browsers[who], address)) == []
    for tab, thing in (("topics", "title"), ("articles", "article"), ("files", "file")):
        _check_feed(there, who, tab, thing)


def _check_feed(there: Site, who: str, tab: str, thing: str) -> None:
    answer = there.browsers["guest"].peek(there.feeds[who, tab])
    if who == "suspended":
        assert answer.status_code == 404
        return
    feed = answer.get_data().decode()
    assert told(there, who, feed) == []
    assert feed.count("<entry>") == min(30, TABS[tab] * len(there.readable(who)))
    shown = {(case.audience, case.label) for case in there.cases if case.words[thing] in feed}
    assert shown == {("public", "public")}


def test_the_board_of_missed_searches_tells_nothing_of_what_only_some_may_read(there: Site) -> None:
    """However many of them look for it, also together with what nobody has."""
    searches = there.browsers["guest"].app.extensions["searches"]
    searches.take()
    for who in VIEWERS:
        for case in there.readable(who):
            there.browsers[who].peek(f"/search?q={case.words['title']}+{case.words['inside']}")
    for who in ("colleague", "named"):
        there.browsers[who].peek(f"/search?q=%22{there.cases[-1].words['title']}+nothing%22")
    write_gathered()

    for who in VIEWERS:
        assert told(there, who, text_of(there.browsers[who], "/repertoire/requests")) == []


def test_a_guest_has_no_saved_searches_and_no_similar_topics(there: Site) -> None:
    for address in ("/search/saved", "/inbox", "/search/similar?title=Some+long+title"):
        assert there.browsers["guest"].peek(address).status_code in {302, 303, 401, 403}
