"""What an import of a wiki decides."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from iocop.imports.mediawiki.plan.credits import Origin, credit, licence_at, pages_at
from iocop.imports.mediawiki.plan.fates import OTHER, TALK, Fate, fate_of
from iocop.imports.mediawiki.plan.people import is_anonymous, name_of, unaddressed
from iocop.imports.mediawiki.plan.redirects import IN_A_CIRCLE, end_of, target_in
from iocop.imports.mediawiki.plan.renewal import spread
from iocop.imports.mediawiki.records import Revision

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("namespace", "model", "expected"),
    [(0, "wikitext", Fate.ARTICLE), (4, "wikitext", Fate.ARTICLE), (12, "text", Fate.ARTICLE), (14, "wikitext", Fate.TAG),
     (1, "wikitext", TALK), (829, "Scribunto", TALK), (2600, "flow-board", OTHER)],
)  # fmt: skip
def test_what_becomes_of_a_page(namespace: int, model: str, expected: object) -> None:
    assert fate_of(namespace, model) == expected


@pytest.mark.parametrize("model", ["css", "javascript", "json", "sanitized-css", "Scribunto"])
def test_pages_of_other_kinds_stay_behind(model: str) -> None:
    assert str(fate_of(0, model)) == f"pages of another kind than text: {model}"


@pytest.mark.parametrize(
    ("text", "marked", "expected"),
    [
        ("#REDIRECT [[Pump_house#Use|x]]", False, "Pump house"),
        ("  #redirect: [[Pump]]\nmore", False, "Pump"),
        ("#PĀRVIRZĪT [[Pump]]", True, "Pump"),
        ("#PĀRVIRZĪT [[Pump]]", False, None),
        ("# [[Pump]]", True, None),
        ("#REDIRECT Pump", False, None),
        ("Pump", False, None),
    ],
)
def test_where_a_redirect_leads(text: str, *, marked: bool, expected: str | None) -> None:
    assert target_in(text, marked=marked) == expected


def test_chains_are_followed_and_circles_found() -> None:
    steps = {"a": "b", "b": "c", "x": "y", "y": "x", "z": "x"} | {f"n{i}": f"n{i + 1}" for i in range(50)}

    assert end_of("a", steps.get) == "c"
    assert end_of("z", steps.get) == end_of("x", steps.get) == IN_A_CIRCLE
    assert end_of("n0", steps.get) == IN_A_CIRCLE


@pytest.mark.parametrize(
    ("user", "is_address", "name", "anonymous"),
    [("Ann", False, "Ann", False), ("en>Ann", False, "Ann", False), ("10.0.0.1", True, None, True),
     ("10.0.0.1", False, None, True), (None, False, None, False)],
)  # fmt: skip
def test_who_has_a_name(user: str | None, *, is_address: bool, name: str | None, anonymous: bool) -> None:
    revision = Revision(NOW, user=user, is_address=is_address)

    assert (name_of(revision), is_anonymous(revision)) == (name, anonymous)


def test_addresses_of_the_internet_are_not_passed_on() -> None:
    said = "by 10.1.2.3, 2001:db8::1 and 10.1.2.xxx; 1.2.3.4.5 and 12:30:15 stay"

    assert unaddressed(said, "someone") == "by someone, someone and someone; 1.2.3.4.5 and 12:30:15 stay"
    assert unaddressed("127.0.0.1 10.1.2.3", "x", {"10.1.2.3"}) == "127.0.0.1 x"


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("https://ltg.wikipedia.org/wiki/Main", "https://ltg.wikipedia.org/wiki/"),
        ("http://wiki.example/index.php?title=Main_Page", "http://wiki.example/index.php?title="),
        ("https://wiki.example", ""),
        ("file:///x", ""),
        ("", ""),
    ],
)
def test_where_pages_stand(base: str, expected: str) -> None:
    assert pages_at(base) == expected


def test_only_known_wikis_tell_their_licence() -> None:
    assert licence_at("https://ltg.wikipedia.org/wiki/Main") == "CC BY-SA 4.0"
    assert licence_at("https://wikipedia.org.example/wiki/Main") is None
    assert licence_at("") is None


@pytest.mark.parametrize(
    ("names", "others", "expected"),
    [
        ([], 0, "by unnamed authors on Pumps, CC0"),
        (["Ann", "Bob"], 0, "by Ann, Bob on Pumps, CC0"),
        (["Ann"], 4, "by Ann and 4 more on Pumps, CC0"),
    ],
)
def test_whom_an_article_credits(names: list[str], others: int, expected: str) -> None:
    assert str(credit(names, others, Origin("Pumps", "CC0"))) == expected


def test_reviews_are_spread_over_the_whole_time() -> None:
    days = sorted(
        (spread("reference", NOW, f"page-{number}") - NOW) / timedelta(days=1) for number in range(1000)
    )

    assert 0 < days[0] < 10
    assert 720 < days[-1] <= 731
    assert max(late - early for early, late in pairwise(days)) < 15
