"""What makes the site quick in the hand: keys, times, titles, one press."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.pages import SPILLS, long_topic
from tests.browser.person import COLLEAGUE, DESK, GUEST, MEMBER, PHONE, VENDOR

if TYPE_CHECKING:
    from playwright.sync_api import Response

    from tests.browser.conftest import Opens
    from tests.browser.person import Person
    from tests.browser.site import Site

pytestmark = pytest.mark.browser

KILOBYTE = 1024


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_slash_goes_to_the_search(open_as: Opens, width: int) -> None:
    page = open_as(width=width).page
    page.goto("/forums")

    page.keyboard.press("/")

    expect(page.get_by_label("Search everything")).to_be_focused()


def test_a_question_mark_shows_the_keys_and_escape_closes_them(guest: Person) -> None:
    page, keys = guest.page, guest.page.locator("#shortcuts")
    page.goto("/forums")

    page.keyboard.press("?")
    expect(keys).to_be_visible()
    page.keyboard.press("Escape")

    expect(keys).to_be_hidden()


def test_keys_typed_into_a_field_stay_there(member: Person) -> None:
    page = member.page
    page.goto("/ask")

    member.type("Your text", "kPa/m? j")

    expect(page.get_by_label("Your text")).to_have_value("kPa/m? j")
    expect(page.locator("#shortcuts")).to_be_hidden()


def test_arrows_choose_among_the_kinds_of_topic(member: Person) -> None:
    page = member.page
    page.goto("/ask")

    member.tab_to(page.get_by_label("Question: somebody's answer can solve it"))
    page.keyboard.press("ArrowDown")

    expect(page.get_by_label("Discussion: many may be right")).to_be_checked()


def test_j_and_k_walk_through_the_posts(guest: Person, site: Site) -> None:
    page = guest.page
    page.goto(long_topic(site))

    for key in "jjk":
        page.keyboard.press(key)

    expect(page.locator("article.post").first).to_be_focused()


def test_times_are_told_from_now_and_exactly_in_their_title(guest: Person) -> None:
    guest.page.goto("/forums")

    times = guest.page.locator("time[data-relative]")
    told = [(one.inner_text(), str(one.get_attribute("title"))) for one in times.all()]

    assert (
        sum(bool(re.search(r"\bago$|^last week$|^yesterday$|^this minute$", text)) for text, _ in told) >= 3
    )
    assert all(re.fullmatch(r"\d+ \w+ 20\d\d, \d\d:\d\d", exact) for _, exact in told)


@pytest.mark.parametrize("script", [True, False], ids=["scripts", "no-scripts"])
def test_a_double_click_posts_once(open_as: Opens, site: Site, *, script: bool) -> None:
    member = open_as(COLLEAGUE, script=script)
    page, title = member.page, f"Twice pressed, asked once ({script})"
    page.goto("/ask")
    page.get_by_label("Title").fill(title)
    page.get_by_label("Your text").fill("One finger, two presses.")
    page.get_by_label("Hydronics and balancing").check()

    page.get_by_role("button", name="Post it").dblclick()
    page.wait_for_url("**/t/*")

    assert site.rows("select count(*) from topic where title = ?", title) == [(1,)]


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_title_of_one_long_word_fits_every_page_it_stands_on(open_as: Opens, width: int) -> None:
    member, word = open_as(COLLEAGUE, width=width), "Vorlauftemperaturregelung" * 7
    page = member.page
    page.goto("/ask")
    page.get_by_label("Title").fill(word)
    page.get_by_label("Tags").fill(word[:50])
    page.get_by_label("Your text").fill(f"# {word}\n\n`{word}`")
    page.get_by_label("Hydronics and balancing").check()
    page.get_by_role("button", name="Post it").click()
    page.wait_for_url("**/t/*")
    topic = page.url.partition("/t/")[2]

    for path in (
        f"/t/{topic}",
        f"/t/{topic}/close",
        f"/p/{topic}/edit",
        "/",
        "/forums",
        f"/tags/{word[:50].lower()}",
    ):
        page.goto(path)
        expect(page.locator("h1")).to_be_visible()
        assert member.evaluate(SPILLS) == [], path


def test_similar_titles_appear_while_one_is_typed(member: Person) -> None:
    page = member.page
    page.goto("/ask")

    member.type("Title", "Heat meter shows more than flow")

    expect(page.locator("#similar")).to_be_visible()
    expect(page.locator("#similar a[href^='/t/']").first).to_contain_text("meter")


def test_back_returns_to_the_page_of_the_list(guest: Person) -> None:
    page = guest.page
    page.goto("/forums?page=2")
    page.locator(".list-row h2 a").nth(3).click()
    expect(page.locator("article.post").first).to_be_visible()

    page.go_back()

    expect(page.locator(".pager [aria-current=page]")).to_have_text("Page 2")


def test_back_after_posting_does_not_post_again(open_as: Opens, site: Site) -> None:
    member = open_as(MEMBER)
    page, topic = member.page, long_topic(site)
    page.goto(topic)
    page.get_by_label("Your text").fill("Said once, and once only.")
    page.locator("#answer button[type=submit].primary").click()
    page.wait_for_url("**#post-*")

    page.go_back()
    page.reload()

    assert site.rows("select count(*) from contribution where text = 'Said once, and once only.'") == [(1,)]


def test_a_dark_look_comes_at_once_and_stays(open_as: Opens) -> None:
    member = open_as(VENDOR)
    page = member.page
    page.goto("/settings/preferences")

    page.get_by_label("Dark").check()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_role("button", name="Save").click()
    page.goto("/forums")

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert member.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(18, 23, 29)"


@pytest.mark.parametrize(("who", "most"), [(GUEST, 5), (COLLEAGUE, 6)], ids=["guest", "member"])
def test_a_topic_of_twenty_posts_is_light(open_as: Opens, site: Site, who: str, most: int) -> None:
    """The mark in the browser's tab comes with the icons; a member's page has the editor besides."""
    topic = long_topic(site)
    _fill_up(open_as(COLLEAGUE), topic, 20)
    person = open_as(who)
    person.page.wait_for_load_state("networkidle")
    answers: list[Response] = []
    person.page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 -- Playwright marks it

    person.page.goto(topic, wait_until="networkidle")

    assert person.page.locator("article.post").count() == 20
    asked = {
        answer.url for answer in answers
    }  # the icons, asked for twice, are kept for ever after the first time
    assert len(asked) <= most, asked
    assert len(answers[0].body()) <= 60 * KILOBYTE
    assert 0 < _zipped(answers, "stylesheet") <= 15 * KILOBYTE
    assert 0 < _zipped(answers, "script") <= 15 * KILOBYTE


def _zipped(answers: list[Response], kind: str) -> int:
    """Return the bytes of all answers of a kind, compressed as they are served."""
    return sum(len(gzip.compress(one.body())) for one in answers if one.request.resource_type == kind)


def _fill_up(member: Person, topic: str, wanted: int) -> None:
    """Answer with a text of usual length until the topic has so many posts."""
    page = member.page
    page.goto(topic)
    text = page.locator("article.post .prose").first.inner_text()
    for number in range(page.locator("article.post").count(), wanted):
        page.goto(topic)
        form: dict[str, Any] = {
            name: page.locator(f"#answer input[name={name}]").input_value()
            for name in ("csrf_token", "submission_key")
        }
        answer = member.context.request.post(f"{topic}/answer", form=form | {"text": f"{number}. {text}"})
        assert answer.ok
    page.goto(topic)
