"""A thread becomes an article in a real browser; links to old sections arrive; selected words are commented on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from iocop import create_app
from iocop.core.db import db
from iocop.core.settings import Settings
from iocop.forums.models import Topic
from iocop.members.models import Member
from iocop.repertoire import services
from iocop.repertoire.anchoring import Quote
from iocop.repertoire.services.distilling import link_evidence
from iocop.repertoire.services.noting import comment
from tests.browser.pages import SOLVED_OF_MEMBER
from tests.browser.person import COLLEAGUE, COMPETITOR, MEMBER, SOLE_PRACTITIONER
from tests.factories import viewer_of
from tests.people import officer
from tests.repertoire.factories import make_article, make_proposal

if TYPE_CHECKING:
    from tests.browser.conftest import Opens
    from tests.browser.person import Person
    from tests.browser.site import Site

pytestmark = pytest.mark.browser

TEXT = "## Steps\n\nOpen every valve and measure the flow.\n\n## Why\n\n" + "It is quiet then.\n\n" * 40
LATER = f"{TEXT.replace('## Steps', '## What to do')}\n\n## Sources\n\nNone.\n"


def write_article(site: Site) -> int:
    """Publish an article, edit it once, comment on a passage and link a thread, past the pages."""
    app = create_app(Settings(data_dir=site.folder, base_url=site.address, log_level="ERROR"), TESTING=True)
    with app.app_context():
        author, *reviewers = (_known(handle) for handle in (SOLE_PRACTITIONER, COLLEAGUE, COMPETITOR))
        for reviewer in reviewers:
            officer(reviewer, "curator")
        title = "Balancing before anything else"
        article = make_article(author=author, reviewers=reviewers, title=title, text=TEXT)
        proposal = make_proposal(author=author, act="edit", article_id=article.id, title=title, text=LATER)
        for reviewer in reviewers:
            services.approve(viewer_of(reviewer), proposal.id, proposal.round)
        quote = Quote("measure the flow", "Open every valve and ", ".")
        comment(viewer_of(reviewers[0]), article.id, quote, "With what?", "note")
        topic_id = db.session.scalar(select(Topic.id).order_by(Topic.id).limit(1)) or 0
        link_evidence(viewer_of(reviewers[0]), article.id, topic_id)
        found = article.id
        db.session.remove()
        db.engine.dispose()
    return found


def _known(handle: str) -> Member:
    return db.session.scalars(select(Member).where(Member.handle == handle)).one()


@pytest.fixture(scope="module")
def article(site: Site) -> int:
    return write_article(site)


def test_paragraphs_go_into_the_draft_without_a_reload(member: Person, site: Site) -> None:
    topic, answer = site.rows(SOLVED_OF_MEMBER, MEMBER)[0]
    page = member.page
    page.goto(f"/t/{topic}")
    page.get_by_role("link", name="Distil it into an article").click()
    box = page.locator(f"input[name=take][value^='{answer}-']").first
    words = page.locator(
        f"label:has(input[value='{box.get_attribute('value')}']) [data-passage]"
    ).inner_text()
    box.check()
    member.complaints.asked.clear()

    page.get_by_role("button", name="Add to the draft").click()

    draft = page.get_by_role("textbox", name="Draft")
    expect(draft).to_be_focused()
    assert words.split()[0] in draft.input_value()
    expect(box).to_be_disabled()
    assert not [address for address in member.complaints.asked if "/distil" in address]
    page.locator("#title").fill("Distilled in a browser")
    page.get_by_role("button", name="Keep the draft").click()
    page.wait_for_url("**/repertoire/suggestions/*")
    page.goto(f"/t/{topic}")
    expect(page.locator("aside.rail")).to_contain_text("Being distilled into “Distilled in a browser”")


def test_a_whole_post_is_chosen_by_one_press(member: Person, site: Site) -> None:
    topic, answer = site.rows(SOLVED_OF_MEMBER, MEMBER)[0]
    member.page.goto(f"/t/{topic}/distil")
    whole = member.page.locator("input[data-whole]").first
    whole.check()
    boxes = member.page.locator("fieldset", has=whole).first.locator("input[name=take]:not([data-whole])")

    assert boxes.count() > 1
    assert all(boxes.nth(place).is_checked() for place in range(boxes.count()))
    assert answer


def test_a_link_to_an_old_section_lands_on_the_new_one(guest: Person, article: int) -> None:
    guest.page.goto(f"/a/{article}#c-steps")

    heading = guest.page.get_by_role("heading", name="What to do")
    box = heading.bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 400
    assert guest.evaluate("document.getElementById('c-steps').closest('h2, h3').textContent").startswith(
        "What to do"
    )


def test_selected_words_lead_to_a_comment_on_them(open_as: Opens, article: int) -> None:
    member = open_as(MEMBER)
    member.page.goto(f"/a/{article}")
    select_words = """() => {
      const text = document.querySelector("[data-notes] p").firstChild;
      const range = document.createRange();
      range.setStart(text, 0); range.setEnd(text, 16);
      getSelection().removeAllRanges(); getSelection().addRange(range);
    }"""

    member.evaluate(select_words)
    member.page.get_by_role("link", name="Comment on this").click()

    expect(member.page.locator("blockquote")).to_have_text("Open every valve")
    member.page.get_by_label("Your comment").fill("All of them?")
    member.page.get_by_role("button", name="Send").click()
    expect(member.page.locator("article.note", has_text="All of them?")).to_be_visible()
