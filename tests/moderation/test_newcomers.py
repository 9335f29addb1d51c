"""A newcomer's first post with links waits; everything else stands at once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from iocop.contributions.models import Contribution
from iocop.contributions.services import revise
from iocop.core import clock
from iocop.core.db import db
from iocop.forums.models import Topic
from iocop.moderation import services
from iocop.moderation.models import Report
from iocop.moderation.newcomers import is_newcomer, leads_elsewhere
from tests.contributions.factories import make_office
from tests.factories import make_member, viewer_of
from tests.moderation.factories import LINK, answer, ask, moderator, settled

if TYPE_CHECKING:
    from flask import Flask

HERE = "https://practice.example.org"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<p><a href="https://elsewhere.example/">x</a></p>', True),
        ('<p><a href="http://practice.example.org.evil.example/">x</a></p>', True),
        ('<p><a href="https://practice.example.org/t/1">x</a></p>', False),
        ('<p><a href="/t/1">x</a> <a href="mailto:a@b.example">y</a></p>', False),
        ("<p>https://not.a.link.example/</p>", False),
        ('<p><a href="//elsewhere.example/">x</a></p>', True),
        ('<p><a href="/\\elsewhere.example/">x</a></p>', True),
        ('<p><a href="https:/elsewhere.example/">x</a></p>', True),
        (
            '<p><a href="//practice.example.org/t/1">x</a> <a href="/t/1//2">y</a> <a href="#c-1">z</a></p>',
            False,
        ),
    ],
    ids=[
        "another site",
        "a look-alike",
        "a full address of ours",
        "a path and an address",
        "plain text",
        "no scheme",
        "a backslash",
        "one slash",
        "ours without a scheme",
    ],
)
def test_links_that_lead_elsewhere(html: str, expected: bool) -> None:
    assert leads_elsewhere(html, HERE) is expected


@pytest.mark.parametrize(
    ("days", "has_posted", "expected"), [(13, True, True), (15, True, False), (400, False, True)],
    ids=["thirteen days", "fifteen days", "never posted"],
)  # fmt: skip
def test_who_is_new(days: int, has_posted: bool, expected: bool) -> None:
    now = clock.now()

    assert is_newcomer(now - timedelta(days=days), now, has_posted=has_posted) is expected


def test_a_newcomers_first_link_is_held_and_stands_in_the_queue(app: Flask) -> None:
    topic = ask()

    post = answer(topic, make_member(), text=LINK)

    assert post.state == "held"
    assert post.state_reason.startswith("A newcomer's first links")
    report = db.session.scalars(select(Report)).one()
    assert (report.contribution_id, report.reason, report.reporter_id) == (post.id, "held", None)
    assert db.session.get_one(Topic, topic.id).answers == 0


def test_a_newcomers_topic_with_links_is_not_listed(app: Flask) -> None:
    topic = ask(make_member(), text=LINK)

    assert not topic.listed


def test_a_newcomer_without_links_takes_part_at_once(app: Flask) -> None:
    topic = ask()

    assert answer(topic, make_member()).state == "visible"
    assert ask(make_member()).listed


def test_who_has_posted_for_long_may_link(app: Flask) -> None:
    old_hand = settled()
    answer(ask(), old_hand)

    assert answer(ask(), old_hand, text=LINK).state == "visible"


def test_who_holds_an_office_may_link(app: Flask) -> None:
    newcomer = make_member()
    make_office(newcomer, "facilitator")

    assert answer(ask(), newcomer, text=LINK).state == "visible"


def test_once_released_a_newcomers_links_stand(app: Flask) -> None:
    newcomer = make_member()
    first = answer(ask(), newcomer, text=LINK)
    assert answer(ask(), newcomer, text=LINK).state == "held"  # nobody has looked yet

    services.rule(moderator(), first.id, "release")

    assert answer(ask(), newcomer, text=LINK).state == "visible"
    revise(viewer_of(newcomer), first.id, LINK + " And more.")
    assert db.session.get_one(Contribution, first.id).state == "visible"


def test_a_link_edited_in_later_is_held_as_well(app: Flask) -> None:
    newcomer = make_member()
    post = answer(ask(), newcomer)

    revise(viewer_of(newcomer), post.id, LINK)

    assert db.session.get_one(Contribution, post.id).state == "held"


def test_a_moderator_who_edits_does_not_hold(app: Flask) -> None:
    post = answer(ask(), make_member())

    revise(moderator(), post.id, LINK, reason="A source")

    assert db.session.get_one(Contribution, post.id).state == "visible"
