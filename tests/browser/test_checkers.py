"""The page checkers find planted faults, and nothing in a sound page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.axe import violations
from tests.browser.htmlvalidate import problems, problems_of
from tests.browser.pages import CUT, SPILLS
from tests.browser.person import Complaints

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


@pytest.mark.browser
@pytest.mark.parametrize(
    ("planted", "check"),
    [("<p class=wide>wide</p>", SPILLS), ("<p class=low>words that are cut off below</p>", CUT)],
)
def test_a_line_too_wide_and_a_text_cut_off_are_found(chromium: Browser, planted: str, check: str) -> None:
    rules = "<style>.wide { width: 200vw } .low { height: 4px; overflow: hidden }</style>"
    page = chromium.new_page()
    page.set_content(rules + "<p>Words.</p>")
    sound = page.evaluate(check)
    page.set_content(rules + planted)
    faulty = page.evaluate(check)
    page.close()

    assert sound == []
    assert faulty


@pytest.mark.browser
@pytest.mark.parametrize(
    ("html", "kinds"),
    [
        (SOUND, set()),
        ("<img src='https://elsewhere.example/logo.png'>", {"another host", "failed"}),
        (SOUND.replace("Words.", "<script>document.title = 'inline'</script>"), {"console"}),
        ("<script>throw new Error('planted')</script>", {"script"}),
    ],
    ids=["sound", "another-host", "policy", "script"],
)
def test_a_browsers_complaints_are_heard(chromium: Browser, html: str, kinds: set[str]) -> None:
    complaints = Complaints("iocop.example")
    page = chromium.new_page()
    complaints.listen(page)
    page.route("**/*", lambda route: route.abort("connectionrefused"))

    page.set_content(html, wait_until="networkidle")
    page.close()

    assert {found.split(":")[0] for found in complaints.found} == kinds
