"""Each script does its one thing in a real browser, under the site's own content policy."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jinja2 import Environment, FileSystemLoader
from playwright.sync_api import sync_playwright
from wtforms import Form, StringField, TextAreaField

from iocop.core.web import HEADERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page, Route

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
SITE = "http://community.test"


class Answer(Form):
    title = StringField("Title")
    body = TextAreaField("Text")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium-headless-shell"), args=["--no-sandbox"]
        )
        yield browser
        browser.close()


class Site:
    """A page of one's own at an address that only this browser knows; *asked* keeps what was requested of it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.html = ""
        self.asked: list[tuple[str, str]] = []
        self.answers: dict[str, tuple[int, str, str]] = {}
        page.route("**/*", self._answer)

    def open(self, body: str, *scripts: str, path: str = "/") -> Page:
        tags = "".join(f'<script type="module" src="/static/js/{name}.js"></script>' for name in scripts)
        self.html = f'<!doctype html><html lang="en"><head><title>A page</title>{tags}</head><body>{body}</body></html>'
        self.page.goto(SITE + path)
        return self.page

    def _answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(SITE)
        if path.startswith("/static/"):
            route.fulfill(path=ROOT / path.removeprefix("/"), content_type="text/javascript")
            return
        self.asked.append((route.request.method, path))
        status, kind, text = self.answers.get(path.split("?")[0], (200, "text/html", self.html))
        route.fulfill(status=status, body=text, headers={"Content-Type": kind} | HEADERS)


@pytest.fixture
def site(chromium: Any) -> Iterator[Site]:
    context = chromium.new_context()
    yield Site(context.new_page())
    context.close()


@pytest.fixture(scope="module")
def editor() -> Callable[..., str]:
    """The editor of the templates, in a form."""
    jinja = Environment(loader=FileSystemLoader(ROOT / "templates"), autoescape=True)
    jinja.globals.update(_=str, asset=lambda path: f"/static/{path}")

    def form(**urls: str) -> str:
        macro: Any = jinja.get_template("_macros/editor.html").module
        field = macro.editor(Answer().body, **urls)
        return f'<form method="post" action="/answers"><input name="title" value="Low">{field}</form>'

    return form


def moment(**ago: float) -> str:
    return (datetime.now(UTC) - timedelta(**ago)).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize(
    ("ago", "shown"),
    [
        ({"minutes": 20.5}, "20 minutes ago"),
        ({"days": 1.1}, "yesterday"),
        ({"days": 90}, "12 Mar 2026, 14:05"),
    ],
    ids=["minutes", "a day", "long ago stays a date"],
)
def test_a_time_becomes_relative_and_keeps_the_exact_moment(
    site: Site, ago: dict[str, float], shown: str
) -> None:
    time = f'<time datetime="{moment(**ago)}" data-relative>12 Mar 2026, 14:05</time>'

    found = site.open(time, "relative_time").locator("time")

    assert (found.text_content(), found.get_attribute("title")) == (shown, "12 Mar 2026, 14:05")


def test_a_slash_goes_to_the_search_field_but_can_be_typed(site: Site) -> None:
    page = site.open('<input id="site-search" aria-label="Search">', "shortcuts")

    page.keyboard.press("/")
    page.keyboard.type("AND/OR")

    assert page.input_value("#site-search") == "AND/OR"


def test_j_and_k_walk_through_the_posts(site: Site) -> None:
    page = site.open(
        "".join(f'<article data-post id="p{n}" tabindex="-1">Post</article>' for n in (1, 2, 3)), "shortcuts"
    )
    walked = []

    for key in "jjjjk":
        page.keyboard.press(key)
        walked.append(page.evaluate("document.activeElement.id"))

    assert walked == ["p1", "p2", "p3", "p3", "p2"]


CONFIRM = """<form method="post" action="/removed"><button data-confirm="Remove it?">Remove</button></form>
<dialog id="confirm"><form method="dialog" action="#"><p class="question"></p>
<button value="no">Keep it</button><button value="yes">Go on</button></form></dialog>"""


