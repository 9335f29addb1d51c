"""What tests of moderation need to exist."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from iocop.core import clock
from iocop.forums import services as forums
from iocop.forums.models import Topic
from tests.contributions.factories import given, make_office
from tests.factories import make_member, viewer_of

if TYPE_CHECKING:
    from iocop.contributions.models import Contribution
    from iocop.core.login import Viewer
    from iocop.members.models import Member

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
