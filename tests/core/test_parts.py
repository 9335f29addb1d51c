"""The small parts of the ground: storage, slots, facts, numbered pages, colours, the site's own settings."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from iocop.core import colours, policy, slots
from iocop.core.colours import Colour, contrast, parse
from iocop.core.db import db
from iocop.core.errors import Invalid, Missing, Refused
from iocop.core.pages import LAST_PAGE, Page, asked_page, offset
from iocop.core.policy import ALLOWED, fact, provides, refused, require
from iocop.core.site import Site, change_site, site
from iocop.core.storage import Storage

if TYPE_CHECKING:
    from collections.abc import Collection

    from flask import Flask

    from iocop.core.settings import Settings

KEY = "ab/" + "0" * 30
TOKENS = (Path(__file__).parents[2] / "static" / "css" / "tokens.css").read_text()
some_colour = st.builds(Colour, *(st.integers(0, 255) for _ in range(3)))


# ---------------------------------------------------------------- storage


def test_bytes_come_back_until_they_are_deleted(quiet: Settings) -> None:
    kept = Storage(quiet)
    key = kept.put(b"%PDF-1.7")

    assert kept.get(key) == b"%PDF-1.7"
    kept.delete(key)
    kept.delete(key)
    with pytest.raises(FileNotFoundError):
        kept.get(key)


def test_two_files_never_share_a_name(quiet: Settings) -> None:
    kept = Storage(quiet)

    assert kept.put(b"a") != kept.put(b"a")


@pytest.mark.parametrize(
    "key", ["../../etc/passwd", "ab/../../x", "/etc/passwd", "", KEY + "/..", KEY + "\n", "AB/" + "0" * 30]
)
def test_a_key_that_is_no_key_never_becomes_a_path(quiet: Settings, key: str) -> None:
    kept = Storage(quiet)

    for use in (kept.get, kept.delete):
        with pytest.raises(ValueError, match="not a storage key"):
            use(key)


# ---------------------------------------------------------------- slots and facts


def test_a_slot_is_filled_by_all_who_fill_it_in_one_call_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots, "_fillers", defaultdict(list))
    calls: list[Collection[int]] = []

    def levels(ids: Collection[int]) -> dict[int, Markup]:
        calls.append(ids)
        return {1: Markup("<b>steward</b>")}

    def badges(ids: Collection[int]) -> dict[int, Markup]:
        return {key: Markup("*") for key in ids}

    for filler in (levels, badges, levels):
        slots.fills("author_chip")(filler)

    assert slots.fill("author_chip", [1, 2]) == {1: "<b>steward</b>*", 2: "*"}
    assert calls == [[1, 2]]
    assert slots.fill("author_chip", []) == {}
    assert slots.fill("nobody's", [1]) == {}


def test_a_fact_has_its_default_until_one_feature_provides_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy, "_providers", {})
    assert fact("level", 7, default=0) == 0

    provides("level")(lambda member: member * 2)

    assert fact("level", 7, default=0) == 14
    with pytest.raises(ValueError, match="provided"):
        provides("level")(lambda member: member)


def test_a_refusal_is_raised_with_its_reason() -> None:
    require(ALLOWED)
    with pytest.raises(Refused, match="Voting has closed"):
        require(refused("Voting has closed."))


# ---------------------------------------------------------------- pages


@given(st.integers(1, 500), st.integers(1, 50), st.integers(0, 20_000))
def test_a_pager_shows_the_ends_the_page_and_gaps(number: int, size: int, total: int) -> None:
    page: Page[int] = Page([], number, size, total)
    shown = page.numbers()

    assert (page.count - 1) * size < max(total, 1) <= page.count * size
    assert {1, page.count} <= set(shown)
    assert number in shown or number > page.count
    assert all((a is None or b is None or b == a + 1) and (a, b) != (None, None) for a, b in pairwise(shown))


def test_a_page_knows_its_neighbours() -> None:
    first: Page[int] = Page([], 1, 20, 41)
    last: Page[int] = Page([], 3, 20, 41)

    assert (first.previous, first.following, last.previous, last.following) == (None, 2, 2, None)
    assert offset(3, 20) == 40


@pytest.mark.parametrize("text", ["0", "-1", "x", "1.5", "", "²", str(LAST_PAGE + 1), "9" * 40, "99999999"])
def test_a_page_that_cannot_be_is_missing(shared_app: Flask, text: str) -> None:
    with shared_app.test_request_context(query_string={"page": text}), pytest.raises(Missing):
        asked_page()


@pytest.mark.parametrize(
    ("query", "number"), [({}, 1), ({"page": "1"}, 1), ({"page": str(LAST_PAGE)}, LAST_PAGE)]
)
def test_a_page_is_asked_for_by_its_number(shared_app: Flask, query: dict[str, str], number: int) -> None:
    with shared_app.test_request_context(query_string=query):
        assert asked_page() == number


# ---------------------------------------------------------------- colours


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21),
        ("#777777", "#ffffff", 4.478),
        ("#ff0000", "#ffffff", 3.998),
        ("#1f5fa8", "#1F5FA8", 1),
    ],
)
def test_contrast_is_that_of_the_standard(one: str, other: str, ratio: float) -> None:
    assert contrast(parse(one), parse(other)) == pytest.approx(ratio, abs=0.001)


@given(some_colour, some_colour)
def test_contrast_is_the_same_both_ways(one: Colour, other: Colour) -> None:
    assert contrast(one, other) == contrast(other, one)
    assert 1 <= contrast(one, other) <= 21.000001


@given(some_colour)
def test_every_accent_has_a_shade_that_is_read_in_the_dark(colour: Colour) -> None:
    assert contrast(colours.lightened(colour), parse(colours.DARK_GROUND)) >= colours.READABLE
    assert parse(str(colour)) == colour


def test_the_grounds_are_those_of_the_style_sheet() -> None:
    assert f"--well: light-dark({colours.LIGHT_GROUND}, {colours.DARK_GROUND})" in TOKENS


# ---------------------------------------------------------------- the site's own settings


def test_the_site_is_as_its_administrators_last_set_it(app: Flask, statements: list[str]) -> None:
    assert site() == Site()

    change_site(name="Plantroom Guild", accent="#164A85")
    assert (site().name, site().accent, site().tagline) == ("Plantroom Guild", "#164A85", "")

    db.session.rollback()
    statements.clear()
    site()
    assert len(statements) == 1  # its version alone


@pytest.mark.parametrize("accent", ["#ffff00", "red", "#12345", "#1234567", "url(x)", "#1f5fa8;}*{"])
def test_an_accent_that_cannot_be_read_or_is_none_is_refused(app: Flask, accent: str) -> None:
    with pytest.raises(Invalid) as refusal:
        change_site(accent=accent)

    assert refusal.value.field == "accent"
    assert site().accent == ""


def test_a_setting_nobody_knows_is_refused(app: Flask) -> None:
    with pytest.raises(ValueError, match="no site setting"):
        change_site(colour="#000000")