@pytest.mark.parametrize(("reply", "sent"), [("Keep it", False), ("Go on", True)])
def test_an_act_that_cannot_be_undone_is_asked_once(site: Site, reply: str, sent: bool) -> None:
    page = site.open(CONFIRM, "confirm", "double_submit")

    page.click("text=Remove")
    question = page.text_content(".question")
    page.click(f"text={reply}")
    page.wait_for_timeout(100)

    assert question == "Remove it?"
    assert (("POST", "/removed") in site.asked) is sent


def test_a_form_pressed_twice_is_sent_once(site: Site) -> None:
    page = site.open('<form method="post" action="/answers"><button>Send</button></form>', "double_submit")

    page.evaluate(
        """addEventListener("submit", (event) => {
             window.sent = (window.sent ?? 0) + !event.defaultPrevented;
             event.preventDefault();
           })"""
    )
    for _ in range(2):
        page.locator("button").evaluate("button => button.click()")

    assert page.evaluate("window.sent") == 1


def test_a_menu_closes_on_escape_and_gives_the_focus_back(site: Site) -> None:
    page = site.open('<details class="menu"><summary>Me</summary><a href="#x">Profile</a></details>', "menu")

    page.click("summary")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")

    assert page.evaluate("[document.querySelector('.menu').open, document.activeElement.tagName]") == [
        False,
        "SUMMARY",
    ]


def test_a_chosen_theme_shows_at_once(site: Site) -> None:
    page = site.open(
        '<form data-theme-choice><input type="radio" name="theme" value="dark" aria-label="Dark"></form>',
        "theme",
    )

    page.check("input")

    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_marks_surround_what_was_chosen(site: Site, editor: Callable[..., str]) -> None:
    page = site.open(editor(), "editor")
    page.fill("textarea", "low flow\nhigh return")

    page.evaluate("document.querySelector('textarea').setSelectionRange(0, 3)")
    page.click("button[title=Bold]")
    page.evaluate("document.querySelector('textarea').setSelectionRange(0, 30)")
    page.click("button[title=List]")

    assert page.input_value("textarea") == "- **low** flow\n- high return"


def test_a_preview_comes_from_the_renderer_of_the_site(site: Site, editor: Callable[..., str]) -> None:
    site.answers["/preview"] = (200, "text/html", "<p>As it <em>will</em> look</p>")
    page = site.open(editor(preview_url="/preview"), "editor")

    page.click("[data-preview]")

    assert page.locator("[data-preview-pane] em").text_content() == "will"


@pytest.mark.parametrize(
    ("status", "told", "text", "said"),
    [
        (200, {"markdown": "[trend.csv](/files/1)"}, "[trend.csv](/files/1)\n", ""),
        (413, {"reason": "It is too large."}, "", "That file was not taken: It is too large."),
    ],
    ids=["taken", "refused"],
)
def test_a_file_is_uploaded_where_the_cursor_stands(
    site: Site, editor: Callable[..., str], status: int, told: dict[str, str], text: str, said: str
) -> None:
    site.answers["/files"] = (status, "application/json", json.dumps(told))
    page = site.open(editor(upload_url="/files"), "editor")

    with page.expect_response("**/files"):
        page.set_input_files(
            "input[type=file]", {"name": "trend.csv", "mimeType": "text/csv", "buffer": b"1,2"}
        )
    page.wait_for_function("said => document.querySelector('[data-status]').textContent === said", arg=said)

    assert page.input_value("textarea") == text


def test_a_draft_is_kept_and_comes_back(site: Site, editor: Callable[..., str]) -> None:
    site.answers["/drafts"] = (204, "text/plain", "")
    form = editor(draft_url="/drafts", draft_key="topic-1")
    page = site.open(form, "editor")

    page.fill("textarea", "Half a thought")
    page.wait_for_function("() => document.querySelector('[data-status]').textContent === 'Draft kept'")

    assert ("POST", "/drafts") in site.asked
    assert site.open(form, "editor").input_value("textarea") == "Half a thought"


@pytest.mark.parametrize(
    ("landed", "left"),
    [("/topic#post-2", ""), ("/sign-in", "Sent at last")],
    ids=["arrived", "session ended"],
)
def test_a_sent_text_is_forgotten_only_when_it_arrived(
    site: Site, editor: Callable[..., str], landed: str, left: str
) -> None:
    form = editor(draft_key="topic-1")
    page = site.open(form, "editor")
    page.fill("textarea", "Sent at last")

    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    site.open(form, "editor", path=landed)

    assert page.input_value("textarea") == left


