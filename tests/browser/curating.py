"""What authors, curators and readers do in the repertoire, by the keyboard alone."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import expect
from sqlalchemy import select

from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.versions import bump
from iocop.members.models import Member
from iocop.repertoire.models import Article
from tests.browser.links import inside
from tests.members.factories import PASSWORD, password_hash

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from tests.browser.conftest import Opens
    from tests.browser.person import Person
    from tests.browser.site import Site


def sign_in_by_password(open_as: Opens, site: Site, handle: str, *, script: bool) -> Person:
    """Open a browser as somebody the demo's sign-in page does not offer."""
    with inside(site), act() as session:
        member = session.scalars(select(Member).where(Member.handle == handle)).one()
        member.password_hash, email = password_hash(), str(member.email)
    person = open_as(script=script)
    person.page.goto("/sign-in")
    person.type("E-mail address", email)
    person.type("Password", PASSWORD)
    person.press(person.page.locator("main").get_by_role("button", name="Sign in"))
    expect(person.page.locator(".site-me")).not_to_contain_text("Sign in")
    return person


def suggest_article(author: Person, title: str, text: str) -> str:
    """Write a how-to from the repertoire's menu and submit it; return the suggestion's address."""
    page = author.page
    page.goto("/repertoire")
    author.press(page.get_by_role("link", name="Write an article"))
    author.press(page.locator("main").get_by_role("link", name="How-to", exact=True))
    author.type("Title", title)
    author.type("Text", text)
    author.press(page.get_by_label("Hydronics and balancing"), "Space")
    author.press(page.get_by_role("button", name="Submit for review"))
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.locator(".page-header")).to_contain_text("Waiting for review")
    return page.url


def improve(author: Person, text: str, note: str) -> None:
    """Go on with the suggestion that is open, and submit it again."""
    page = author.page
    author.press(page.get_by_role("link", name="Go on with it"))
    author.type("Text", text)
    author.type("What did you change", note)
    author.press(page.get_by_role("button", name="Submit for review"))
    expect(page.locator(".page-header")).to_contain_text("Waiting for review")


def open_from_queue(curator: Person, title: str) -> None:
    page = curator.page
    page.goto("/repertoire")
    curator.press(page.locator("main").get_by_role("link", name="What waits for review"))
    curator.press(page.locator("main").get_by_role("link", name=title))
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def review(curator: Person, verdict: str, reason: str = "") -> None:
    """Say how one decides on the suggestion that is open: *verdict* is how that choice begins."""
    page = curator.page
    choices = page.locator("#review").get_by_role("radio")
    curator.press(choices.first, "Space")
    for _ in range(choices.count()):
        if not _choice(curator, verdict).is_checked():
            page.keyboard.press("ArrowDown")
    expect(_choice(curator, verdict)).to_be_checked()
    if reason:
        curator.type("What you tell its author", reason)
    curator.press(page.get_by_role("button", name="Say so"))
    expect(page.locator(".flashes")).to_be_visible()


def _choice(curator: Person, verdict: str) -> Locator:
    return curator.page.locator("#review").get_by_role("radio", name=re.compile(f"^{verdict}"))


def pass_the_review_date(site: Site, article_id: int) -> None:
    """Let an article's time run out, past the site."""
    with inside(site), act():
        db.session.get_one(Article, article_id).review_by = clock.now() - timedelta(days=1)
        bump("repertoire", f"topic:{article_id}")


def confirm(member: Person, conditions: str) -> None:
    """Sign that the article that is open works where one is."""
    page = member.page
    member.press(page.get_by_role("button", name="Works here"))
    member.type("Where and how", conditions)
    member.press(page.get_by_role("button", name="Sign and record"))
    expect(page.locator(".flashes")).to_be_visible()


def suggest_obsolete(member: Person, reason: str) -> None:
    """Suggest that the article that is open is obsolete."""
    page = member.page
    member.press(page.get_by_role("link", name="Suggest that it is obsolete"))
    member.type("Why", reason)
    member.press(page.get_by_role("button", name="Suggest it"))
    expect(page.locator(".page-header")).to_contain_text("Waiting for review")
