"""Whatever the worker does, and whenever it dies, a member is told once: neither never nor twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from sqlalchemy import select

from iocop.contributions.events import Contributed
from iocop.contributions.services import follow
from iocop.core import clock, outbox
from iocop.core.db import db
from iocop.core.models import FailedDelivery, MailRow
from iocop.notifications import listeners, services
from iocop.notifications.models import Notice
from iocop.notifications.news import News
from tests.factories import viewer_of
from tests.moderation.factories import answer, ask, settled
from tests.notifications.told import mails_to, told

if TYPE_CHECKING:
    from flask import Flask


def test_an_event_told_twice_makes_one_notice_and_one_mail(app: Flask) -> None:
    alice = settled()
    topic = ask(alice)
    post = answer(topic)
    event = Contributed(post.author_id, post.id, topic.id, "answer")

    listeners.tell_of_post(event)
    listeners.tell_of_post(event)

    assert told(alice) == ["answer"]
    assert len(mails_to(alice)) == 1


def test_an_event_told_twice_makes_one_mail_without_an_inbox(app: Flask) -> None:
    alice = settled()
    services.choose(viewer_of(alice), {"answer": (False, True)})
    topic = ask(alice)
    post = answer(topic)
    event = Contributed(post.author_id, post.id, topic.id, "answer")

    listeners.tell_of_post(event)
    listeners.tell_of_post(event)

    assert told(alice) == []
    assert len(mails_to(alice)) == 1


@pytest.mark.parametrize("when", ["before the commit", "after the commit"])
def test_a_worker_that_dies_in_between_tells_neither_never_nor_twice(
    app: Flask, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    alice, follower = settled(), settled()
    topic = ask(alice)
    follow(viewer_of(follower), topic.id)
    outbox.deliver_all()
    answer(topic)
    whole = services.tell
    died: list[News] = []

    def dies_once(news: News, receivers: Any) -> None:
        if died:
            whole(news, receivers)
            return
        died.append(news)
        if when == "after the commit":
            whole(news, receivers)
        raise RuntimeError("killed")

    monkeypatch.setattr(services, "tell", dies_once)
    outbox.deliver_all()
    assert died
    assert db.session.scalars(select(FailedDelivery)).one().attempts == 1

    with time_machine.travel(clock.now() + outbox.FIRST_RETRY * 2, tick=False):
        outbox.deliver_all()

    assert db.session.scalars(select(FailedDelivery)).all() == []
    for member in (alice, follower):
        assert told(member) == ["answer"]
        assert len(mails_to(member)) == 1


def test_half_a_telling_is_none(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    alice, follower = settled(), settled()
    topic = ask(alice)
    follow(viewer_of(follower), topic.id)
    answer(topic)
    whole = services._deliver
    sent: list[Any] = []

    def dies_at_the_second(*args: Any, **options: Any) -> None:
        if sent:
            raise RuntimeError("killed")
        sent.append(args)
        whole(*args, **options)

    with monkeypatch.context() as patched:
        patched.setattr(services, "_deliver", dies_at_the_second)
        outbox.deliver_all()

    assert db.session.scalars(select(Notice)).all() == []
    assert db.session.scalars(select(MailRow)).all() == []
