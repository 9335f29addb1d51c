"""What one feature owes another: drafts taken up, acts offered, held posts told of, notices gone when read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from iocop.contributions.services import save_draft
from iocop.core import clock, outbox
from iocop.core.db import db
from iocop.core.models import EventRow
from iocop.forums import services
from iocop.members.models import Member
from iocop.notifications.models import Notice
from tests.contributions.factories import make_office
from tests.factories import make_member, viewer_of
from tests.forums.factories import given, make_answer, make_domain, make_space, make_topic
from tests.moderation.factories import LINK, settled

if TYPE_CHECKING:
    from bs4 import BeautifulSoup
    from flask import Flask

    from tests.client import Browser


def _filled_in(page: BeautifulSoup, name: str) -> str:
    field = page.select_one(f"[name={name}]")
    assert field is not None
    return str(field.get("value") or field.text).strip()


def test_a_begun_question_is_taken_up_with_its_title_and_text(browser: Browser) -> None:
    make_space()
    alice = make_member()
    save_draft(viewer_of(alice), "topic", {"title": "Why does it hum?", "text": "At 50 Hz."})
    browser.sign_in(alice)

    way_back = browser.page("/drafts").select_one("main a[href='/ask']")

    assert way_back is not None
    page = browser.page("/ask")
    assert (_filled_in(page, "title"), _filled_in(page, "text")) == ("Why does it hum?", "At 50 Hz.")
    assert _filled_in(browser.page("/ask?title=Another"), "title") == "Another"


@pytest.mark.parametrize(("key", "page"), [("answer", "/t/{0}/answer"), ("reply", "/p/{0}/reply")])
def test_a_begun_answer_or_reply_is_taken_up_where_it_was_begun(
    browser: Browser, key: str, page: str
) -> None:
    alice, topic = make_member(), make_topic()
    save_draft(viewer_of(alice), f"{key}:{topic.id}", {"text": "Half a thought"})
    address = page.format(topic.id)
    browser.sign_in(alice)

    assert browser.page("/drafts").select_one(f"main a[href='{address}']") is not None
    assert _filled_in(browser.page(address), "text") == "Half a thought"


def _offered(browser: Browser, topic_id: int) -> set[str]:
    page = browser.page(f"/t/{topic_id}")
    return {str(link["href"]).removeprefix("/c/") for link in page.select("main a[href^='/c/']")}


def test_a_posts_rarer_acts_are_offered_to_those_who_may(browser: Browser) -> None:
    alice, bob = make_member(), make_member()
    topic = make_topic(author=alice)
    office = make_office(make_member(roles=["moderator"]))
    whole = {f"{topic.id}/label", f"{topic.id}/space", f"{topic.id}/remove"}

    assert _offered(browser.sign_in(alice), topic.id) == whole
    assert _offered(browser.fresh().sign_in(bob), topic.id) == set()

    answer = make_answer(topic, author=bob)
    assert _offered(browser, topic.id) == {f"{topic.id}/label"}
    assert _offered(browser.fresh().sign_in(bob), topic.id) == {f"{answer.id}/label", f"{answer.id}/remove"}
    moderator = browser.fresh().sign_in(db.session.get_one(Member, office.id))
    assert _offered(moderator, topic.id) == {f"{topic.id}/space"}
    for page in whole - {f"{topic.id}/remove", f"{topic.id}/space"}:
        assert browser.get(f"/c/{page}").status_code == 200


def _emitted(name: str) -> int:
    return db.session.scalar(select(func.count()).select_from(EventRow).where(EventRow.name == name)) or 0


def test_a_held_answer_and_a_held_reply_are_told_of_once(app: Flask) -> None:
    topic, newcomer = make_topic(author=settled()), viewer_of(make_member())
    answer = given(text=LINK)

    held = services.answer(newcomer, topic.id, answer)
    again = services.answer(newcomer, topic.id, answer)
    reply = services.reply(viewer_of(make_member()), topic.id, given(text=LINK))

    assert (held.state, again.id, reply.state) == ("held", held.id, "held")
    assert (_emitted("Answered"), _emitted("Replied")) == (1, 1)


def test_a_notice_goes_when_its_topic_is_seen_though_it_was_read_to_the_end_before(browser: Browser) -> None:
    alice = make_member()
    topic = make_topic(author=alice)
    make_answer(topic)
    browser.sign_in(alice)
    browser.page(f"/t/{topic.id}")

    outbox.deliver_all()  # the notice comes after the post was read
    unread = (
        select(func.count()).select_from(Notice).where(Notice.member_id == alice.id, Notice.read_at.is_(None))
    )
    assert db.session.scalar(unread) == 1
    browser.page(f"/t/{topic.id}")

    assert db.session.scalar(unread) == 0


def test_the_front_page_asks_once_a_year_whether_all_is_still_right(browser: Browser) -> None:
    make_domain()
    make_space()
    long_ago = clock.now().replace(year=clock.now().year - 2)
    due, fresh = make_member(reviewed_at=long_ago, joined_at=long_ago), make_member()

    asked = (
        browser.sign_in(due).page("/").select("main a[href*='still-right'], main form[action*='still-right']")
    )

    assert asked
    assert not browser.fresh().sign_in(fresh).page("/").select("main a[href*='still-right']")
