"""One press: what the pages of closing and accepting ask, and what they answer to a slip."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iocop.core.db import db
from iocop.forums import services
from iocop.forums.models import Topic
from tests.factories import make_member, viewer_of
from tests.forums.factories import make_answer, make_topic

if TYPE_CHECKING:
    from tests.client import Browser


def test_accepting_asks_once_and_can_be_taken_back(browser: Browser) -> None:
    asker = make_member()
    topic = make_topic(author=asker)
    answer = make_answer(topic)
    browser.sign_in(asker)
    assert browser.page(f"/p/{answer.id}/accept").select(f'form[action="/p/{answer.id}/accept"]')

    browser.post(f"/p/{answer.id}/accept")
    assert db.session.get_one(Topic, topic.id).accepted_id == answer.id
    browser.post(f"/p/{answer.id}/accept")

    assert db.session.get_one(Topic, topic.id).accepted_id is None


@pytest.mark.parametrize("successor", ["somewhere", "999", "{self}"])
def test_a_successor_that_cannot_be_is_told_and_what_was_typed_stays(
    browser: Browser, successor: str
) -> None:
    asker = make_member()
    topic = make_topic(author=asker)
    sent = {"reason": "Asked before", "successor": successor.format(self=topic.id)}

    answer = browser.sign_in(asker).post(f"/t/{topic.id}/close", sent)

    assert answer.status_code == 422
    assert "Asked before" in answer.text
    assert "topic" in browser.page(f"/t/{topic.id}/close").text
    assert db.session.get_one(Topic, topic.id).closed_at is None


def test_a_topic_that_was_closed_is_not_closed_again_and_not_by_others(browser: Browser) -> None:
    asker = make_member()
    topic = make_topic(author=asker)
    services.close_topic(viewer_of(asker), topic.id, "Done.")

    assert browser.sign_in(asker).post(f"/t/{topic.id}/close", {"reason": "Again"}).status_code == 409
    assert browser.sign_in(make_member()).get(f"/t/{topic.id}/close").status_code == 403
    for path in ("/t/999/close", "/p/999/accept", f"/t/{make_answer(make_topic()).id}/close"):
        assert browser.get(path).status_code == 404


def test_a_reply_with_nothing_in_it_is_asked_for_again(browser: Browser) -> None:
    topic = make_topic()

    empty = browser.sign_in(make_member()).post(f"/t/{topic.id}/answer", {"text": "", "submission_key": "k"})
    missing = browser.post("/t/999/answer", {"text": "x", "submission_key": "k"})

    assert (empty.status_code, missing.status_code) == (422, 404)
    assert "Write something first" in empty.text
