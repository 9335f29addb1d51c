"""The page checkers find planted faults, and nothing in a sound page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.axe import violations
from tests.browser.htmlvalidate import problems, problems_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SOUND = """<!doctype html>
<html lang="en">
<head><title>A page</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'self'"></head>
<body><main><h1>A page</h1><p>Words.</p></main></body>
</html>
"""


def test_a_sound_page_has_no_problems() -> None:
    assert problems(SOUND) == []


@pytest.mark.parametrize(
    ("planted", "rule"),
    [
        ("<span><div>block in a line</div></span>", "element-permitted-content"),
        ('<p id="a">one</p><p id="a">two</p>', "no-dup-id"),
        ('<p style="color: red">red</p>', "no-inline-style"),
        ('<img src="chart.png">', "wcag/h37"),
        ("<p>never closed</div>", "close-order"),
    ],
)
def test_a_planted_fault_is_found(planted: str, rule: str) -> None:
    found = problems(SOUND.replace("<p>Words.</p>", planted))

    assert any(f"({rule})" in problem for problem in found), found


def test_pages_keep_their_order() -> None:
    faulty = SOUND.replace('<html lang="en">', '<html lang="en"><html>')

    first, second, third = problems_of([SOUND, faulty, SOUND])

    assert (first, third) == ([], [])
    assert second


@pytest.mark.browser
def test_axe_finds_a_planted_fault_behind_a_strict_policy(chromium: Browser) -> None:
    page = chromium.new_page()
    page.set_content(SOUND)
    sound = violations(page)
    page.set_content(SOUND.replace("<p>Words.</p>", "<p><input></p>"))
    faulty = violations(page)
    page.close()

    assert sound == []
    assert [found.split(":")[0] for found in faulty] == ["label"]
