"""What members do, by the keyboard alone: Tab, letters, Enter and Space."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.site import PATIENCE

if TYPE_CHECKING:
    from tests.browser.person import Person

PASSWORD = "four unrelated words here"


def join(guest: Person, name: str, email: str, employer: str) -> None:
    """Join from the front page, confirm by mail, state an employer and a domain."""
    page = guest.page
    page.goto("/")
    guest.press(page.locator(".site-me").get_by_role("link", name="Join"))
    guest.type("Name", name)
    guest.type("E-mail address", email)
    guest.type("Password", PASSWORD)
    guest.press(page.locator("main").get_by_role("button", name="Join"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mail")
    page.goto(guest.site.link_mailed_to(email))
    guest.press(page.get_by_role("button", name="Become a member"))
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Welcome, {name}")
    guest.type("Your employer", employer)
    guest.press(page.get_by_label("Hydronics and balancing"), "Space")
    guest.press(page.get_by_role("button", name="Keep these"))
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Good to see you, {name}")


def ask(member: Person, title: str, text: str) -> str:
    """Ask from the front page in three presses; return the topic's address."""
    page = member.page
    page.goto("/")
    member.press(page.get_by_role("link", name="Ask or discuss"))
    member.type("Title", title)
    member.type("Your text", text)
    member.press(page.get_by_label("Hydronics and balancing"), "Space")
    member.press(page.get_by_role("button", name="Post it"))
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    return page.url.split("#")[0]


def answer(member: Person, topic: str, text: str) -> None:
    page = member.page
    page.goto(topic)
    member.type("Your text", text)
    member.press(page.get_by_role("button", name="Send the answer"))
    expect(page.locator("article.post").last).to_contain_text(text)


def open_from_inbox(member: Person, title: str, words: str = "") -> None:
    """Wait for a notice about a title that says some words, and open it."""
    page = member.page
    notice = page.get_by_role("listitem").filter(has_text=title).filter(has_text=words).first
    end = time.monotonic() + PATIENCE
    page.goto("/inbox")
    while not notice.is_visible() and time.monotonic() < end:
        page.wait_for_timeout(200)
        page.reload()
    member.press(notice.get_by_role("link").first)
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def accept(member: Person) -> None:
    """Accept the answer on the page that is open."""
    page = member.page
    member.press(page.get_by_role("link", name="Accept this answer"))
    member.press(page.get_by_role("button", name="Accept this answer"))
    expect(page.locator(".post.accepted")).to_have_count(1)
    expect(page.locator(".page-header")).to_contain_text("Solved")


def search(person: Person, words: str, title: str) -> None:
    """Search from any page until the title is found, and open it."""
    page = person.page
    found = page.get_by_role("link", name=title)
    end = time.monotonic() + PATIENCE
    if not page.get_by_label("Search everything").is_visible():
        person.press(page.locator(".nav-toggle summary"))
    person.type("Search everything", words)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Search")
    while not found.is_visible() and time.monotonic() < end:
        page.wait_for_timeout(200)
        page.reload()
    person.press(found)
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
