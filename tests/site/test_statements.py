"""A page asks the database as often for two hundred posts as for one: counted, not believed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest

from iocop.core import clock, outbox
from iocop.core.db import act
from iocop.core.versions import bump
from iocop.forums.services.bulk import BulkPost, BulkThread, write_threads
from iocop.members.numbers import shown
from iocop.repertoire import services
from tests.client import Browser
from tests.factories import make_organization, viewer_of
from tests.forums.factories import given, make_answer, make_domain, make_space, make_topic
from tests.people import person
from tests.repertoire.factories import add_revisions, make_article
from tests.search.factories import index_all, statements

if TYPE_CHECKING:
    from flask import Flask

    from iocop.members.models import Member


class Most(NamedTuple):
    """The most statements of a page: for a member, for a guest whose page is kept, for either the first time."""

    member: int = 6
    guest: int | None = 1
    cold: int = 14


MOST: Final = {
    "/t/{topic}": Most(cold=24),
    "/t/{topic}?view=threaded": Most(cold=24),
    "/a/{article}": Most(cold=24),
    "/a/{article}?page=2": Most(cold=24),
    "/repertoire": Most(),
    "/repertoire/how-to?sort=title": Most(),
    "/forums": Most(),
    "/forums/hydronics": Most(),
    "/forums/unanswered": Most(),
    "/domains": Most(),
    "/domains/hydronics": Most(),
    "/": Most(member=7),
    "/id/{number}": Most(cold=17),
    "/organizations": Most(),
    "/organizations/boreal": Most(),
    "/members": Most(guest=None),
    "/inbox": Most(guest=None),
    "/search?q=gland": Most(guest=6),
    "/standing": Most(guest=None),
    "/id/{number}/standing": Most(guest=None),
    "/reputation": Most(),
}
"""Search is asked anew each time: what a guest finds is not kept, and what was closed since it was indexed is asked for
first, so that nothing of it is counted. Beside an article stand its terms, notes, threads, citations, earlier anchors
and levels, each asked once for all readers of a version. A profile adds how its member became who they are; beside an
open question its asker finds whom to ask, and a reader what the own level lets them do. A member's front page asks what
elections want of them."""


class Asked(NamedTuple):
    member: int
    guest: int
    cold: int


@pytest.mark.parametrize(
    ("posts", "topics"), [(1, 1), (200, 30)], ids=["one post", "200 posts and revisions, 30 topics"]
)
def test_no_page_asks_more_often_than_it_may(app: Flask, posts: int, topics: int) -> None:
    keys, reader = _forum(app, posts, topics)

    asked = {page: _asked(app, page.format(**keys), reader) for page in MOST}

    assert {page: found for page, found in asked.items() if _exceeds(found, MOST[page])} == {}


def _forum(app: Flask, posts: int, topics: int) -> tuple[dict[str, object], Browser]:
    """Make so many topics, the first with so many posts of thirty people; return keys, and a browser of its asker."""
    boreal, space, domain = (
        make_organization(name="Boreal", slug="boreal"),
        make_space(),
        make_domain(name="Hydronics"),
    )
    people = [person(f"Person{number} Pine", boreal) for number in range(min(posts, 30))]
    topic = make_topic(author=people[0], title="Where is the gland?", text="Which gland?")
    then = clock.now() - timedelta(days=9)
    said = [
        BulkPost(
            author_id=people[number % len(people)].id, created_at=then + timedelta(hours=number), kind="answer",
            text="The gland.", html="<p>The gland.</p>", plain="The gland.", label="public",
        )
        for number in range(posts)
    ]  # fmt: skip
    long = BulkThread(
        kind="question", title="A long one", space_id=space.id, posts=said, domain_ids=(domain.id,)
    )
    with act():
        (long_id,) = write_threads([long])
        bump("topics")
    for number in range(topics - 2):
        make_answer(
            make_topic(author=people[number % len(people)], title=f"Gland {number}?"), author=people[-1]
        )
    article_id = _article(people, posts)
    outbox.deliver_all()
    index_all()
    keys = {
        "article": article_id,
        "topic": long_id if posts > 1 else topic.id,
        "number": shown(people[0].number),
    }
    return keys, Browser(app).sign_in(people[0])


def _article(people: list[Member], many: int) -> int:
    """Make an article that two organizations sealed, with so many revisions, and more than a page of discussion."""
    article = make_article(author=people[0])
    add_revisions(article, people, many - 1)
    for number in range(22):
        services.discuss(
            viewer_of(people[-1]), article.id, given(text=f"Remark {number}", parent_id=article.id)
        )
    return article.id


def _asked(app: Flask, address: str, reader: Browser) -> Asked:
    guest = Browser(app)
    cold = 0
    for who in (guest, reader):
        app.extensions["fragments"]._kept.clear()
        app.extensions.pop("site", None)
        cold = max(cold, _count(who, address))
    _count(guest, address)
    reader.peek(address)
    return Asked(_count(reader, address), _count(guest, address), cold)


def _count(browser: Browser, address: str) -> int:
    with statements() as seen:
        assert browser.peek(address).status_code in {200, 303}
    return len(seen)


def _exceeds(found: Asked, most: Most) -> bool:
    too_often = found.member > most.member or found.cold > most.cold
    return too_often or (most.guest is not None and found.guest > most.guest)
