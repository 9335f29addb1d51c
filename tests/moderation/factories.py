"""What tests of moderation need to exist."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from iocop.core import clock
from iocop.core.db import db
from iocop.forums import services as forums
from iocop.forums.models import Topic
from iocop.members.models import Member
from iocop.moderation import services
from tests.contributions.factories import given, make_office
from tests.factories import make_member, viewer_of

if TYPE_CHECKING:
    from iocop.contributions.models import Contribution
    from iocop.core.login import Viewer

LINK = "See [my shop](https://shop.example.net/) for it."


def settled(**given_: Any) -> Member:
    """A member who joined a year ago."""
    return make_member(**{"joined_at": clock.now() - timedelta(days=365)} | given_)


def ask(author: Member | None = None, **changes: Any) -> Topic:
    return forums.open_topic(viewer_of(author or settled()), given(**changes))


def answer(topic: Topic, author: Member | None = None, **changes: Any) -> Contribution:
    return forums.answer(viewer_of(author or settled()), topic.id, given(parent_id=topic.id, **changes))


def reply(parent_id: int, author: Member | None = None, **changes: Any) -> Contribution:
    return forums.reply(viewer_of(author or settled()), parent_id, given(parent_id=parent_id, **changes))


def moderator(**given_: Any) -> Viewer:
    """A moderator whose menus know it too."""
    return make_office(settled(**{"roles": ["moderator"]} | given_))


def reported(author: Member | None = None, by: int = 1, **changes: object) -> Contribution:
    post = answer(ask(), author, **changes)
    for _ in range(by):
        services.report(viewer_of(settled()), post.id, "spam", "Sells pumps.")
    return post


def member_of(viewer: Viewer) -> Member:
    return db.session.get_one(Member, viewer.id)
