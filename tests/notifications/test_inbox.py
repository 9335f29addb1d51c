"""The inbox: newest first, unread marked, closed by visiting, by a button or all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import event as sql_event
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from iocop.core import outbox
from iocop.core.db import db
from iocop.core.login import GUEST
from iocop.core.policy import fact
from iocop.members.models import Member
from iocop.members.queries import viewer_of as queried
from iocop.moderation import services as moderation
from iocop.notifications import policy, queries, services
from iocop.notifications.models import Notice
from tests.factories import make_member, viewer_of
from tests.moderation.factories import answer, ask, moderator, reply, settled

if TYPE_CHECKING:
    from flask import Flask

    from tests.client import Browser


def notices(member: Member) -> list[Notice]:
    db.session.expire_all()
    return list(db.session.scalars(select(Notice).where(Notice.member_id == member.id).order_by(Notice.id)))


def unread(member: Member) -> int:
    found = queried(member.id)
    assert found is not None
    header = queries.header(found)
    assert header is not None
    return header.unread


def test_the_newest_stands_first_and_unread_is_marked(browser: Browser) -> None:
    alice = settled()
    first, second = ask(alice, title="The first question"), ask(alice, title="The second question")
    answer(first)
    answer(second)
    outbox.deliver_all()
    services.open_notice(viewer_of(alice), notices(alice)[0].id)

    rows = browser.sign_in(alice).page("/inbox").select("ol.list > li")

    assert ["second" in rows[0].text, "first" in rows[1].text] == [True, True]
    assert ["unread" in (row.get("class") or []) for row in rows] == [True, False]


def test_an_empty_inbox_teaches_the_next_step(browser: Browser) -> None:
    assert "Follow a topic" in browser.sign_in(settled()).page("/inbox").text


def test_opening_leads_to_the_post_and_marks_it_read(browser: Browser) -> None:
    alice = settled()
    post = answer(ask(alice))
    outbox.deliver_all()
    [notice] = notices(alice)

    sent = browser.sign_in(alice).post(f"/inbox/{notice.id}/open")

    assert (sent.status_code, sent.location) == (303, f"/p/{post.id}")
    [notice] = notices(alice)
    assert notice.read_at is not None
    read_at = notice.read_at
    browser.post(f"/inbox/{notice.id}/open")
    assert notices(alice)[0].read_at == read_at


def test_visiting_the_topic_marks_its_notices_read(browser: Browser) -> None:
    alice = settled()
    topic, other = ask(alice), ask(alice)
    post = answer(topic)
    answer(other)
    outbox.deliver_all()
    assert unread(alice) == 2

    browser.sign_in(alice).page(f"/p/{post.id}")

    assert unread(alice) == 1
    assert [notice.root_id for notice in notices(alice) if notice.read_at is None] == [other.id]


def test_a_topic_without_notices_costs_one_look_up_and_no_write(app: Flask) -> None:
    alice = viewer_of(settled())
    topic_id = ask().id
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    sql_event.listen(db.engine, "before_cursor_execute", note)
    try:
        fact("topic_seen", alice, topic_id, default=None)
        fact("topic_seen", GUEST, topic_id, default=None)
    finally:
        sql_event.remove(db.engine, "before_cursor_execute", note)

    assert len(seen) == 1
    assert seen[0].startswith("SELECT")


def test_a_database_that_is_busy_does_not_fail_the_topic(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    alice = settled()
    topic = ask(alice)
    answer(topic)
    outbox.deliver_all()

    def busy(*_which: object) -> None:
        raise OperationalError("update notice", {}, Exception("locked"))

    monkeypatch.setattr(services, "_read", busy)
    services.read_topic(viewer_of(alice), topic.id)

    assert unread(alice) == 1


def test_everything_is_marked_read_at_once(browser: Browser) -> None:
    alice, bob = settled(), settled()
    topic = ask(alice)
    reply(answer(topic, bob).id)
    outbox.deliver_all()
    assert (unread(alice), unread(bob)) == (2, 1)

    sent = browser.sign_in(alice).post("/inbox/read")

    assert sent.status_code == 303
    assert (unread(alice), unread(bob)) == (0, 1)


def test_the_inbox_is_narrowed_by_kind_and_to_what_is_unread(browser: Browser) -> None:
    alice = settled()
    topic = ask(alice)
    reply(answer(topic).id, text="A reply, then.")
    outbox.deliver_all()
    services.open_notice(viewer_of(alice), notices(alice)[0].id)
    browser.sign_in(alice)

    for address, count in (
        ("?kind=reply", 1),
        ("?kind=space", 0),
        ("?show=unread", 1),
        ("?kind=nonsense", 2),
    ):
        assert len(browser.page(f"/inbox{address}").select("ol.list > li")) == count


def test_the_inbox_is_paged(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    alice = settled()
    topic = ask(alice)
    answer(topic)
    answer(topic)
    outbox.deliver_all()
    monkeypatch.setattr(queries, "ROWS", 1)

    page = browser.sign_in(alice).page("/inbox?page=2&kind=answer")

    assert len(page.select("ol.list > li")) == 1
    before = page.select_one(".pager a[rel=prev]")
    assert before is not None
    assert parse_qs(urlsplit(str(before["href"])).query) == {"kind": ["answer"], "page": ["1"]}


def test_an_inbox_is_nobody_elses(browser: Browser) -> None:
    alice, mallory = settled(), settled()
    answer(ask(alice))
    outbox.deliver_all()
    [notice] = notices(alice)

    assert browser.sign_in(mallory).post(f"/inbox/{notice.id}/open").status_code == 403
    assert browser.post("/inbox/404/open").status_code == 404
    assert notices(alice)[0].read_at is None
    assert browser.fresh().get("/inbox").status_code == 303
    assert policy.may_open(viewer_of(alice), notice)


def test_the_header_counts_in_one_statement(app: Flask) -> None:
    alice, office = settled(), moderator()
    viewer, post = viewer_of(alice), answer(ask(alice))
    moderation.report(viewer_of(settled()), post.id, "spam")
    moderation.report(viewer_of(settled()), post.id, "unkind")
    outbox.deliver_all()
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    sql_event.listen(db.engine, "before_cursor_execute", note)
    try:
        counted: list[Any] = [fact("header", looking, default=None) for looking in (viewer, office, GUEST)]
    finally:
        sql_event.remove(db.engine, "before_cursor_execute", note)

    assert counted == [(1, 0), (0, 1), None]
    assert len(seen) == 2


def test_moderators_see_on_every_page_what_waits(browser: Browser) -> None:
    post = answer(ask())
    moderation.report(viewer_of(settled()), post.id, "spam")
    office = moderator()

    page = browser.sign_in(db.session.get_one(Member, office.id)).page("/inbox")

    assert page.select_one('header a[href="/moderation"]') is not None
    assert (
        browser.fresh().sign_in(make_member()).page("/inbox").select_one('header a[href="/moderation"]')
        is None
    )