def test_similar_titles_appear_while_one_is_typed(site: Site) -> None:
    site.answers["/similar"] = (200, "text/html", "<ul><li>Low delta T</li></ul>")
    page = site.open(
        '<input data-similar-url="/similar" data-similar-into="s" aria-label="Title"><div id="s" hidden></div>',
        "similar",
    )

    page.locator("input").press_sequentially("Low delta at part load")
    page.wait_for_selector("#s li")

    assert [path for _, path in site.asked if path.startswith("/similar")] == [
        "/similar?title=Low+delta+at+part+load"
    ]


def test_a_link_is_copied_and_says_so(site: Site) -> None:
    page = site.open('<a href="/t/1#post-2" data-copy-link data-copied="Copied">Link</a>', "copy_link")
    page.evaluate(
        "Object.defineProperty(navigator, 'clipboard', {value: {writeText: async (t) => { window.copied = t; }}})"
    )

    page.click("a")

    page.wait_for_function("() => document.querySelector('a').textContent === 'Copied'")
    assert page.evaluate("window.copied") == f"{SITE}/t/1#post-2"


OFFERED = """<div data-said="2 suggestions">
<div role="option" aria-selected="false" data-address="/t/1"><span>Pump</span></div>
<div role="option" aria-selected="false" data-address="/t/2"><span>Pumps</span></div></div>"""
BOX = """<form action="/search"><div><input id="box" name="q" aria-label="Search" data-suggest="/suggest"
data-suggest-label="Suggestions"></div></form>"""
TYPED = """typed => {
  const box = document.getElementById("box");
  for (let length = 1; length <= typed.length; length += 1) {
    box.value = typed.slice(0, length);
    box.dispatchEvent(new Event("input"));
  }
}"""
"""Faster than any machine presses keys one after another."""


def offered(site: Site, typed: str) -> Page:
    site.answers["/suggest"] = (200, "text/html", OFFERED)
    page = site.open(BOX, "suggest")
    page.focus("#box")
    page.evaluate(TYPED, typed)
    page.wait_for_selector("[role=option]")
    return page


def standing(page: Page) -> tuple[str | None, str | None]:
    """Return which option the box says is chosen, and which says so itself."""
    chosen = page.locator("[aria-selected=true]")
    return (
        page.get_attribute("#box", "aria-activedescendant"),
        chosen.get_attribute("id") if chosen.count() else None,
    )


def test_what_is_offered_is_announced_and_asked_for_once(site: Site) -> None:
    page = offered(site, "pump")

    assert [path for _, path in site.asked if path.startswith("/suggest")] == ["/suggest?q=pump"]
    assert page.get_attribute("#box", "aria-expanded") == "true"
    assert page.text_content("[role=status]") == "2 suggestions"
    assert page.get_attribute("[role=listbox]", "aria-label") == "Suggestions"


def test_arrows_walk_through_what_is_offered_and_back_to_the_box(site: Site) -> None:
    page = offered(site, "pump")
    walked = []

    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp"):
        page.keyboard.press(key)
        walked.append(standing(page))

    first, second = "box-suggestions-0", "box-suggestions-1"
    assert walked == [(first, first), (second, second), (None, None), (second, second)]
    assert page.input_value("#box") == "pump"


def test_enter_opens_what_is_chosen_and_else_searches(site: Site) -> None:
    page = offered(site, "pump")
    page.keyboard.press("ArrowDown")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url == f"{SITE}/t/1"

    page = offered(site, "pump")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url == f"{SITE}/search?q=pump"


def test_escape_closes_what_is_offered_and_keeps_what_was_typed(site: Site) -> None:
    page = offered(site, "pump")

    page.keyboard.press("Escape")

    assert page.locator("[role=listbox]").is_hidden()
    assert page.input_value("#box") == "pump"
    assert page.get_attribute("#box", "aria-expanded") == "false"


def test_a_press_on_what_is_offered_opens_it(site: Site) -> None:
    page = offered(site, "pump")

    with page.expect_navigation():
        page.click("text=Pumps")

    assert page.url == f"{SITE}/t/2"
